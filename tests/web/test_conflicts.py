"""Zobrazit konflikty: what was changed too late, beside what the insurer has; nothing of it is lost."""

import json
import re
from typing import Any
from unittest import mock

import pytest

from localapp import clock
from localapp.domain.lifecycle import State
from localapp.store import conflicting, documents
from localapp.store.conflicting import Reason
from localapp.store.records import DocumentRecord
from localapp.sync.transport import Reply, TransportFailed
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, state_of, surname


@pytest.fixture
def exported(time: Clock, insurer: Insurer, alena: Advisor) -> str:
    """A document that the insurer took this night; the desk does not know it yet."""
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    return document


def text_of(advisor: Advisor, address: str) -> str:
    return advisor.asking.get(address).text.replace("\u00a0", " ")


def test_without_a_conflict_the_page_says_so(alena: Advisor) -> None:
    assert "<table" not in text_of(alena, "/conflicts")
    assert alena.asking.get("/conflicts/unknown").status == 404


def test_the_difference_names_part_field_and_both_texts(alena: Advisor, exported: str) -> None:
    surname(alena, exported, "Nováková")
    form = {"policyholder.email": "ne e-mail"}
    alena.asking.post(f"/documents/{exported}/sections/policyholder", form)
    alena.synchronize()
    text = text_of(alena, f"/conflicts/{exported}")
    assert re.search(r"<ins>Nováková</ins></td><td[^>]*>Příhodová-Šťastná", text)
    assert re.search(r"<ins>ne e-mail</ins></td><td[^>]*>katerina\.prihodova@example\.cz", text)
    assert f'href="/conflicts/{exported}"' in text_of(alena, "/conflicts")
    assert "Žďár nad Sázavou" not in text


def resolved(advisor: Advisor, document: str, way: str) -> str:
    """The page after one of the ways, with no-break spaces as spaces."""
    answer = advisor.asking.post(f"/conflicts/{document}/{way}", {}, fragments=False)
    assert answer.status == 303, answer.text
    return text_of(advisor, answer.location)


def made_of(advisor: Advisor) -> DocumentRecord:
    """The document that came of the conflict resolved last."""
    record = advisor.desk.store.document(str(advisor.desk.store.conflicts.resolved()[0].result))
    assert record is not None
    return record


def test_an_edit_becomes_a_correcting_document_that_goes_with_the_next_export(
    time: Clock, insurer: Insurer, alena: Advisor, exported: str
) -> None:
    surname(alena, exported, "Nováková")
    form = {"persons[p1].weight_kg": "71"}
    assert alena.asking.post(f"/documents/{exported}/sections/insured", form).acknowledged
    form = {"persons[p1].z01_weight_kg": "71"}  # asked apart, and held against it
    assert alena.asking.post(f"/documents/{exported}/sections/health", form).acknowledged
    time.set(24, 8)
    alena.synchronize()
    text = resolved(alena, exported, "correction")
    wrong, made = alena.desk.store.document(exported), made_of(alena)
    assert wrong is not None
    assert f"vznikl opravný dokument {made.number}" in text
    assert f'<a href="/documents/{made.id}">Otevřít</a>' in text
    assert (state_of(alena, exported), state_of(alena, made.id)) == (State.EXPORTED, State.DRAFT)
    listed = text_of(alena, "/documents")
    assert f"opravuje {wrong.number}" in listed
    assert f"opraveno dokumentem {made.number}" in listed
    assert f'opravuje <a href="/documents/{exported}">' in text_of(alena, f"/documents/{made.id}/sections/cover")
    assert f'<a href="/documents/{made.id}">' in text_of(alena, f"/documents/{exported}/sections/cover")

    assert alena.asking.post(f"/documents/{made.id}/completion", {}, fragments=False).status == 303
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(24, 21, 1)
    (run,) = insurer.endpoint.run_due_exports()
    line = json.loads((insurer.folder / "endpoint" / "exports" / f"{run.key}.jsonl").read_text("utf-8"))
    assert line["number"] == made.number
    assert line["corrects"] == {"document": exported, "number": wrong.number, "revision": 1}
    assert '"last_name":"Nováková"' in line["answers"]
    alena.synchronize()
    assert alena.desk.store.content(made.id).health["persons"][0]["weight_kg"] == 71
    assert state_of(alena, made.id) is State.EXPORTED


