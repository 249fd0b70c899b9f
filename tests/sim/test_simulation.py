"""Whatever happens between three desks and the insurer, nothing typed is lost and nothing is exported twice."""

import pytest
from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from tests.sim.machine import Simulation, settings_of


@pytest.mark.timeout(900)  # on a busy machine
@pytest.mark.long
def test_nothing_is_lost_doubled_or_hidden_whatever_happens() -> None:
    run_state_machine_as_test(seed(1)(Simulation), settings=settings_of(20, 40, shrinks=False))
