"""The cases of a conflict in which a document lies on two computers, or a desk on two: C3 to C8, C10, C11."""

import json
from collections.abc import Iterator

import pytest

from localapp.domain.lifecycle import Action, State
from localapp.store.conflicting import Reason
from localapp.store.conflicts import Way
from tests.sim.checking import check
from tests.sim.desk import Desk
from tests.sim.quiet import settle
from tests.sim.test_cases import NAME, answered, completed, edited, record_of, sent, synchronized, ways
from tests.sim.world import World

HOME = "alena at home"


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    settle(made)
    made.close()


@pytest.fixture
def home(world: World) -> Desk:
    return world.desks[HOME]


def on_both(world: World) -> str:
    """An offer of the laptop that the computer at home has as well."""
    document = sent(world)
    world.synchronize(HOME)
    check(world)
    return document


def edited_on_both(world: World, document: str) -> tuple[int, int]:
    """Completed on the laptop and sent, completed at home and refused; what the two say."""
    theirs = edited(world, document)
    synchronized(world)
    assert world.type_in(HOME, document)
    assert world.complete(HOME, document)
    mine = world.saved[HOME, document]
    world.synchronize(HOME)
    check(world)
    return theirs, mine


def completed_over_what_has_moved_on(world: World) -> str:
    """Edited on both; the other's has come, and what was typed here is completed all the same, before it is sent."""
    document = on_both(world)
    world.type_in(NAME, document)
    world.type_in(HOME, document)
    world.complete(HOME, document)
    world.synchronize(HOME)
    synchronized(world)
    assert reasons(world.desks[NAME]) == [Reason.STALE_EDIT]
    assert world.complete(NAME, document)
    return document


def reasons(desk: Desk) -> list[Reason]:
    return [each.reason for each in desk.store.conflicts.open()]


@pytest.mark.parametrize("way", [Way.COPIED, Way.DISCARDED])
def test_c3_what_was_signed_on_the_other_computer_stands_and_my_edit_is_kept_beside_it(
    world: World, home: Desk, way: Way
) -> None:
    document = on_both(world)
    assert world.sign(NAME, document)
    synchronized(world)
    assert world.type_in(HOME, document)
    assert world.complete(HOME, document)
    mine = world.saved[HOME, document]
    world.synchronize(HOME)
    check(world)
    assert answered(world, document)[-1] == ("conflict", "signed")
    assert (reasons(home), home.words(document)) == ([Reason.SIGNED_EDIT], (mine, mine))
    assert ways(home, document) == {Action.COPY}
    copy = home.resolve(document, way, mine)
    world.saved[HOME, document] = home.words(document)[0]
    if copy is not None:
        world.saved[HOME, copy] = mine
        world.complete(HOME, copy)


def test_c4_a_signature_that_came_after_the_export_is_kept_and_handed_in_with_the_next_run(world: World) -> None:
    document = on_both(world)
    world.export(by_hand=True)
    assert world.sign(NAME, document)
    synchronized(world)
    assert answered(world, document)[-1] == ("conflict", "signature_late")
    record = record_of(world.desks[NAME], document)
    assert record.facts.signed_at
    assert record.facts.exported_at
    world.export(by_hand=True)
    newest = max(world.insurer.folder.glob("exports/*.manifest.json"))
    (supplement,) = json.loads(newest.read_text(encoding="utf-8"))["supplements"]
    assert (supplement["document"], supplement["agrees"]) == (document, True)


@pytest.mark.parametrize("way", [Way.COPIED, Way.DISCARDED])
def test_c5_c6_two_computers_changed_one_offer_and_the_advisor_has_base_mine_and_theirs(
    world: World, home: Desk, way: Way
) -> None:
    document = on_both(world)
    base = world.saved[NAME, document]
    theirs, mine = edited_on_both(world, document)
    assert answered(world, document) == [("accepted", None), ("accepted", None), ("conflict", "stale")]
    assert (reasons(home), home.words(document)) == ([Reason.STALE_EDIT], (mine, mine))
    sides = home.store.conflicts.sides(document)
    assert sides is not None
    said = [side.answers["words"] for side in (sides.base, sides.mine, sides.theirs) if side]
    assert said == [base, mine, theirs]
    made = home.resolve(document, way, mine)
    world.saved[HOME, document] = theirs
    assert home.words(document) == (theirs, theirs)
    if made is not None:
        world.saved[HOME, made] = mine
        world.complete(HOME, made)


def test_c5_c6_what_two_computers_changed_is_brought_together_as_the_next_revision(world: World, home: Desk) -> None:
    document = on_both(world)
    edited_on_both(world, document)
    world.merge(HOME, document)
    assert (reasons(home), home.state(document)) == ([], State.BACKED_UP)
    assert world.complete(HOME, document)
    world.synchronize(HOME)
    assert answered(world, document)[-1] == ("accepted", None)
    assert world.at_insurer().words(document, 3) == world.saved[HOME, document]


