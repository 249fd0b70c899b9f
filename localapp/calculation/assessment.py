"""A form evaluated and priced: the one judgement that the desk shows and the endpoint repeats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from localapp.calculation.calculator import Calculator
from localapp.calculation.forms import Form
from localapp.domain.fields.parsed import Value
from localapp.domain.forms.answers import Tree
from localapp.domain.forms.calculation_input import CalculationInput, calculated_values, calculation_input
from localapp.domain.forms.evaluator import Evaluation, evaluate
from localapp.domain.forms.reading import Catalogues
from localapp.domain.forms.remedies import path_of


@dataclass(frozen=True)
class Remedy:
    """One way out that a button offers. ``key`` finds it again after the next evaluation."""

    key: str
    id: str
    facts: Mapping[str, Any]
    changes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class PricingProblem:
    """A problem that the calculation library found, at a path of the form."""

    code: str
    path: str
    facts: Mapping[str, Any]
    remedies: tuple[Remedy, ...]
    variant: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Assessment:
    """The evaluation, and the premium of one instalment when nothing hinders it (``output``; amounts are text)."""

    evaluation: Evaluation
    mapped: CalculationInput
    pricing: tuple[PricingProblem, ...] = ()
    output: Mapping[str, Any] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the document may be completed: nothing missing, nothing wrong, a premium computed."""
        return self.output is not None and not self.evaluation.missing() and not self.evaluation.problems()

    def remedy(self, key: str) -> Remedy | None:
        """The offered remedy of that key."""
        return next((each for problem in self.pricing for each in problem.remedies if each.key == key), None)


@dataclass(frozen=True)
class Assessor:
    """Assesses the answers of one form with one calculation library.

    What the library answers for a field (the tier of health questions) is settled after the premium, which does not
    depend on it; then the form is evaluated once more.
    """

    form: Form
    calculator: Calculator
    catalogues: Catalogues = field(default_factory=dict)

    def assess(self, tree: Tree, today: date) -> Assessment:
        """Evaluate and price. Raises the sandbox's failures; the answers themselves never make it fail."""
        definition = self.form.definition
        evaluation = self._evaluate(tree, today)
        mapped = calculation_input(definition, evaluation)
        if not mapped.usable:
            return Assessment(evaluation, mapped)
        answer = self.calculator.model(mapped.input)
        if mapped.incomplete:
            lines = tuple(_placed(detail, mapped) for detail in answer["details"] if _is_of_one_line(detail))
            return Assessment(evaluation, mapped, lines)
        problems = tuple(_placed(detail, mapped) for detail in answer["details"])
        known = calculated_values(definition, mapped, answer["output"])
        if any(evaluation.fields[path].value != value for path, value in known.items()):
            evaluation = self._evaluate(tree, today, known)
        return Assessment(evaluation, mapped, problems, answer["output"])

    def _evaluate(self, tree: Tree, today: date, calculated: Mapping[str, Value] | None = None) -> Evaluation:
        form = self.form
        return evaluate(
            form.definition,
            tree,
            compute=form.compute,
            today=today,
            catalogues=self.catalogues,
            calculated=calculated,
        )


def _is_of_one_line(detail: Mapping[str, Any]) -> bool:
    """Rules over several lines wait until all are filled in: the lacking one may be what they ask for."""
    return detail["place"]["line"] is not None and detail["code"] not in _OVER_LINES


_OVER_LINES = frozenset({"endowment_without_death", "accidental_death_ratio_exceeded", "sick_leave_exceeds_income"})


def _placed(detail: Mapping[str, Any], mapped: CalculationInput) -> PricingProblem:
    person, line = detail["place"]["person"], detail["place"]["line"]
    remedies = tuple(
        Remedy(f"{detail['code']}-{person}-{line}-{number}", each["id"], each["facts"], tuple(each["changes"]))
        for number, each in enumerate(detail["remedies"])
    )
    path = path_of(mapped, person, line, detail["field"])
    return PricingProblem(detail["code"], path, detail["facts"], remedies, detail["variant"], person)
