"""Attack 36 with a clock that is two days off: no set clock brings a change into an export that is over, or brings
back what was decided.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from localapp.domain.lifecycle import State
from tests.sim.checking import check
from tests.sim.line import Fault, Trouble
from tests.sim.planted import PUSH
from tests.sim.quiet import settle
from tests.sim.test_cases import NAME, answered, completed, edited, sent, synchronized
from tests.sim.world import World

TWO_DAYS = timedelta(days=2)
DECIDED = "SELECT id, digest, document, outcome, code FROM operation ORDER BY at, id"
EXPORTED = "SELECT document_id, export_key, position, revision FROM export_item ORDER BY document_id"


@pytest.fixture(params=[-TWO_DAYS, TWO_DAYS], ids=["two days behind", "two days ahead"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Three desks; Alena's clock is wrong from the beginning."""
    made = World()
    made.desks[NAME].ahead = request.param
    yield made
    check(made)
    made.close()


def test_a_change_made_after_the_export_does_not_get_into_it(world: World) -> None:
    document = sent(world)
    world.export(by_hand=True)
    gone = world.insurer.rows(EXPORTED)
    words = edited(world, document)
    synchronized(world)
    assert answered(world, document) == [("accepted", None), ("conflict", "exported")]
    assert world.desks[NAME].state(document) is State.CONFLICT
    assert world.desks[NAME].words(document) == (words, words)  # nothing typed is lost
    world.export(by_hand=True)
    assert world.insurer.rows(EXPORTED) == gone
    settle(world)


def test_what_is_sent_again_days_later_by_any_clock_has_its_recorded_outcome(world: World) -> None:
    document = completed(world)
    world.synchronize(NAME, Trouble(Fault.NO_ANSWER, PUSH))
    letters, decided = list(world.letters), world.insurer.rows(DECIDED)
    world.now += timedelta(hours=3)
    for letter in reversed(letters):
        world.arrive_late(letter)
    assert world.insurer.rows(DECIDED) == decided
    world.desks[NAME].ahead = -world.desks[NAME].ahead  # and the clock is set the other way
    synchronized(world)
    assert world.insurer.rows(DECIDED) == decided
    assert world.desks[NAME].state(document) is State.BACKED_UP
    settle(world)


def test_what_is_completed_tonight_goes_tonight_whatever_the_laptop_says(world: World) -> None:
    document = sent(world)
    world.now = world.now.replace(hour=20, minute=0, second=5)  # five seconds past 21:00 in Prague
    world.export(by_hand=False)
    synchronized(world)
    assert world.desks[NAME].state(document) is State.EXPORTED
    settle(world)
