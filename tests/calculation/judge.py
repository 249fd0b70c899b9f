"""The judge: the very same formulas, run by CPython with ``decimal.Decimal`` at 60 digits."""

import builtins
import decimal
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, NoReturn

from localapp.calculation import shapes
from localapp.calculation.library import CalculationLibrary

_DIGITS = 60


class Judge:
    """A library's formulas in this process. For tests only: nothing is fenced here."""

    def __init__(self, library: CalculationLibrary) -> None:
        program = library.program()
        self._code = library.code
        self._context = decimal.Context(prec=_DIGITS, rounding=decimal.ROUND_HALF_EVEN)
        self._names: dict[str, Any] = {
            "RustDecimal": Decimal,
            "json": SimpleNamespace(decode=json.loads, encode=json.dumps),
            "type": lambda value: builtins.type(value).__name__,
            "fail": _fail,
            **program.constants,
        }
        with decimal.localcontext(self._context):
            exec(compile(program.source, program.name, "exec"), self._names)  # noqa: S102 - our own formulas

    def quote(self, contract: object, target_premium: object = None, indexation: object = None) -> dict[str, Any]:
        """The answer of ``Calculator.quote`` for a contract of the right shape. Raises ShapeError for another."""
        asked = {
            "contract": shapes.contract(contract, self._code),
            "target": shapes.target(target_premium),
            "indexation": shapes.indexation(indexation),
        }
        return self._called("quote", json.dumps(asked))

    def model(self, contract: object) -> dict[str, Any]:
        """The answer of ``Calculator.model`` for a contract of the right shape. Raises ShapeError for another."""
        return self._called("model", json.dumps(shapes.contract(contract, self._code)))

    def _called(self, function: str, text: str) -> dict[str, Any]:
        with decimal.localcontext(self._context):
            answer: dict[str, Any] = json.loads(self._names[function](text))
        return answer


def _fail(message: str) -> NoReturn:
    raise ValueError(message)
