"""C10 in particular: what was done on a database that was put back to a state before a document was sent."""

from collections.abc import Iterator

import pytest

from localapp.domain.lifecycle import State
from localapp.store.conflicting import Reason
from tests.sim.checking import check
from tests.sim.quiet import settle
from tests.sim.test_cases import NAME, completed, edited, synchronized
from tests.sim.world import World


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    settle(made)
    made.close()


def put_back_to_before_it_was_sent(world: World) -> str:
    """An offer that the insurer has, on a desk whose database believes that it never left."""
    document = completed(world)
    world.copies.keep(NAME)
    synchronized(world)
    world.copies.put_back(NAME, database_only=False)
    return document


def test_c10_a_cancellation_of_what_an_older_state_believes_unsent_is_told_to_the_insurer(world: World) -> None:
    document = put_back_to_before_it_was_sent(world)
    assert world.cancel(NAME, document)
    synchronized(world)
    synchronized(world)
    check(world)
    assert world.at_insurer().documents[document]["cancelled_at"]
    assert not world.desks[NAME].store.conflicts.open()


def test_c10_a_cancellation_never_meets_a_text_that_this_desk_has_not_seen(world: World) -> None:
    document = completed(world)
    world.copies.keep(NAME)
    synchronized(world)
    unseen = edited(world, document)
    synchronized(world)
    world.copies.put_back(NAME, database_only=False)
    assert world.cancel(NAME, document)
    synchronized(world)
    synchronized(world)
    assert not world.at_insurer().documents[document]["cancelled_at"]
    assert [each.reason for each in world.desks[NAME].store.conflicts.open()] == [Reason.STALE_CANCELLATION]
    assert world.desks[NAME].words(document) == (unseen, unseen)


def test_c10_an_edit_of_what_an_older_state_believes_unsent_is_the_next_revision(world: World) -> None:
    document = put_back_to_before_it_was_sent(world)
    edited(world, document)
    synchronized(world)
    check(world)
    assert world.at_insurer().documents[document]["revision"] == 2
    assert world.desks[NAME].state(document) is State.BACKED_UP
