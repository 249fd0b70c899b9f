"""Neodeslané shows exactly what the outbox says: each operation, why, since when, and another try; nothing hides."""

import json
import re

import pytest

from localapp.domain.lifecycle import State
from localapp.store.unsent import Open
from localapp.sync.transport import Reply
from tests.journeys.conftest import Advisor, Clock
from tests.journeys.test_first_days import completed, state_of
from tests.web.test_synchronization import in_english, page


def listed(advisor: Advisor) -> list[str]:
    """The operations that the section shows."""
    return re.findall(r'data-operation="([^"]+)"', page(advisor))


def in_outbox(advisor: Advisor) -> set[str]:
    return {each.id for each in [*advisor.desk.store.outbox(), *advisor.sync.refused()]}


def refuse(advisor: Advisor, outcome: str = "rejected", code: str = "too_large", **facts: str) -> None:
    """The insurer does not take what waits and keeps nothing of it; afterwards the line is as before."""
    ask, waiting = advisor.line.ask, [each.id for each in advisor.desk.store.outbox()]
    refusal = {"code": code, "facts": facts}
    results = [{"operation": each, "outcome": outcome, "refusal": refusal} for each in waiting]

    def instead(method: str, target: str, *rest: object, **more: object) -> Reply:
        if target.endswith("/push"):
            return Reply(200, {}, json.dumps({"results": results}).encode())
        return ask(method, target, *rest, **more)  # type: ignore[arg-type]

    advisor.line.ask = instead  # type: ignore[method-assign]
    advisor.synchronize()
    advisor.line.ask = ask  # type: ignore[method-assign]


def presses(advisor: Advisor, target: str) -> None:
    assert advisor.asking.post(target, {}, fragments=False).location == "/synchronization#unsent"
    advisor.desk.synchronizer.wait(60)


def test_nothing_unsent_is_said_only_when_the_outbox_is_empty(alena: Advisor) -> None:
    assert "Neodeslané (0)" in page(alena)
    assert "Nic nečeká, vše dokončené je odesláno." in page(alena)
    completed(alena)
    assert "Neodeslané (1)" in page(alena)
    assert "Nic nečeká" not in page(alena)


def test_what_waits_tells_since_when_how_often_and_why(time: Clock, alena: Advisor) -> None:
    time.set(23, 10, 15)
    document = completed(alena)
    assert "Odeslání se ještě nezkoušelo, začne samo." in page(alena)
    time.set(23, 11)
    alena.line.cut = True
    alena.synchronize()
    number = alena.desk.store.document(document)
    assert number is not None
    text = page(alena)
    assert f'<a class="plain" href="/documents?selected={document}">{number.number}</a>' in text
    assert "dnes 10:15" in text
    assert "Čeká na synchronizaci" in text


def test_one_bad_operation_neither_hides_nor_holds_up_another(alena: Advisor) -> None:
    bad = completed(alena)
    refuse(alena)
    good, waiting = completed(alena), completed(alena)
    assert set(listed(alena)) == in_outbox(alena)
    assert len(listed(alena)) == 3
    alena.synchronize()
    assert [state_of(alena, each) for each in (bad, good, waiting)] == [
        State.RETURNED, State.BACKED_UP, State.BACKED_UP,
    ]  # fmt: skip
    assert len(listed(alena)) == 1
    assert "Neodeslané (1)" in page(alena)


def test_what_waits_is_tried_again_by_its_button(alena: Advisor) -> None:
    document = completed(alena)
    alena.line.cut = True
    alena.synchronize()
    alena.line.cut = False
    presses(alena, f"/unsent/{listed(alena)[0]}/retries")
    assert state_of(alena, document) is State.BACKED_UP
    assert listed(alena) == []


def test_what_was_not_taken_is_tried_again_as_a_new_operation_with_the_same_revision(alena: Advisor) -> None:
    document = completed(alena)
    refuse(alena)
    (operation,) = listed(alena)
    before = alena.desk.store.document(document)
    presses(alena, f"/unsent/{operation}/retries")
    after = alena.desk.store.document(document)
    assert before is not None
    assert after is not None
    assert (after.revision, state_of(alena, document)) == (before.revision, State.BACKED_UP)
    assert listed(alena) == []
    assert alena.desk.store.journal(document)[-1].event == "tried_again"
    assert alena.desk.store.counts(None)[None] == 1


