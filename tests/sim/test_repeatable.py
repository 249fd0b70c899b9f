"""The same day gives the same files, and by no desk's clock is anything decided."""

from datetime import timedelta

import pytest

from tests.sim import ready
from tests.sim.repeatable import busy_day, files, tables, with_names_of_its_own, without_chance
from tests.sim.world import World

HOUR, DECADE = timedelta(hours=1), timedelta(days=3653)
CLOCKS = {
    "right": (timedelta(0), timedelta(0), timedelta(0)),
    "wrong": (DECADE, -HOUR, -DECADE),
    "exchanged": (-DECADE, DECADE, HOUR),
}
SEEDS = (3, 4)


def lived(seed: int, clocks: str) -> tuple[dict[str, list[object]], dict[str, bytes]]:
    """The endpoint's tables and files after a busy day with these clocks."""
    ready.made_once()  # by chance of its own
    with pytest.MonkeyPatch.context() as patch:
        without_chance(patch, seed)
        world = World()
        try:
            for desk, ahead in zip(world.desks.values(), CLOCKS[clocks], strict=True):
                desk.ahead = ahead
            for name in world.desks:
                world.synchronize(name)  # notes the wrong clock: crashes are counted in statements
            busy_day(world, seed)
            return tables(world), files(world)
        finally:
            world.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_day_gives_the_same_tables_and_the_same_export_files(seed: int) -> None:
    once, twice = lived(seed, "right"), lived(seed, "right")
    assert once[0]["export_item"]
    assert once == twice


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("clocks", ["wrong", "exchanged"])
def test_clocks_that_are_wrong_by_years_change_nothing_at_the_insurer(seed: int, clocks: str) -> None:
    """I11."""
    right, other = (with_names_of_its_own(lived(seed, each)[0]) for each in ("right", clocks))
    assert right == other
