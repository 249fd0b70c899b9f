"""``python -m tests.sim --examples 5000 --steps 60 --seed 1``: simulate so often, so long, and say what was done."""

import argparse
import sys
import time

from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from tests.sim.machine import Simulation, settings_of


def main() -> int:
    """1 when an invariant does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=400)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shrink", action="store_true", help="make a failing run as short as it gets")
    chosen = parser.parse_args()
    began = time.monotonic()
    try:
        chosen_settings = settings_of(chosen.examples, chosen.steps, shrinks=chosen.shrink)
        run_state_machine_as_test(seed(chosen.seed)(Simulation), settings=chosen_settings)
    except AssertionError as fault:
        sys.stdout.write("".join(f"{line}\n" for line in (*getattr(fault, "__notes__", ()), str(fault))))
        return 1
    finally:
        took = time.monotonic() - began
        sys.stdout.write(f"{Simulation.done} steps in {took:.0f} s, {Simulation.done / took:.0f} a second\n")
    sys.stdout.write(f"{chosen.examples} x {chosen.steps}, seed {chosen.seed}: nothing lost, doubled or hidden\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
