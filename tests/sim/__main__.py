"""``python -m tests.sim --examples 5000 --steps 60 --seed 1``: each crash point, then so many runs of so many steps.

The runs are done in parts of ``RUNS_OF_A_PART``, each from a seed of its own: so several processes can share them, a
long simulation can go on where it was broken off, and what one seed finds does not depend on either.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context

from tests.sim.crash_points import DESK, INSURER, at_each
from tests.sim.parts import RUNS_OF_A_PART, one_part


def main() -> int:
    """1 when an invariant does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=400)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="the part to begin with")
    parser.add_argument("--workers", type=int, default=1, help="how many processes share the parts")
    parser.add_argument("--shrink", action="store_true", help="make a failing run as short as it gets")
    parser.add_argument("--points", action=argparse.BooleanOptionalAction, default=True, help="try every crash point")
    chosen = parser.parse_args()
    try:
        if chosen.points:
            _die_everywhere()
    except AssertionError as fault:
        _say(_told(fault))
        return 1
    return _simulate(chosen)


def _die_everywhere() -> None:
    for who in (DESK, INSURER):
        points, days = at_each(who)
        _say(f"{who} dies at each of {points} points of a day, {days} of them different: nothing lost or hidden")


def _simulate(chosen: argparse.Namespace) -> int:
    """All parts, each told as it ends; 1 when anything was lost, doubled or hidden in one of them."""
    began, done, found = time.monotonic(), 0, 0
    count = -(-chosen.examples // RUNS_OF_A_PART)
    for part, ended in _parts(chosen, range(chosen.first, count + 1)):
        try:
            done += ended()
        except AssertionError as fault:
            found += 1
            _say(_told(fault))
            continue
        took = time.monotonic() - began
        _say(f"part {part} of {count} is clean; {done} steps in {took:.0f} s, {done / took:.0f} a second")
    ended_so = f"{found} parts found something" if found else "nothing lost, doubled or hidden"
    _say(f"{chosen.examples} x {chosen.steps}, seed {chosen.seed}: {ended_so}")
    return 1 if found else 0


def _parts(chosen: argparse.Namespace, parts: range) -> Iterator[tuple[int, Callable[[], int]]]:
    """Each part, as they end, with what gives the steps it took or raises ViolatedError."""
    one = partial(one_part, chosen.examples, chosen.steps, chosen.seed, shrinks=chosen.shrink)
    if chosen.workers == 1:
        yield from ((part, partial(one, part)) for part in parts)
        return
    with ProcessPoolExecutor(chosen.workers, mp_context=get_context("spawn")) as workers:
        running = {workers.submit(one, part): part for part in parts}
        yield from ((running[done], done.result) for done in as_completed(running))


def _told(fault: AssertionError) -> str:
    return "\n".join((*getattr(fault, "__notes__", ()), str(fault)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
