"""What a component must pass before it is published, and again before a desk uses it on its own machine."""

from collections.abc import Callable
from pathlib import Path

from localapp.calculation.components import Component, ComponentKind
from localapp.calculation.failures import CalculationError, CalculationUnavailable, ComponentRefused
from localapp.calculation.forms import FORM_FILE, Form
from localapp.calculation.golden import run_golden
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from localapp.domain.forms.located import DefinitionRefused
from localapp.domain.forms.parser import parse_form

Counted = Callable[[int, int], None]


class GoldenFailed(ComponentRefused):  # the name says what happened
    """A library answers a golden case differently here: the first such case, the place, and how many passed."""

    def __init__(self, case: str, place: str, passed: int, total: int) -> None:
        super().__init__(f"golden case {case} differs at {place}; {passed} of {total} passed")
        self.case, self.place, self.passed, self.total = case, place, passed, total


def accept(
    component: Component, folder: Path, sandbox: Sandbox, counted: Counted = lambda _done, _total: None
) -> Component | None:
    """Open the component as its users will, and run all golden cases of a library. ``counted`` hears done and total.

    Returns the least version of the library that a form needs. Raises ComponentRefused with the reason (GoldenFailed
    among them), CalculationUnavailable without a worker.
    """
    try:
        if component.kind is ComponentKind.CALCULATION:
            _accept_library(component, folder, sandbox, counted)
            return None
        return _accept_form(component, folder, sandbox)
    except (ComponentRefused, CalculationUnavailable):
        raise
    except (DefinitionRefused, CalculationError) as error:
        raise ComponentRefused(str(error)) from None
    except (AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        raise ComponentRefused(f"malformed: {type(error).__name__}: {error}") from None


def _accept_library(component: Component, folder: Path, sandbox: Sandbox, counted: Counted) -> None:
    library = CalculationLibrary.open(folder)
    _refuse_other(component, library.name, library.version)
    library.catalogue()
    if not library.golden:
        raise ComponentRefused("golden.jsonl: has no case, so nothing shows that the library calculates right")
    report = run_golden(library, sandbox, counted)
    if report.failed:
        case, place = report.failed[0]
        raise GoldenFailed(case, place, report.passed, report.passed + len(report.failed))


def _accept_form(component: Component, folder: Path, sandbox: Sandbox) -> Component:
    definition = parse_form((folder / FORM_FILE).read_text(encoding="utf-8"), FORM_FILE)
    _refuse_other(component, definition.name, definition.version)
    Form(definition, sandbox)
    return Component(ComponentKind.CALCULATION, definition.calculation["library"], definition.calculation["version"])


def _refuse_other(component: Component, name: str, version: str) -> None:
    if (name, version) != (component.name, component.version):
        raise ComponentRefused(f"says it is {name} {version}, not {component.name} {component.version}")
