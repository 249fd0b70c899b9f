"""Random requests in number: ``python -m tests.calculation.fuzz --examples 10000``.

Every request gets an answer of the right shape within its limits, and the judge agrees on each the formulas see.
"""

import argparse
import io
import json
import sys
import time
from collections import Counter
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings

from localapp.calculation.calculator import Calculator
from localapp.calculation.golden import ANSWER_KEYS, first_difference
from localapp.calculation.lines import quote_lines
from localapp.calculation.sandbox import Sandbox
from localapp.calculation.shapes import ShapeError
from tests.calculation.components import LIBRARY
from tests.calculation.contracts import Contract, requests
from tests.calculation.judge import Judge


class Trial:
    """Puts requests through the command line's way and before the judge; counts what it saw."""

    def __init__(self, calculator: Calculator, judge: Judge) -> None:
        self._calculator = calculator
        self._judge = judge
        self.seen: Counter[str] = Counter()
        self.slowest = 0.0
        self.slowest_request: Contract = {}

    def try_one(self, asked: Contract) -> None:
        """Raises AssertionError with the request when an answer is missing, misshapen, or not the judge's."""
        start = time.perf_counter()
        answers = list(quote_lines(self._calculator, io.BytesIO(json.dumps(asked).encode() + b"\n")))
        taken = time.perf_counter() - start
        if taken > self.slowest:
            self.slowest, self.slowest_request = taken, asked
        answer = json.loads(answers[0])
        assert len(answers) == 1, asked
        assert tuple(answer) == ANSWER_KEYS, asked
        assert (answer["output"] is None) == bool(answer["problems"]), asked
        assert answer["problems"] == sorted(set(answer["problems"])), asked
        self.seen["requests"] += 1
        self.seen["priced"] += answer["output"] is not None
        self.seen["solved"] += answer["solution"] is not None
        self.seen["indexed"] += answer["indexation_output"] is not None
        self._judge_one(asked, answer)

    def _judge_one(self, asked: Contract, answer: Contract) -> None:
        asked = json.loads(json.dumps(asked), parse_float=Decimal)
        try:
            judged = self._judge.quote(asked["input"], asked.get("target_premium"), asked.get("indexation"))
        except ShapeError:
            self.seen["of a wrong shape"] += 1
            assert answer["problems"] == ["input_invalid"], asked
            return
        difference = first_difference(judged, answer)
        assert difference is None, f"{difference}: {asked}"
        self.seen["judged"] += 1


def run(examples: int) -> Trial:
    """Try so many random requests. Raises AssertionError at the first that fails."""
    with Sandbox() as sandbox:
        trial = Trial(Calculator(LIBRARY, sandbox), Judge(LIBRARY))

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(requests())
        def tried(asked: Contract) -> None:
            trial.try_one(asked)

        tried()
    return trial


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    trial = run(parser.parse_args().examples)
    sys.stdout.write(f"{dict(trial.seen)}, slowest {trial.slowest * 1000:.1f} ms\n")
    sys.stderr.write(f"slowest: {json.dumps(trial.slowest_request)}\n")
