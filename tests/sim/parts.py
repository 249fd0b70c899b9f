"""One part of a long simulation, in a module of its own: a worker process cannot import what ``__main__`` holds."""

import gc

from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from tests.sim.machine import Simulation, settings_of

RUNS_OF_A_PART = 100
_SEEDS_OF_ONE = 10_000


def one_part(examples: int, steps: int, first_seed: int, part: int, *, shrinks: bool) -> int:
    """How many steps it took. Raises ViolatedError."""
    gc.set_threshold(200_000, 20, 100)  # a tenth of the time went into looking for garbage that there is not
    before = Simulation.done
    runs = min(RUNS_OF_A_PART, examples - (part - 1) * RUNS_OF_A_PART)
    wanted = settings_of(runs, steps, shrinks=shrinks)
    try:
        run_state_machine_as_test(seed(first_seed * _SEEDS_OF_ONE + part)(Simulation), settings=wanted)
    except AssertionError as fault:
        fault.add_note(f"part {part} of seed {first_seed}")
        raise
    return Simulation.done - before
