"""A fixed day, lived once for each point at which a process can die on it; then everything heals and is looked at."""

from collections.abc import Callable, Iterator
from functools import partial

from localapp.store.conflicts import Way
from tests.sim.checking import check
from tests.sim.crashing import Crashing
from tests.sim.quiet import settle
from tests.sim.world import World

NAME, HOME = "alena", "alena at home"
ENDLESS = 1_000_000
DESK, INSURER = "the desk", "the insurer"
Step = Callable[[], object]


def day(world: World) -> Iterator[Step]:
    """The steps. Each asks for what lies there, because a death may have left it undone."""
    yield world.insurer.keep_copy
    yield from _first_is_changed_too_late(world)
    yield from _second_is_cancelled_and_third_corrected(world)
    yield from _fourth_is_changed_on_two_computers(world)
    yield world.restore_insurer
    yield from _both_synchronize(world)


def _first_is_changed_too_late(world: World) -> Iterator[Step]:
    yield lambda: world.new(NAME)
    if not world.desks[NAME].documents():  # the desk died before it was there
        yield lambda: world.new(NAME)
    document = world.desks[NAME].documents()[0]
    yield lambda: world.complete(NAME, document)
    yield lambda: world.synchronize(NAME)
    yield lambda: world.type_in(NAME, document)
    yield lambda: world.export(by_hand=True)
    yield lambda: world.complete(NAME, document)
    yield lambda: world.synchronize(NAME)
    yield lambda: world.copy(NAME, document)


def _second_is_cancelled_and_third_corrected(world: World) -> Iterator[Step]:
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


def _fourth_is_changed_on_two_computers(world: World) -> Iterator[Step]:
    document = _newest(world)
    yield lambda: world.synchronize(HOME)
    for name in (HOME, NAME):
        if document in world.desks[name].documents():
            yield lambda name=name: world.type_in(name, document)  # type: ignore[misc]
            yield lambda name=name: world.complete(name, document)  # type: ignore[misc]
        yield lambda name=name: world.synchronize(name)  # type: ignore[misc]
    yield lambda: world.resolve(NAME, document, Way.COPIED)
    yield lambda: world.complete(NAME, _newest(world))
    yield lambda: world.synchronize(NAME)


def _both_synchronize(world: World) -> Iterator[Step]:
    for name in (HOME, NAME, HOME, NAME):
        yield lambda name=name: world.synchronize(name)  # type: ignore[misc]


def _newest(world: World) -> str:
    return world.desks[NAME].documents()[-1]


def live(who: str, point: int, heard: Callable[[World, Crashing], object] | None = None) -> None:
    """Live the day; the process of ``who`` dies at ``point`` of it. Raises ViolatedError.

    ``heard`` is told of each point that is passed.
    """
    world = World([NAME, HOME])
    dying = world.desks[NAME] if who == DESK else world.insurer
    dying.doom = point
    if heard is not None:
        dying.hear(partial(heard, world))
    try:
        for step in day(world):
            step()
            check(world)
        dying.doom = 0
        dying.hear(lambda _: None)
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
    live(who, ENDLESS, lambda world, crashing: seen.append((crashing.image(), len(world.letters))))
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
