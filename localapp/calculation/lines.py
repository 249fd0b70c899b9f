"""JSON Lines in, JSON Lines out: what ``python -m localapp quote`` does.

One answer line for every input line, in order. A blank line is a line that is not JSON. Nothing in a line can end
the run: it costs at most its own limits and gives a problem.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO, NoReturn

from localapp.calculation.calculator import Calculator, as_line, failure_answer, refusal
from localapp.calculation.failures import CalculationError

LINE_BYTES = 2_000_000
"""A longer line is refused without being kept in memory."""
_DIGITS_MAX = 24
_LARGEST: int = 10**24


def quote_lines(calculator: Calculator, source: BinaryIO) -> Iterator[str]:
    """The answers to the lines of ``source``, each as one line of JSON without its end."""
    for line in _bounded_lines(source):
        yield _answer_line(calculator, line)


def _answer_line(calculator: Calculator, line: bytes | None) -> str:
    asked = _parsed(line)
    if not isinstance(asked, dict):
        return as_line(refusal("input_invalid"))
    try:
        return calculator.quote_text(
            asked.get("input"), target_premium=asked.get("target_premium"), indexation=asked.get("indexation")
        )
    except CalculationError as error:
        return as_line(failure_answer(error))


def _parsed(line: bytes | None) -> object:
    """The JSON value of a line, or None when it is not JSON. Fractions stay exact."""
    if line is None:
        return None
    try:
        return json.loads(line.decode(), parse_int=_integer, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _integer(text: str) -> int:
    """An integer; one with absurdly many digits becomes as large a one as has the most digits allowed."""
    if len(text) > _DIGITS_MAX:
        return -_LARGEST if text.startswith("-") else _LARGEST
    return int(text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _bounded_lines(source: BinaryIO) -> Iterator[bytes | None]:
    """The lines without their ends; None for one that is too long, which is read past and dropped."""
    while line := source.readline(LINE_BYTES + 1):
        if len(line) > LINE_BYTES and not line.endswith(b"\n"):
            while (rest := source.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line.removesuffix(b"\n").removesuffix(b"\r")
