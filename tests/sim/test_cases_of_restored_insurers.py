"""The cases of a conflict in which the insurer is put back to yesterday: C15."""

from localapp import clock
from localapp.domain.lifecycle import State
from localapp.store.conflicting import Reason
from localapp.store.conflicts import Way
from tests.sim.checking import check
from tests.sim.desk import Desk
from tests.sim.test_cases import NAME, edited, sent, synchronized
from tests.sim.test_cases_of_copies import HOME, edited_on_both, home, on_both, reasons, world
from tests.sim.world import World

__all__ = ["home", "world"]


def test_c15_a_restored_insurer_is_healed_by_the_desks_and_exports_nothing_twice(world: World) -> None:
    alena = world.desks[NAME]
    known = sent(world)
    world.insurer.keep_copy()
    gone, exported, late = sent(world), sent(world), sent(world)
    edited(world, known)
    synchronized(world)
    with clock.moved_to(world.now):
        world.insurer.endpoint.evaluate_waiting()
    world.cancel(NAME, gone)
    synchronized(world)
    world.export(by_hand=True)
    synchronized(world)
    lines = world.insurer.lines()
    world.restore_insurer()
    assert set(world.insurer.lines()) == set(lines)
    for name in (*world.desks, NAME):
        world.synchronize(name)
    assert not world.is_healing
    check(world)
    insurer = world.at_insurer()
    assert {gone, exported, late, known} <= set(insurer.documents)
    assert insurer.documents[known]["revision"] == 2
    assert [alena.state(each) for each in (known, gone, exported)] == [State.EXPORTED, State.CANCELLED, State.EXPORTED]


def test_c15_a_restored_insurer_is_healed_by_a_computer_that_has_received_what_a_lost_one_had_made(
    world: World, home: Desk
) -> None:
    known = on_both(world)
    world.insurer.keep_copy()
    gone = sent(world)
    for _ in range(2):
        world.synchronize(HOME)  # each revision but the last of ``known`` comes by itself
        words = edited(world, known)
        synchronized(world)
    world.cancel(NAME, gone)
    synchronized(world)
    new = sent(world)
    edited(world, new)
    synchronized(world)
    world.synchronize(HOME)
    world.restore_insurer()
    world.synchronize(HOME)  # the laptop does not come any more
    insurer = world.at_insurer()
    assert (insurer.documents[known]["revision"], insurer.words(known, 3)) == (3, words)
    assert insurer.documents[gone]["cancelled_at"]
    assert insurer.words(new, 2) == world.saved[NAME, new]
    assert (home.state(known), home.state(gone), home.state(new)) == (
        State.BACKED_UP, State.CANCELLED, State.BACKED_UP,
    )  # fmt: skip
    with clock.moved_to(world.now):
        world.insurer.endpoint.evaluate_waiting()
    assert not any(insurer.documents[each]["returned_at"] for each in (known, new))
    world.export(by_hand=True)
    assert {known, new} <= {line["document"] for lines in world.insurer.lines().values() for line in lines}


def test_c15_what_another_computer_made_under_the_number_of_an_own_refused_edit_comes_back_too(
    world: World, home: Desk
) -> None:
    document = on_both(world)
    world.insurer.keep_copy()
    theirs, _ = edited_on_both(world, document)
    world.resolve(HOME, document, Way.COPIED)
    world.restore_insurer()
    world.synchronize(HOME)  # the laptop does not come any more
    check(world)
    assert world.at_insurer().words(document, 2) == theirs
    assert home.state(document) is State.BACKED_UP


def test_c15_an_edit_that_a_restored_insurer_has_lost_and_exported_without_stands_beside_what_went(
    world: World,
) -> None:
    alena, document = world.desks[NAME], on_both(world)
    world.insurer.keep_copy()
    lost = edited(world, document)
    synchronized(world)
    world.restore_insurer()
    world.export(by_hand=True)
    synchronized(world)
    assert world.at_insurer().items[document]["revision"] == 1
    assert (alena.state(document), reasons(alena)) == (State.CONFLICT, [Reason.EXPORTED_EDIT])
    assert alena.words(document) == (lost, lost)


def test_c15_a_signature_that_a_restored_insurer_has_lost_comes_back_with_its_files(world: World) -> None:
    document = on_both(world)
    world.insurer.keep_copy()
    assert world.sign(NAME, document, files=2)
    synchronized(world)
    world.restore_insurer()
    assert not world.at_insurer().documents[document]["signed_at"]
    synchronized(world)
    assert world.at_insurer().documents[document]["signed_at"]
    assert world.at_insurer().documents[document]["attachments_missing"] == 0


def test_c15_a_computer_that_asked_in_vain_for_what_was_only_in_the_export_gets_it_once_another_has_brought_it(
    world: World, home: Desk
) -> None:
    document = on_both(world)
    world.insurer.keep_copy()
    theirs = edited(world, document)
    synchronized(world)
    world.export(by_hand=True)
    world.restore_insurer()
    world.synchronize(HOME)
    assert world.on(HOME).elsewhere
    synchronized(world)
    world.synchronize(HOME)
    assert home.words(document) == (theirs, theirs)
    assert not world.on(HOME).elsewhere
