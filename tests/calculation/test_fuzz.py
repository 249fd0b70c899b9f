"""Random requests, valid and not, in a small number; the full one is ``python -m tests.calculation.fuzz``."""

from tests.calculation.fuzz import run


def test_every_random_request_gets_an_answer_and_the_judge_agrees() -> None:
    trial = run(400)
    assert trial.seen["judged"] + trial.seen["of a wrong shape"] == trial.seen["requests"] >= 400
    assert trial.seen["priced"] > 0
