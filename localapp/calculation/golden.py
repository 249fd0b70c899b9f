"""Runs a library's golden cases: it is used only where all of them pass on this machine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localapp.calculation.calculator import Calculator
from localapp.calculation.failures import CalculationError, CalculationUnavailable
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox

ANSWER_KEYS = ("problems", "output", "solution", "indexation_output")


@dataclass(frozen=True)
class GoldenReport:
    """How many cases passed; of each failed one the id and the first place where the answer differs."""

    passed: int
    failed: list[tuple[str, str]]

    @property
    def all_passed(self) -> bool:
        """Whether the library may be used here."""
        return not self.failed


def run_golden(
    library: CalculationLibrary, sandbox: Sandbox, counted: Callable[[int, int], None] = lambda _done, _total: None
) -> GoldenReport:
    """Quote every golden case and compare every field; ``counted`` hears how many of how many are done.

    Raises SourceRefused, CalculationUnavailable.
    """
    calculator = Calculator(library, sandbox)
    failed = []
    cases = library.golden
    for done, case in enumerate(cases):
        counted(done, len(cases))
        expected = {key: case[key] for key in ANSWER_KEYS}
        try:
            answer = calculator.quote(
                case["input"], target_premium=case.get("target_premium"), indexation=case.get("indexation")
            )
        except CalculationUnavailable:
            raise  # nothing was calculated, so nothing was calculated wrong
        except CalculationError as error:
            failed.append((case["id"], str(error)))
            continue
        place = first_difference(expected, answer)
        if place is not None:
            failed.append((case["id"], place))
    counted(len(cases), len(cases))
    return GoldenReport(len(cases) - len(failed), failed)


def first_difference(expected: Any, found: Any, path: str = "") -> str | None:  # noqa: ANN401 - any JSON value
    """The path of the first place where two JSON values differ (also in type), or None."""
    if type(expected) is not type(found):
        return path or "."
    if isinstance(expected, dict):
        if expected.keys() != found.keys():
            return f"{path}.{min(expected.keys() ^ found.keys())}"
        pairs = [(f"{path}.{key}", expected[key], found[key]) for key in expected]
    elif isinstance(expected, list):
        if len(expected) != len(found):
            return f"{path}.length"
        pairs = [(f"{path}[{j}]", one, other) for j, (one, other) in enumerate(zip(expected, found, strict=True))]
    else:
        return None if expected == found else path or "."
    for place, one, other in pairs:
        difference = first_difference(one, other, place)
        if difference is not None:
            return difference
    return None
