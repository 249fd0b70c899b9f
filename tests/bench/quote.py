"""What one calculation costs through the worker process, and one judgement of a family's form."""

from localapp import clock
from localapp.calculation.calculator import Calculator
from localapp.calculation.sandbox import Sandbox
from tests.bench.desks import open_family
from tests.bench.table import Row, measured
from tests.calculation.components import GOLDEN, LIBRARY
from tests.calculation.judge import Judge

CASES = ("W004", "W005")
ASSESS_TARGET = 5.0
COUNT = 300


def rows() -> list[Row]:
    """W004 is the costliest golden case, W005 a family; the judge is the peer: the same formulas in CPython."""
    return [*_calculations(), *_assessments()]


def _calculations() -> list[Row]:
    judge = Judge(LIBRARY)
    found = []
    with Sandbox() as sandbox:
        calculator = Calculator(LIBRARY, sandbox)
        for name in CASES:
            contract = GOLDEN[name]["input"]
            found += [
                measured(f"quote {name}, everything", lambda asked=contract: calculator.quote(asked), count=COUNT),  # type: ignore[misc]
                measured(f"quote {name}, premium only", lambda asked=contract: calculator.model(asked), count=COUNT),  # type: ignore[misc]
                measured(f"peer: {name} in CPython Decimal", lambda asked=contract: judge.quote(asked), count=COUNT),  # type: ignore[misc]
            ]
    return found


def _assessments() -> list[Row]:
    """Evaluate the form and price it, as each change does: fields, lines, total, problems."""
    with open_family() as family:
        tree, today = family.opened.tree, clock.today()
        assess = family.opened.assessor.assess
        what = "lines, total, problems: family of 12 coverages"
        return [measured(what, lambda: assess(tree, today), count=COUNT, target_p95=ASSESS_TARGET)]
