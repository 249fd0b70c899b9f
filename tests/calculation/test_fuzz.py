"""Random lines, valid and not, put to the real command; more with ``python -m tests.calculation.fuzz``."""

import pytest

from tests.calculation.fuzz import run


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(900)
def test_each_of_10_000_random_lines_gets_an_answer_and_the_judge_agrees() -> None:
    seen = run(10_000).seen
    assert seen["judged"] + seen["of a wrong shape"] == seen["lines"] >= 10_000
    assert min(seen["priced"], seen["solved"], seen["indexed"], seen["of a wrong shape"]) > 0
