"""Random lines in number against the real command: ``python -m tests.calculation.fuzz --examples 10000 --seed 1``.

Every line, valid, broken or no JSON at all, gets one answer of the right shape from ``python -m localapp quote -``
within its limits, and the judge agrees on each that the formulas see.
"""

import argparse
import json
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from localapp.calculation.golden import ANSWER_KEYS, first_difference
from localapp.calculation.shapes import ShapeError
from tests.calculation.components import LIBRARY
from tests.calculation.contracts import Contract, requests
from tests.calculation.judge import Judge
from tests.running import ROOT

LONGEST = 20.0  # seconds until a line without an answer counts as a hang; the formulas' own limit is 2


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A request as bytes with a few of them cut out, doubled or replaced."""
    line = json.dumps(draw(requests())).encode()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(line)))
        line = line[:at] + draw(st.binary(max_size=3)) + line[at + draw(st.integers(0, 20)) :]
    return line


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """What may stand in one line: mostly requests, now and then damaged ones, other JSON and any bytes."""
    request = requests().map(lambda asked: json.dumps(asked).encode())
    other = st.one_of(
        damaged(),
        _JSON.map(lambda value: json.dumps(value).encode()),
        _JSON.map(lambda value: json.dumps({"input": value}, ensure_ascii=False).encode("utf-8", "surrogatepass")),
        st.binary(max_size=60),
    )
    line = draw(request if draw(st.integers(0, 9)) else other)
    return line.replace(b"\n", b" ")


class Quoting:
    """One running ``quote -``, asked line by line."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def ask(self, line: bytes) -> str:
        """The answer line. Raises AssertionError when the process ended or hangs (it is then killed)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        hang = threading.Timer(LONGEST, self._process.kill)
        hang.start()
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        hang.cancel()
        assert answer.endswith(b"\n"), f"no answer to {line!r}"
        return answer.decode()


@contextmanager
def quoting() -> Iterator[Quoting]:
    """The real command until the end of the block; it must have said nothing else and end well."""
    command = [sys.executable, "-m", "localapp", "quote", "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    try:
        yield Quoting(process)
        more, said = process.communicate(timeout=LONGEST)
        assert (process.returncode, more, said) == (0, b"", b"")
    finally:
        process.kill()
        process.communicate()


class Trial:
    """Puts lines through the command and requests before the judge; counts what it saw."""

    def __init__(self, command: Quoting, judge: Judge) -> None:
        self._command = command
        self._judge = judge
        self.seen: Counter[str] = Counter()
        self.slowest = 0.0
        self.slowest_line = b""

    def try_one(self, line: bytes) -> None:
        """Raises AssertionError with the line when its answer is missing, misshapen, or not the judge's."""
        start = time.perf_counter()
        answer = json.loads(self._command.ask(line))
        taken = time.perf_counter() - start
        if taken > self.slowest:
            self.slowest, self.slowest_line = taken, line
        assert tuple(answer) == ANSWER_KEYS, line
        assert (answer["output"] is None) == bool(answer["problems"]), line
        assert answer["problems"] == sorted(set(answer["problems"])), line
        self.seen["lines"] += 1
        self.seen["priced"] += answer["output"] is not None
        self.seen["solved"] += answer["solution"] is not None
        self.seen["indexed"] += answer["indexation_output"] is not None
        self._judge_one(line, answer)

    def _judge_one(self, line: bytes, answer: Contract) -> None:
        try:
            asked = json.loads(line.decode(), parse_float=Decimal, parse_constant=_refuse)
            asked = asked if isinstance(asked, dict) else {}
            judged = self._judge.quote(asked.get("input"), asked.get("target_premium"), asked.get("indexation"))
        except (ShapeError, ValueError, ArithmeticError):
            self.seen["of a wrong shape"] += 1
            assert answer["problems"] == ["input_invalid"], line
            return
        difference = first_difference(judged, answer)
        assert difference is None, f"{difference}: {line!r}"
        self.seen["judged"] += 1


def _refuse(name: str) -> None:
    raise ValueError(name)


def run(examples: int, start: int) -> Trial:
    """Try so many random lines, the same from the same ``start``. Raises AssertionError at the first that fails."""
    with quoting() as command:
        trial = Trial(command, Judge(LIBRARY))

        @seed(start)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(lines())
        def tried(line: bytes) -> None:
            trial.try_one(line)

        tried()
    return trial


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="other lines each time without it")
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    trial = run(asked.examples, asked.seed)
    sys.stdout.write(f"{dict(trial.seen)}, slowest {trial.slowest * 1000:.1f} ms\n")
    sys.stderr.write(f"slowest: {trial.slowest_line.decode(errors='replace')[:500]}\n")
