"""``python -m tests.sim --examples 5000 --steps 60 --seed 1``: each crash point, then so many runs of so many steps."""

import argparse
import sys
import time

from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from tests.sim.crash_points import DESK, INSURER, at_each
from tests.sim.machine import Simulation, settings_of


def main() -> int:
    """1 when an invariant does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=400)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shrink", action="store_true", help="make a failing run as short as it gets")
    parser.add_argument("--points", action=argparse.BooleanOptionalAction, default=True, help="try every crash point")
    chosen = parser.parse_args()
    try:
        if chosen.points:
            _die_everywhere()
        _simulate(chosen)
    except AssertionError as fault:
        _say("\n".join((*getattr(fault, "__notes__", ()), str(fault))))
        return 1
    return 0


def _die_everywhere() -> None:
    for who in (DESK, INSURER):
        points, days = at_each(who)
        _say(f"{who} dies at each of {points} points of a day, {days} of them different: nothing lost or hidden")


def _simulate(chosen: argparse.Namespace) -> None:
    began = time.monotonic()
    chosen_settings = settings_of(chosen.examples, chosen.steps, shrinks=chosen.shrink)
    try:
        run_state_machine_as_test(seed(chosen.seed)(Simulation), settings=chosen_settings)
    finally:
        took = time.monotonic() - began
        _say(f"{Simulation.done} steps in {took:.0f} s, {Simulation.done / took:.0f} a second")
    _say(f"{chosen.examples} x {chosen.steps}, seed {chosen.seed}: nothing lost, doubled or hidden")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