def test_what_is_thrown_away_is_asked_about_and_comes_back_with_one_click(alena: Advisor, exported: str) -> None:
    surname(alena, exported, "Nováková")
    alena.synchronize()
    assert f'href="/conflicts/{exported}/discard?row=' in text_of(alena, f"/conflicts/{exported}")
    assert "Zahodit úpravy dokumentu" in text_of(alena, f"/conflicts/{exported}/discard")
    assert len(alena.desk.store.conflicts.open()) == 1
    text = resolved(alena, exported, "discard")
    assert "platí verze pojišťovny" in text
    assert "úpravu lze vrátit do 22. 5. 2027" in text
    assert (state_of(alena, exported), alena.desk.store.delivery.overview().conflicts) == (State.EXPORTED, 0)
    row = {"row": str(alena.desk.store.conflicts.resolved()[0].id)}
    back = alena.asking.post("/conflicts/reopened", row, fragments=False)
    text = text_of(alena, back.location)
    assert "Úprava je zpátky" in text
    assert "<ins>Nováková</ins>" in text


def test_a_copy_ends_the_conflict_and_leaves_the_health_questions_behind(alena: Advisor, exported: str) -> None:
    surname(alena, exported, "Nováková")
    alena.synchronize()
    assert "vznikla kopie" in resolved(alena, exported, "copy")
    made = made_of(alena)
    assert (made.corrects, made.copied_from, state_of(alena, exported)) == (None, exported, State.EXPORTED)


def test_a_second_click_shows_how_the_conflict_was_resolved(alena: Advisor, exported: str) -> None:
    surname(alena, exported, "Nováková")
    alena.synchronize()
    form = {"row": str(alena.desk.store.conflicts.open()[0].id)}
    locations = [
        alena.asking.post(f"/conflicts/{exported}/{way}", form, fragments=False).location
        for way in ("correction", "correction", "discard")
    ]
    assert len(set(locations)) == 1
    assert len(alena.desk.store.page(shelf=None, kind=None, before=None).rows) == 2
    assert alena.asking.get(f"/conflicts/{exported}").location == locations[0]


def test_an_exported_document_without_an_edit_is_corrected_from_the_toolbar_once(alena: Advisor, exported: str) -> None:
    alena.synchronize()
    places = [alena.asking.post(f"/documents/{exported}/corrections", {}, fragments=False).location for _ in range(2)]
    assert places[0] == places[1]
    text = text_of(alena, places[0])
    assert "Má všechny jeho údaje" in text
    made = places[0].partition("selected=")[2].partition("&")[0]
    mine, theirs = alena.desk.store.content(made), alena.desk.store.content(exported)
    assert (mine.answers, mine.health) == (theirs.answers, theirs.health)


def test_from_the_toolbar_an_edit_that_came_too_late_is_corrected_where_it_is_shown(
    alena: Advisor, exported: str
) -> None:
    surname(alena, exported, "Nováková")
    alena.synchronize()
    answer = alena.asking.post(f"/documents/{exported}/corrections", {}, fragments=False)
    assert answer.location == f"/conflicts/{exported}"


def test_one_conflict_leads_to_the_next(alena: Advisor, exported: str, insurer: Insurer, time: Clock) -> None:
    other = completed(alena)
    surname(alena, exported, "Nováková")
    alena.synchronize()
    assert "Další konflikt" not in text_of(alena, f"/conflicts/{exported}")
    insurer.endpoint.evaluate_waiting()
    time.set(24, 21, 11)
    insurer.endpoint.run_due_exports()
    surname(alena, other, "Malá")
    alena.synchronize()
    text = text_of(alena, f"/conflicts/{other}")
    assert "konflikt 1, celkem 2" in text
    assert f'href="/conflicts/{exported}?row=' in text


def test_a_document_that_is_not_exported_has_no_correction(alena: Advisor) -> None:
    document = completed(alena)
    assert alena.asking.post(f"/documents/{document}/corrections", {}, fragments=False).status == 409
    assert alena.asking.post("/documents/unknown/corrections", {}, fragments=False).status == 404
    assert alena.asking.post("/conflicts/reopened", {"row": "x"}, fragments=False).status == 400
    assert alena.asking.post("/conflicts/reopened", {"row": "999"}, fragments=False).location == "/conflicts"


def test_the_exported_document_stays_locked_and_the_copy_takes_the_later_text(alena: Advisor, exported: str) -> None:
    surname(alena, exported, "Nováková")
    alena.synchronize()
    form = {"policyholder.last_name": "Malá"}
    assert not alena.asking.post(f"/documents/{exported}/sections/policyholder", form).acknowledged
    copied = alena.asking.post(f"/documents/{exported}/copies", {}, fragments=False).location
    document = copied.partition("selected=")[2].partition("&")[0]
    assert 'value="Nováková"' in text_of(alena, f"/documents/{document}/sections/policyholder")


def test_a_row_added_later_is_only_mine(alena: Advisor, exported: str) -> None:
    address = f"/documents/{exported}/sections/cover/rows?person=p1"
    assert alena.asking.post(address, {"add": "persons[p1].coverages|code=HO"}).acknowledged
    alena.synchronize()
    assert '<span class="mut">není</span>' in text_of(alena, f"/conflicts/{exported}")


