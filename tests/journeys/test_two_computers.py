"""Alena's laptop and her computer at home: what one has completed is on the other; a lost one is replaced whole."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from localapp import clock
from localapp.domain.lifecycle import State, state
from localapp.store.records import DocumentRecord
from localapp.sync.transport import TransportFailed
from tests import family
from tests.journeys.conftest import Advisor, Insurer
from tests.journeys.test_first_days import DVORAK, completed, state_of, surname


@pytest.fixture
def laptop(insurer: Insurer) -> Advisor:
    computer = insurer.new_computer("laptop")
    computer.activate()
    return computer


def linked_computer(insurer: Insurer, linked: Advisor, name: str) -> Advisor:
    """Another computer of hers, linked by a code of the first."""
    other = insurer.new_computer(name)
    other.activate()
    page = linked.asking.post("/settings/link-codes", {}, fragments=False).text
    code = page.split('class="codebig">')[1].split("<")[0]
    assert other.asking.post("/settings/links", {"code": code}, fragments=False).location == "/settings?done=linked"
    other.desk.synchronizer.wait(60)
    return other


@pytest.fixture
def home(insurer: Insurer, laptop: Advisor) -> Advisor:
    return linked_computer(insurer, laptop, "home")


def record_of(advisor: Advisor, document: str) -> DocumentRecord:
    found = advisor.desk.store.document(document)
    assert found is not None
    return found


def complete(advisor: Advisor, document: str) -> None:
    answer = advisor.asking.post(f"/documents/{document}/completion", {}, fragments=False)
    assert answer.status == 303, answer.text


def cancel(advisor: Advisor, document: str) -> None:
    assert advisor.asking.post(f"/documents/{document}/cancellation", {}, fragments=False).status == 303


def last_name(advisor: Advisor, document: str) -> str:
    return str(advisor.desk.store.content(document).answers["policyholder"]["last_name"])


def reasons(advisor: Advisor) -> list[str]:
    return [each.reason for each in advisor.sync.conflicts()]


def test_a_lost_laptop_is_replaced_and_all_completed_documents_are_back(
    insurer: Insurer, laptop: Advisor, home: Advisor
) -> None:
    waiting, exported, cancelled = completed(laptop), completed(laptop, DVORAK), completed(laptop)
    laptop.synchronize()
    insurer.endpoint.evaluate_waiting()
    surname(laptop, waiting, "Nováková")
    complete(laptop, waiting)  # a second revision
    cancel(laptop, cancelled)
    laptop.synchronize()
    insurer.endpoint.run_export()
    home.synchronize()
    before = {each: laptop.desk.store.content(each) for each in (waiting, exported, cancelled)}
    laptop.synchronize()

    replaced = linked_computer(insurer, home, "new-laptop")  # the old one lies in the river
    for document, content in before.items():
        record, old = record_of(replaced, document), record_of(laptop, document)
        assert replace(record.row, search="") == replace(old.row, search="")
        assert set(record.row.search.split()) == set(old.row.search.split())
        assert (record.number, record.revision, state(record.facts)) == (old.number, old.revision, state(old.facts))
        got = replaced.desk.store.content(document)
        assert (got.answers, got.health) == (content.answers, content.health)
        assert replaced.asking.get(f"/documents/{document}/sections/policyholder").status == 200
    assert "Dvořák" in replaced.asking.post("/documents/search", {"q": "dvorak"}).text
    assert replaced.sync.bodies.lacking() == []
    assert (state_of(replaced, exported), state_of(replaced, cancelled)) == (State.EXPORTED, State.CANCELLED)


def test_a_document_of_the_other_computer_is_edited_copied_and_cancelled_like_an_own_one(
    insurer: Insurer, laptop: Advisor, home: Advisor
) -> None:
    offer, other = completed(laptop), completed(laptop, DVORAK)
    laptop.synchronize()
    home.synchronize()
    assert (state_of(home, offer), record_of(home, offer).revision) == (State.BACKED_UP, 1)
    assert home.asking.post(f"/documents/{offer}/copies", {}, fragments=False).status == 303
    surname(home, offer, "Nováková")
    complete(home, offer)
    cancel(home, other)
    home.synchronize()
    assert insurer.endpoint.evaluate_waiting() == 1
    laptop.synchronize()
    assert (last_name(laptop, offer), record_of(laptop, offer).row.client_last_name) == ("Nováková", "Nováková")
    assert (record_of(laptop, offer).revision, state_of(laptop, offer)) == (2, State.BACKED_UP)
    assert state_of(laptop, other) is State.CANCELLED
    assert reasons(laptop) == reasons(home) == []
    surname(laptop, offer, "Malá")
    complete(laptop, offer)
    laptop.synchronize()
    home.synchronize()
    assert (last_name(home, offer), record_of(home, offer).revision) == ("Malá", 3)


def test_two_completed_changes_are_a_conflict_that_loses_nothing(laptop: Advisor, home: Advisor) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    surname(home, offer, "Doma")
    complete(home, offer)
    home.synchronize()
    surname(laptop, offer, "Cesta")
    complete(laptop, offer)  # its second revision, like the other computer's
    laptop.synchronize()
    sides = laptop.desk.store.conflicts.sides(offer)
    assert sides is not None
    assert sides.base and sides.mine and sides.theirs  # noqa: PT018 - one claim: all three are here
    names = [side.answers["policyholder"]["last_name"] for side in (sides.base, sides.mine, sides.theirs)]
    assert names == [family.CLIENT["last_name"], "Cesta", "Doma"]
    assert sides.base.health == sides.mine.health == sides.theirs.health
    assert (sides.conflict.reason, sides.base.revision, sides.theirs.revision) == ("stale_edit", 1, 2)
    assert sides.theirs.actor == "elsewhere"
    assert (last_name(laptop, offer), state_of(laptop, offer)) == ("Cesta", State.BACKED_UP)
    assert laptop.asking.get(f"/conflicts/{offer}").status == 200
    aside = laptop.sync.bodies.overtaken(offer)
    assert [(each.number, each.answers["policyholder"]["last_name"]) for each in aside] == [(2, "Cesta")]
    home.synchronize()
    assert (last_name(home, offer), reasons(home)) == ("Doma", [])


def test_a_newer_version_leaves_a_working_copy_and_offers_the_difference(laptop: Advisor, home: Advisor) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    surname(laptop, offer, "Cesta")  # not completed
    surname(home, offer, "Doma")
    complete(home, offer)
    home.synchronize()
    laptop.synchronize()
    assert (last_name(laptop, offer), record_of(laptop, offer).revision) == ("Cesta", 2)
    assert reasons(laptop) == ["stale_edit"]
    complete(laptop, offer)  # without a decision: nobody is overwritten
    laptop.synchronize()
    assert reasons(laptop) == ["stale_edit"]
    assert last_name(laptop, offer) == "Cesta"
    home.synchronize()
    assert last_name(home, offer) == "Doma"


def test_the_same_text_on_both_computers_is_no_conflict(laptop: Advisor, home: Advisor) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    for computer in (home, laptop):
        surname(computer, offer, "Nováková")
    complete(home, offer)
    home.synchronize()
    complete(laptop, offer)
    laptop.synchronize()
    assert reasons(laptop) == []
    assert (state_of(laptop, offer), record_of(laptop, offer).revision) == (State.BACKED_UP, 2)
    assert record_of(laptop, offer).facts.working_copy_at is None


def test_a_change_of_a_document_cancelled_on_the_other_computer_is_kept(laptop: Advisor, home: Advisor) -> None:
    offer, typed = completed(laptop), completed(laptop, DVORAK)
    laptop.synchronize()
    home.synchronize()
    for document in (offer, typed):
        cancel(home, document)
        surname(laptop, document, "Cesta")
    home.synchronize()
    complete(laptop, offer)
    laptop.synchronize()
    for document in (offer, typed):
        assert (state_of(laptop, document), last_name(laptop, document)) == (State.CANCELLED, "Cesta")
    assert reasons(laptop) == ["cancelled_edit", "cancelled_edit"]


def test_a_cancellation_of_an_older_version_cancels_nothing_and_says_so(laptop: Advisor, home: Advisor) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    surname(home, offer, "Doma")
    complete(home, offer)
    home.synchronize()
    cancel(laptop, offer)
    laptop.synchronize()
    assert (state_of(laptop, offer), last_name(laptop, offer)) == (State.BACKED_UP, "Doma")
    assert reasons(laptop) == ["stale_cancellation"]


def test_an_export_of_a_version_that_was_never_here_leaves_the_working_copy_and_a_conflict(
    insurer: Insurer, laptop: Advisor, home: Advisor
) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    surname(home, offer, "Doma")
    complete(home, offer)
    home.synchronize()
    surname(laptop, offer, "Cesta")
    insurer.endpoint.run_export()
    laptop.synchronize()
    assert (state_of(laptop, offer), reasons(laptop)) == (State.CONFLICT, ["exported_edit"])
    assert record_of(laptop, offer).row.client_last_name == "Doma"
    sides = laptop.desk.store.conflicts.sides(offer)
    assert sides is not None
    assert sides.mine and sides.theirs  # noqa: PT018 - one claim: both are here
    assert (last_name(laptop, offer), sides.theirs.answers["policyholder"]["last_name"]) == ("Cesta", "Doma")


def losing_answers(computer: Advisor, *ends: str) -> Callable[[], None]:
    """Answers of these calls are lost on the way; the returned call mends the line."""
    ask = computer.line.ask

    def losing(method: str, target: str, *rest: object, **more: object) -> object:
        answer = ask(method, target, *rest, **more)  # type: ignore[arg-type]
        if target.endswith(ends):
            raise TransportFailed("endpoint_unreachable")
        return answer

    computer.line.ask = losing  # type: ignore[method-assign,assignment]
    return lambda: setattr(computer.line, "ask", ask)


def test_a_body_that_did_not_come_is_asked_for_the_next_time(laptop: Advisor, home: Advisor) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    mend = losing_answers(home, "/bodies")
    home.synchronize()
    assert home.desk.store.document(offer) is None
    assert [facts.document for facts, _ in home.sync.bodies.lacking()] == [offer]
    assert "N26-000001" in home.asking.get("/synchronization").text
    mend()
    home.synchronize()  # nothing has changed since, and it is asked for all the same
    assert (last_name(home, offer), home.sync.bodies.lacking()) == (family.CLIENT["last_name"], [])


def test_an_own_revision_whose_answer_was_lost_is_not_taken_for_somebody_elses(laptop: Advisor, home: Advisor) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    surname(laptop, offer, "Cesta")
    complete(laptop, offer)
    mend = losing_answers(laptop, "/push")
    laptop.synchronize()
    mend()
    home.synchronize()
    surname(home, offer, "Doma")
    complete(home, offer)
    home.synchronize()
    laptop.synchronize()
    assert (last_name(laptop, offer), record_of(laptop, offer).revision, reasons(laptop)) == ("Doma", 3, [])


def test_a_draft_never_leaves_its_computer(laptop: Advisor, home: Advisor) -> None:
    family.write(laptop.asking, clock.today(), DVORAK)
    laptop.synchronize()
    home.synchronize()
    assert home.asking.get("/documents").text.count("N26-") == 0
