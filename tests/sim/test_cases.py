"""One day for each case of a conflict, C1 to C20: what the insurer answers, what the advisor has, and the ways out.

C3 to C8, C10 and C11 are in ``test_cases_of_copies``, C15 in ``test_cases_of_restored_insurers``. None is missing.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from endpoint import partners, withdrawn
from endpoint.partners import Partner
from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.domain.lifecycle import Action, State, permitted
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.refusals import REFUSALS
from localapp.store.conflicts import Way
from localapp.store.records import DocumentRecord
from tests.sim.checking import check
from tests.sim.desk import Desk
from tests.sim.line import Fault, Trouble
from tests.sim.planted import PUSH
from tests.sim.quiet import settle
from tests.sim.world import World
from tests.store.made_up import FORM

NAME = "alena"


@pytest.fixture
def unchecked() -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.fixture
def world(unchecked: World) -> Iterator[World]:
    yield unchecked
    check(unchecked)


@pytest.fixture
def alena(world: World) -> Desk:
    return world.desks[NAME]


def completed(world: World) -> str:
    document = world.new(NAME)
    assert document is not None
    assert world.complete(NAME, document)
    return document


def sent(world: World) -> str:
    """An offer that the insurer has and Alena knows of."""
    document = completed(world)
    synchronized(world)
    return document


def synchronized(world: World) -> None:
    report = world.synchronize(NAME)
    assert report is not None
    assert report.refusal is None
    check(world)


def edited(world: World, document: str) -> int:
    """Other words, completed; the words."""
    assert world.type_in(NAME, document)
    assert world.complete(NAME, document)
    return world.saved[NAME, document]


def answered(world: World, document: str) -> list[tuple[str, str | None]]:
    """What the insurer has answered to the operations of a document, oldest first."""
    found = [row for row in world.at_insurer().operations if row["document"] == document]
    return [(row["outcome"], row["code"]) for row in sorted(found, key=lambda row: (row["at"], row["id"]))]


def record_of(alena: Desk, document: str) -> DocumentRecord:
    record = alena.store.document(document)
    assert record is not None
    return record


def ways(alena: Desk, document: str) -> set[Action]:
    return set(permitted(record_of(alena, document).facts))


def test_c1_an_edit_after_the_export_becomes_a_correcting_document_a_copy_or_is_thrown_away_and_back(
    world: World, alena: Desk
) -> None:
    for way in (Way.CORRECTED, Way.COPIED, Way.DISCARDED):
        document = sent(world)
        world.export(by_hand=True)
        words = edited(world, document)
        synchronized(world)
        assert answered(world, document) == [("accepted", None), ("conflict", "exported")]
        assert (alena.state(document), alena.words(document)) == (State.CONFLICT, (words, words))
        made = alena.resolve(document, way, words)
        assert alena.state(document) is State.EXPORTED
        world.saved[NAME, document] = alena.words(document)[0]
        if made is not None:
            assert alena.words(made) == (words, words)
            assert (record_of(alena, made).corrects is not None) is (way is Way.CORRECTED)
            world.complete(NAME, made)
    assert alena.bring_back(document) == document
    assert (alena.state(document), alena.words(document)) == (State.CONFLICT, (words, words))
    world.saved[NAME, document] = words
    settle(world)


def test_c2_a_cancellation_after_the_export_is_told_and_never_shown_as_done(world: World, alena: Desk) -> None:
    document = sent(world)
    world.export(by_hand=True)
    assert world.cancel(NAME, document)
    synchronized(world)
    assert answered(world, document) == [("accepted", None), ("conflict", "exported")]
    assert alena.state(document) is State.CONFLICT
    (conflict,) = alena.store.conflicts.open()
    assert conflict.reason == "exported_cancellation"
    assert {Action.COPY, Action.CORRECT} <= ways(alena, document)
    alena.resolve(document, Way.DISCARDED, 0)
    assert alena.state(document) is State.EXPORTED
    settle(world)


def test_c9_a_lost_answer_and_another_edit_end_in_two_accepted_revisions(world: World, alena: Desk) -> None:
    document = completed(world)
    world.synchronize(NAME, Trouble(Fault.NO_ANSWER, PUSH))
    edited(world, document)
    synchronized(world)
    assert answered(world, document) == [("accepted", None)] * 2
    assert (alena.state(document), record_of(alena, document).revision) == (State.BACKED_UP, 2)
    settle(world)


@pytest.mark.parametrize("ahead", [timedelta(days=3653), timedelta(days=-3653), timedelta(hours=1)])
def test_c12_a_wrong_clock_is_told_and_decides_nothing(world: World, alena: Desk, ahead: timedelta) -> None:
    alena.ahead = ahead
    document = sent(world)
    assert alena.state(document) is State.BACKED_UP
    assert alena.store.sync.notices().ahead == ahead
    (row,) = alena.rows("SELECT backed_up_at FROM document")
    assert row["backed_up_at"] == world.now.isoformat(timespec="microseconds")  # what is shown is the insurer's time
    settle(world)


def test_c13_an_upload_at_the_cutoff_is_before_or_after_the_freeze_never_in_between(world: World, alena: Desk) -> None:
    document = sent(world)
    world.now = world.now.replace(hour=20, minute=0, second=5)  # five seconds past 21:00 in Prague
    words = edited(world, document)
    synchronized(world)
    assert alena.state(document) is State.COMPLETED
    (waiting,) = alena.store.outbox()
    assert waiting.refusal == Refusal("freeze_pending", {})
    world.export(by_hand=False)
    synchronized(world)
    assert answered(world, document)[-1] == ("conflict", "exported")
    assert (alena.state(document), alena.words(document)) == (State.CONFLICT, (words, words))


def test_c14_after_a_lost_answer_an_export_and_another_edit_the_first_went_and_the_second_is_kept(
    world: World, alena: Desk
) -> None:
    document = completed(world)
    world.synchronize(NAME, Trouble(Fault.NO_ANSWER, PUSH))
    world.export(by_hand=True)
    words = edited(world, document)
    synchronized(world)
    assert answered(world, document)[0] == ("accepted", None)
    assert (alena.state(document), alena.words(document)) == (State.CONFLICT, (words, words))
    assert record_of(alena, document).revision == 1
    assert len(alena.store.conflicts.open()) == 1
    settle(world)


def test_c16_a_number_that_another_document_has_is_replaced_by_the_next_and_told(unchecked: World) -> None:
    world, home = unchecked, unchecked.desks["alena at home"]
    (block,) = world.desks[NAME].rows("SELECT prefix, next, last FROM number_block WHERE prefix LIKE 'N%'")
    with home.store._database.write() as connection:  # two computers with one block, as a copied disk would have
        connection.exec_driver_sql("UPDATE number_block SET next = :next, last = :last WHERE prefix = :prefix", block)
    first, taken = completed(world), home.new(1)
    home.complete(taken)
    number = record_of(home, taken).number
    assert number == record_of(world.desks[NAME], first).number
    world.synchronize(NAME)
    world.synchronize("alena at home")
    assert sorted(answered(world, taken)) == [("accepted", None), ("conflict", "number_taken")]
    record = record_of(home, taken)
    assert (home.state(taken), record.former_number) == (State.BACKED_UP, number)
    assert record.number not in {"", number}


def test_c17_what_was_completed_for_a_partner_that_has_ended_is_told_and_can_be_copied(
    world: World, alena: Desk
) -> None:
    document = completed(world)
    _partner_becomes(world, ended_at=clock.stamp())
    synchronized(world)
    assert answered(world, document) == [("rejected", "partner_ended")]
    assert alena.state(document) is State.RETURNED
    (refused,) = alena.store.sync.refused()
    assert refused.refusal == Refusal("partner_ended", {"partner_number": "900001"})
    assert {Action.COPY, Action.EDIT} <= ways(alena, document)


def test_c18_a_withdrawn_version_blocks_no_other_document_and_is_told(world: World, alena: Desk) -> None:
    old = completed(world)
    with world.insurer.endpoint.parts.database.write() as connection:
        withdrawn.withdraw(connection, FORM)
    with alena.at_its_time():
        other = alena.new(999, form=Pinned(FORM.name, "2"))
        alena.complete(other)
    synchronized(world)
    assert [alena.state(each) for each in (old, other)] == [State.RETURNED, State.BACKED_UP]
    (refused,) = alena.store.sync.refused()
    assert refused.refusal is not None
    assert (refused.document, refused.refusal.code) == (old, "version_withdrawn")
    assert {Action.COPY, Action.EDIT} <= ways(alena, old)
    assert alena.words(old)[0] == world.saved[NAME, old]


def test_c19_an_operation_that_is_too_large_stays_in_sight_and_the_others_go(world: World, alena: Desk) -> None:
    large = world.new(NAME)
    assert large is not None
    with alena.at_its_time(), alena.store.edit(large, NAME) as edit:
        answers = {**edit.answers, "note": "x" * (4 * 1024 * 1024)}
        edit.save(answers, edit.health, row=edit.record.row, last_quote=None)
    world.complete(NAME, large)
    other = sent(world)
    assert [alena.state(each) for each in (large, other)] == [State.RETURNED, State.BACKED_UP]
    (refused,) = alena.store.sync.refused()
    assert refused.refusal is not None
    assert (refused.document, refused.refusal.code) == (large, "too_large")
    assert {Action.COPY, Action.EDIT} <= ways(alena, large)


@pytest.mark.parametrize("what", ["installation", "partner"])
def test_c20_a_blocked_account_keeps_the_outbox_and_local_work_goes_on(world: World, alena: Desk, what: str) -> None:
    document = completed(world)
    if what == "partner":
        _partner_becomes(world, blocked_at=clock.stamp())
    else:
        with world.insurer.endpoint.parts.database.write() as connection:
            connection.exec_driver_sql("UPDATE installation SET blocked_at = '2026' WHERE id = 1")
    report = world.synchronize(NAME)
    assert report is not None
    assert report.refusal is not None
    assert report.refusal.code == f"{what}_blocked"
    assert set(REFUSALS[f"{what}_blocked"]) == {"cs", "en"}
    assert [each.document for each in alena.store.outbox()] == [document]
    edited(world, document)
    assert json.loads(alena.rows("SELECT refusal FROM sync_run ORDER BY id DESC")[0]["refusal"])["code"]


def _partner_becomes(world: World, **changes: str) -> None:
    with world.insurer.endpoint.parts.database.write() as connection:
        known = partners.find(connection, "900001")
        assert known is not None
        partners.put(connection, Partner(known.number, known.name, **changes))
    world.insurer.changes += 1
