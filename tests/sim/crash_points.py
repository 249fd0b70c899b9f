"""A fixed day, lived once for each point at which a process can die on it; then everything heals and is looked at."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.sim.crashing import Crashing
from tests.sim.invariants import check
from tests.sim.quiet import settle
from tests.sim.world import World

NAME = "alena"
ENDLESS = 1_000_000
DESK, INSURER = "the desk", "the insurer"


def day(world: World) -> Iterator[Callable[[], object]]:
    """The steps: a first offer goes, is changed too late, a second is cancelled, a third returned and corrected."""
    first = _completed(world)
    yield from first
    yield lambda: world.synchronize(NAME)
    document = _oldest(world)
    yield lambda: world.type_in(NAME, document)
    yield lambda: world.export(by_hand=True)
    yield lambda: world.complete(NAME, document)
    yield lambda: world.synchronize(NAME)
    yield lambda: world.copy(NAME, document)
    yield lambda: world.complete(NAME, _newest(world))
    yield lambda: world.synchronize(NAME)
    yield lambda: world.cancel(NAME, _newest(world))
    yield lambda: world.synchronize(NAME)
    yield lambda: world.new(NAME, wrong=True)
    yield lambda: world.complete(NAME, _newest(world))
    yield lambda: world.synchronize(NAME)
    yield world.evaluate
    yield lambda: world.synchronize(NAME)
    yield lambda: world.type_in(NAME, _newest(world))
    yield lambda: world.discard(NAME, _newest(world))
    yield lambda: world.type_in(NAME, _newest(world))
    yield lambda: world.complete(NAME, _newest(world))
    yield lambda: world.synchronize(NAME)


def _completed(world: World) -> Iterator[Callable[[], object]]:
    yield lambda: world.new(NAME)
    if not world.desks[NAME].documents():  # the desk died before it was there
        yield lambda: world.new(NAME)
    yield lambda: world.complete(NAME, _oldest(world))


def _oldest(world: World) -> str:
    return world.desks[NAME].documents()[0]


def _newest(world: World) -> str:
    return world.desks[NAME].documents()[-1]


def live(who: str, point: int, heard: Callable[[World, Crashing, str], object] | None = None) -> None:
    """Live the day; the process of ``who`` dies at ``point`` of it. Raises ViolatedError.

    ``heard`` is told of each point that is passed.
    """
    world = World([NAME])
    dying = world.desks[NAME] if who == DESK else world.insurer
    dying.doom = point
    if heard is not None:
        dying.crashing.heard = partial(heard, world, dying.crashing)
    try:
        for step in day(world):
            step()
            check(world)
        dying.doom = 0
        dying.crashing.heard = lambda _: None
        settle(world)
    except AssertionError as failure:
        failure.add_note(f"{who} died at point {point} of the day")
        raise
    finally:
        world.close()


def points_of(who: str) -> tuple[int, list[int]]:
    """How many points the day has, and those among them at which a death is another one than at the point before.

    Between two points nothing may have changed on the disk and nothing may have been sent: reading changes nothing.
    """
    seen: list[tuple[int, int]] = []
    live(who, ENDLESS, lambda world, crashing, _: seen.append((crashing.image(), len(world.letters))))
    different = [number for number, found in enumerate(seen, 1) if number == 1 or found != seen[number - 2]]
    return len(seen), different


def at_each(who: str, *, stride: int = 1) -> tuple[int, int]:
    """Live the day for every ``stride``-th of the deaths that differ; how many points there are, and days were lived.

    Raises ViolatedError.
    """
    count, points = points_of(who)
    for point in points[::stride]:
        live(who, point)
    return count, len(points[::stride])
