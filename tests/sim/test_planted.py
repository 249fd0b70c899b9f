"""Each of the mistakes that would lose, double or hide a change is found, by the invariant that names it."""

from collections.abc import Iterator

import pytest

from tests.sim.invariants import ViolatedError
from tests.sim.planted import PLANTED, Planted
from tests.sim.planted_beside import PLANTED_BESIDE
from tests.sim.quiet import settle
from tests.sim.world import World

EACH = (*PLANTED, *PLANTED_BESIDE)


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.mark.parametrize("planted", EACH, ids=lambda each: each.plant.__name__)
def test_a_planted_mistake_is_found(world: World, monkeypatch: pytest.MonkeyPatch, planted: Planted) -> None:
    planted.plant(monkeypatch)
    with pytest.raises(ViolatedError, match=f"^{planted.found_by}: "):
        planted.day(world)


@pytest.mark.parametrize("planted", {each.day: each for each in EACH}.values(), ids=lambda each: each.day.__name__)
def test_without_a_mistake_the_same_day_ends_well(world: World, planted: Planted) -> None:
    planted.day(world)
    settle(world)
