"""Random lines, valid and not, put to the real command: the same ones each time; ``make fuzz`` tries 10,000 others."""

import pytest

from tests.calculation.fuzz import run

LINES = 1_000


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(900)
def test_each_random_line_gets_an_answer_and_the_judge_agrees() -> None:
    seen = run(LINES, 1).seen
    assert seen["judged"] + seen["of a wrong shape"] == seen["lines"] >= LINES
    assert min(seen["priced"], seen["solved"], seen["indexed"], seen["of a wrong shape"]) > 0
