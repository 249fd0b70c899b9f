"""Three desks, the insurer and its export are killed on a line that breaks; nothing is lost, doubled or hidden."""

import pytest

from tests.chaos.three import three


@pytest.mark.slow
@pytest.mark.timeout(900)  # on a busy machine
@pytest.mark.long
def test_nothing_is_lost_doubled_or_hidden_when_every_process_is_killed_and_the_line_breaks() -> None:
    with three(seed=6) as world:
        rounds = [world.kill_once() for _ in range(4)]
        world.end()
    assert sum(each.completed for each in rounds) > 0
    assert sum(each.cuts for each in rounds) > 0
    assert rounds[-1].exported > 0