@pytest.fixture
def too_late(alena: Advisor, exported: str) -> str:
    """The exported document, cancelled before the desk knew."""
    assert alena.asking.post(f"/documents/{exported}/cancellation", {}, fragments=False).status == 303
    assert state_of(alena, exported) is State.CANCELLED
    alena.synchronize()
    return exported


def test_a_cancellation_that_missed_the_cut_off_is_told_and_not_shown_as_done(alena: Advisor, too_late: str) -> None:
    assert state_of(alena, too_late) is State.CONFLICT
    text = text_of(alena, f"/conflicts/{too_late}")
    assert "Storno nestihlo uzávěrku 23. 11. 2026 21:00" in text
    assert "Help Desk PČS" in text


def test_a_late_cancellation_becomes_a_request_for_withdrawal_with_its_reason(alena: Advisor, too_late: str) -> None:
    lacking = alena.asking.post(f"/conflicts/{too_late}/withdrawal", {"reason": " "}, fragments=False)
    assert "Napište důvod" in text_of(alena, lacking.location)
    typed = {"reason": "Klientka <uzavřela> u jiné pojišťovny."}
    made = alena.asking.post(f"/conflicts/{too_late}/withdrawal", typed, fragments=False)
    record, letter = alena.desk.store.document(too_late), text_of(alena, made.location)
    assert record is not None
    assert f"Žádost o zrušení {record.number}" in letter
    assert "Klientka &lt;uzavřela&gt; u jiné pojišťovny." in letter
    assert "23. 11. 2026 21:00, dávka 2026-11-23, řádek 1" in letter
    assert "Žádost sama neodešla." in letter
    assert state_of(alena, too_late) is State.EXPORTED
    assert f'href="{made.location}"' in text_of(alena, "/conflicts")
    assert alena.asking.get("/conflicts/withdrawals/999").status == 404


def test_after_a_lost_answer_and_an_export_the_later_edit_is_compared_with_what_went(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    document = completed(alena)
    ask = alena.line.ask

    def losing(method: str, target: str, *rest: Any, **more: Any) -> Reply:  # noqa: ANN401 - the transport's own
        answer = ask(method, target, *rest, **more)
        if target.endswith("/push"):
            raise TransportFailed("endpoint_unreachable")
        return answer

    with mock.patch.object(alena.line, "ask", losing):
        alena.synchronize()
    assert state_of(alena, document) is State.COMPLETED
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 11)
    insurer.endpoint.run_due_exports()
    surname(alena, document, "Nováková")
    assert alena.asking.post(f"/documents/{document}/completion", {}, fragments=False).status == 303
    alena.synchronize()
    assert state_of(alena, document) is State.CONFLICT
    text = text_of(alena, f"/conflicts/{document}")
    assert re.search(r"<ins>Nováková</ins></td><td[^>]*>Příhodová-Šťastná", text)
    assert "vznikl opravný dokument" in resolved(alena, document, "correction")
    assert alena.desk.store.content(made_of(alena).id).answers["policyholder"]["last_name"] == "Nováková"


@pytest.mark.parametrize(("way", "end"), [("copy", "vznikla kopie"), ("discard", "platí verze pojišťovny")])
def test_an_edit_of_a_document_that_was_signed_elsewhere_becomes_a_copy_or_is_thrown_away(
    alena: Advisor, way: str, end: str
) -> None:
    document = completed(alena)
    alena.synchronize()
    surname(alena, document, "Nováková")
    store = alena.desk.store
    with store._database.write() as connection:  # a fact that comes with signatures
        stored = documents.find(connection, document)
        noted = conflicting.note(connection, stored.row, Reason.SIGNED_EDIT, 1, 1)
        documents.learn(connection, stored, {"signed_at": clock.stamp(), "signed_revision": 1, **noted})
    text = text_of(alena, f"/conflicts/{document}")
    assert "Ponechat podepsanou verzi" in text
    assert "<ins>Nováková</ins>" in text
    assert end in resolved(alena, document, way)
    assert state_of(alena, document) is State.BACKED_UP
    assert store.content(document).answers["policyholder"]["last_name"] == "Příhodová-Šťastná"


def test_a_late_cancellation_becomes_a_correcting_document(alena: Advisor, too_late: str) -> None:
    assert "vznikl opravný dokument" in resolved(alena, too_late, "correction")
    assert (state_of(alena, too_late), state_of(alena, made_of(alena).id)) == (State.EXPORTED, State.DRAFT)


def test_a_late_cancellation_is_dropped(alena: Advisor, too_late: str) -> None:
    assert "zůstává exportován" in resolved(alena, too_late, "left")
    assert state_of(alena, too_late) is State.EXPORTED
