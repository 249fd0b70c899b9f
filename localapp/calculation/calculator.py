"""Premiums of a contract: shape, formulas in the sandbox, answer."""

import json
from typing import Any

from localapp.calculation import shapes
from localapp.calculation.failures import CalculationError
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from localapp.calculation.shapes import ShapeError

Answer = dict[str, Any]


class Calculator:
    """One library in one sandbox. Thread-safe like the sandbox.

    The contract is the ``input`` object of SPEC, "Shapes", as parsed JSON. Amounts in the answers are text in CZK.
    """

    def __init__(self, library: CalculationLibrary, sandbox: Sandbox) -> None:
        """Load the library's formulas. Raises SourceRefused, CalculationUnavailable."""
        self.library = library
        self._sandbox = sandbox
        self._program = library.program()
        sandbox.load(self._program)

    def quote(
        self,
        contract: object,
        *,
        target_premium: object = None,
        indexation: object = None,
    ) -> Answer:
        """Everything: ``problems`` (sorted codes with places), ``output``, ``solution``, ``indexation_output``.

        Raises CalculationError only when the sandbox cannot answer; a bad contract is a problem in the answer.
        """
        answer: Answer = json.loads(self.quote_text(contract, target_premium=target_premium, indexation=indexation))
        return answer

    def quote_text(self, contract: object, *, target_premium: object = None, indexation: object = None) -> str:
        """The same as JSON text, as the formulas gave it."""
        try:
            checked = shapes.contract(contract, self.library.code)
        except ShapeError:
            return as_line(refusal("input_invalid"))
        asked = {
            "contract": checked,
            "target": shapes.target(target_premium),
            "indexation": shapes.indexation(indexation),
        }
        return self._sandbox.call(self._program.name, "quote", json.dumps(asked))

    def model(self, contract: object) -> Answer:
        """For the form that is being filled in: ``problems``, ``details`` and the premium as ``output`` (or null).

        ``details`` has one object for each problem at each place: ``problem`` (code and place), ``code``, ``variant``
        (which sentence of problems.json, or null), ``place`` (``person``, ``line`` as index into that person's
        coverages), ``field``, ``facts``, ``remedies`` with the changes of the input that would mend it.
        ``output`` is the premium-only part of ``quote`` and the health tiers. Raises CalculationError.
        """
        try:
            checked = shapes.contract(contract, self.library.code)
        except ShapeError as error:
            return {"problems": ["input_invalid"], "details": [_shape_detail(error)], "output": None}
        answer: Answer = json.loads(self._sandbox.call(self._program.name, "model", json.dumps(checked)))
        return answer


def refusal(code: str) -> Answer:
    """The answer that consists of one problem."""
    return {"problems": [code], "output": None, "solution": None, "indexation_output": None}


def as_line(answer: Answer) -> str:
    """An answer as one line of JSON."""
    return json.dumps(answer, separators=(",", ":"))


def failure_answer(error: CalculationError) -> Answer:
    """The answer for a contract the sandbox could not calculate: the failure's stable code as the problem."""
    return refusal(error.code)


def _shape_detail(error: ShapeError) -> Answer:
    return {
        "problem": "input_invalid",
        "code": "input_invalid",
        "variant": None,
        "place": {"person": None, "line": None},
        "field": error.path,
        "facts": {"field": error.path},
        "remedies": [],
    }
