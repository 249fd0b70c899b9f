"""Wherever a process dies, nothing acknowledged is lost, and the next start goes on. ``make sim`` tries every point."""

import pytest

from tests.sim.crash_points import DESK, INSURER, at_each


@pytest.mark.timeout(900)  # on a busy machine
@pytest.mark.long
@pytest.mark.parametrize(("who", "stride"), [(DESK, 20), (INSURER, 8)])
def test_a_death_at_any_statement_loses_nothing(who: str, stride: int) -> None:
    points, days = at_each(who, stride=stride)
    assert points > 300
    assert days >= 10