def test_all_are_tried_again_at_once(alena: Advisor) -> None:
    documents = [completed(alena) for _ in range(2)]
    refuse(alena)
    documents.append(completed(alena))
    assert len(listed(alena)) == 3
    presses(alena, "/unsent/retries")
    assert [state_of(alena, each) for each in documents] == [State.BACKED_UP] * 3
    assert "Zkusit vše znovu" not in page(alena)


def test_a_document_that_has_moved_on_is_not_offered_another_try(alena: Advisor) -> None:
    document = completed(alena)
    refuse(alena, "conflict", "not_permitted")
    (operation,) = listed(alena)
    assert f"/unsent/{operation}/retries" not in page(alena)
    presses(alena, f"/unsent/{operation}/retries")
    assert listed(alena) == [operation]
    assert state_of(alena, document) is State.RETURNED


def test_another_try_of_what_is_done_already_or_unknown_changes_nothing(alena: Advisor) -> None:
    document = completed(alena)
    (operation,) = listed(alena)
    alena.synchronize()
    presses(alena, f"/unsent/{operation}/retries")
    presses(alena, "/unsent/of-another-world/retries")
    assert state_of(alena, document) is State.BACKED_UP


@pytest.mark.parametrize("way_out", ["cancellation", "copies", "completed anew"])
def test_what_was_not_taken_is_done_with_once_it_was_dealt_with(alena: Advisor, way_out: str, time: Clock) -> None:
    document = completed(alena)
    refuse(alena)
    assert alena.desk.store.delivery.overview().open == Open(0, 1)
    time.pass_by(minutes=1)
    if way_out == "completed anew":
        alena.asking.post(f"/documents/{document}/sections/policyholder", {"policyholder.phone": "777654321"})
        assert alena.asking.post(f"/documents/{document}/completion", {}, fragments=False).status == 303
        alena.synchronize()
    else:
        assert alena.asking.post(f"/documents/{document}/{way_out}", {}, fragments=False).status == 303
    assert listed(alena) == []
    assert alena.desk.store.delivery.overview().open == Open(0, 0)


def test_the_report_names_code_operation_and_versions_and_nothing_of_the_client(alena: Advisor) -> None:
    document = completed(alena)
    refuse(alena, size="4200000", limit="4194304", typed="Kateřina")
    (operation,) = listed(alena)
    text = alena.asking.get(f"/unsent/{operation}/report").text
    for expected in ("code: too_large", operation, "fact limit: 4194304", "form: flexi-offer 1", "partner: 900001"):
        assert expected in text
    record = alena.desk.store.document(document)
    assert record is not None
    for private in (record.number, record.row.client_last_name, "Kateřina", document):
        assert private not in text
    assert alena.asking.get("/unsent/of-another-world/report").status == 404


def test_the_section_is_told_in_english_too(alena: Advisor) -> None:
    completed(alena)
    refuse(alena)
    in_english(alena)
    text = page(alena)
    assert "Not sent (1)" in text
    assert "Try again" in text
    assert "Copy the report" in text


def test_a_page_that_shows_it_already_is_answered_with_nothing(alena: Advisor) -> None:
    seen = re.search(r"/synchronization/progress\?seen=([^\"]+)", page(alena))
    assert seen is not None
    assert alena.asking.get(f"/synchronization/progress?seen={seen[1]}").status == 204
    completed(alena)
    assert alena.asking.get(f"/synchronization/progress?seen={seen[1]}").status == 200


def test_a_quiet_night_of_the_schedule_is_one_line_and_a_change_another(time: Clock, alena: Advisor) -> None:
    known = len(alena.sync.runs(100))
    for _ in range(5):
        time.pass_by(minutes=5)
        alena.desk.synchronizer.run("schedule")
    (newest, *rest) = alena.sync.runs(100)
    assert (len(rest), newest.cause, newest.ended_at) == (known, "schedule", time.now)
    alena.line.cut = True
    for _ in range(3):
        alena.desk.synchronizer.run("schedule")
    assert len(alena.sync.runs(100)) == known + 2
    assert alena.desk.store.delivery.overview().went_at == newest.ended_at


def test_the_last_good_one_is_remembered_however_many_fail_after_it(time: Clock, alena: Advisor) -> None:
    good = alena.desk.store.delivery.overview().went_at
    time.pass_by(hours=1)
    alena.line.cut = True
    for cause in ("start", "resume") * 51:
        alena.desk.synchronizer.run(cause)
    assert alena.desk.store.delivery.overview().went_at == good