@pytest.mark.parametrize("is_refused_first", [False, True])
def test_c6_what_was_completed_without_a_decision_does_not_hide_the_offer_that_went(
    world: World, *, is_refused_first: bool
) -> None:
    document = completed_over_what_has_moved_on(world)
    if is_refused_first:
        synchronized(world)
    world.export(by_hand=True)
    synchronized(world)
    assert world.on(NAME).documents[document]["revision"] == world.at_insurer().items[document]["revision"] == 2
    assert reasons(world.desks[NAME]) == [Reason.EXPORTED_EDIT]


def test_c6_what_was_completed_without_a_decision_is_to_be_decided_again(world: World) -> None:
    laptop, document = world.desks[NAME], completed_over_what_has_moved_on(world)
    mine = world.saved[NAME, document]
    synchronized(world)
    assert answered(world, document)[-1] == ("conflict", "stale")
    assert (reasons(laptop), laptop.words(document)) == ([Reason.STALE_EDIT], (mine, mine))
    assert not record_of(laptop, document).facts.returned_at


def test_c6_what_was_completed_and_cancelled_without_a_decision_does_not_look_sent(world: World) -> None:
    laptop, document = world.desks[NAME], completed_over_what_has_moved_on(world)
    mine = world.saved[NAME, document]
    assert world.cancel(NAME, document)
    synchronized(world)
    check(world)
    assert answered(world, document)[-1] == ("conflict", "stale")
    assert not record_of(laptop, document).facts.cancelled_at
    assert set(reasons(laptop)) == {Reason.STALE_EDIT, Reason.STALE_CANCELLATION}
    assert laptop.words(document) == (mine, mine)


def test_c7_two_computers_that_say_the_same_are_in_no_conflict(world: World, home: Desk) -> None:
    document = on_both(world)
    words = edited(world, document)
    synchronized(world)
    home.type_in(document, words)
    home.complete(document)
    world.saved[HOME, document] = words
    world.synchronize(HOME)
    assert reasons(home) == []
    assert home.words(document) == (words, words)
    assert home.state(document) is State.BACKED_UP


def test_c8_an_edit_of_an_offer_that_was_cancelled_on_the_other_computer_is_kept_and_can_be_copied(
    world: World, home: Desk
) -> None:
    document = on_both(world)
    assert world.cancel(NAME, document)
    synchronized(world)
    assert world.type_in(HOME, document)
    assert world.complete(HOME, document)
    mine = world.saved[HOME, document]
    world.synchronize(HOME)
    assert answered(world, document)[-1] == ("conflict", "cancelled")
    assert (home.state(document), reasons(home)) == (State.CANCELLED, [Reason.CANCELLED_EDIT])
    assert home.words(document) == (mine, mine)
    assert Action.COPY in ways(home, document)
    copy = home.resolve(document, Way.COPIED, mine)
    assert copy is not None
    world.saved[HOME, copy] = mine
    world.saved[HOME, document] = home.words(document)[0]
    world.complete(HOME, copy)


@pytest.mark.parametrize("database_only", [False, True])
def test_c10_a_desk_that_was_put_back_to_yesterday_goes_on_and_nothing_is_sent_twice(
    world: World, database_only: bool
) -> None:
    first = sent(world)
    waiting = completed(world)
    world.copies.keep(NAME)
    late = edited(world, first)
    synchronized(world)
    new = sent(world)
    before = record_of(world.desks[NAME], first)
    world.copies.put_back(NAME, database_only=database_only)
    alena = world.desks[NAME]
    assert alena.store.document(new) is None
    assert world.type_in(NAME, first)
    assert world.complete(NAME, first)  # as a second revision too, over the same first one
    mine = world.saved[NAME, first]
    world.synchronize(NAME)
    check(world)
    assert (record_of(alena, new).revision, alena.state(waiting)) == (1, State.BACKED_UP)  # both are back
    assert (reasons(alena), alena.words(first)) == ([Reason.STALE_EDIT], (mine, mine))
    sides = alena.store.conflicts.sides(first)
    assert sides is not None
    assert sides.theirs is not None
    assert (sides.theirs.answers["words"], sides.theirs.revision) == (late, before.revision)
    assert [each.code for each in alena.store.repairs()] == ["installation_restored"]
    assert len([place for place in world.at_insurer().revisions if place[0] == waiting]) == 1


def test_c11_a_copied_desk_and_its_copy_each_go_on_under_a_name_of_their_own(world: World) -> None:
    document = sent(world)
    waiting = completed(world)
    world.copies.keep(NAME)
    clone = world.copies.go_on_with(NAME)
    for name in (NAME, clone):
        made = world.new(name)
        assert made is not None
        world.complete(name, made)
    synchronized(world)
    world.synchronize(clone)
    world.synchronize(clone)
    check(world)
    names = [world.on(each).enrolment["installation"] for each in (NAME, clone)]
    assert len(set(names)) == 2
    assert not world.on(clone).waiting
    assert len([row for row in world.at_insurer().revisions if row[0] == waiting]) == 1
    assert world.desks[clone].state(document) is State.BACKED_UP
