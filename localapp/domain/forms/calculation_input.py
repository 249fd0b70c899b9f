"""From the answers of a form to the input of its calculation library, and back from the library's places to paths.

The definition says how: ``{"value": …}`` a constant, ``{"from": "section.field"}`` with ``default`` when unanswered,
``{"object": {…}}``, and for rows ``{"each": group, "fields": […], "groups": {…}, "id": {…}}``.
Only visible, readable, answered fields travel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localapp.domain.fields.parsed import Value
from localapp.domain.forms.answers import kept_rows
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.evaluator import Evaluation


@dataclass
class CalculationInput:
    """The input, and where its parts came from.

    ``rows`` maps ``D1`` and ``("D1", 0)`` to row paths; ``fields`` maps names of the input such as ``policy_term`` or
    ``investment.regular`` to field paths, ``investment.extra`` or ``persons.coverages`` to the group of their rows;
    ``incomplete`` are the paths that hinder a premium. Rows that lack a required answer are left out of a partial
    input, so that the rules of the other rows are judged already; it is not ``usable`` when the first person or an
    answer outside the rows is lacking.
    """

    input: dict[str, Any] = field(default_factory=dict)
    rows: dict[str | tuple[str, int], str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    incomplete: list[str] = field(default_factory=list)
    usable: bool = True


def calculation_input(definition: FormDefinition, evaluation: Evaluation) -> CalculationInput:
    """The library's input of an evaluated form; not usable where the form has no calculation."""
    found = CalculationInput(usable=bool(definition.calculation))
    mapper = _Mapper(evaluation, found)
    for name, source in definition.calculation.get("input", {}).items():
        found.input[name] = mapper.value(source, name)
    return found


def calculated_values(
    definition: FormDefinition, mapped: CalculationInput, output: Mapping[str, Any] | None
) -> dict[str, Value]:
    """What the library has answered for the fields that say ``calculated``, by their paths; nothing without output.

    ``health.tier`` of a row that the library knows as D1 is ``output["health"]["D1"]["tier"]``.
    """
    found: dict[str, Value] = {}
    if output is None:
        return found
    labels = [(label, path) for label, path in mapped.rows.items() if isinstance(label, str)]
    for group in definition.groups:
        rows = [(label, path) for label, path in labels if path.startswith(f"{group.id}[")]
        for each in group.fields:
            part, _, name = (each.calculated or "").partition(".")
            answers = output.get(part, {})
            found |= {f"{path}.{each.id}": answers[label][name] for label, path in rows if label in answers}
    return found


class _Mapper:
    def __init__(self, evaluation: Evaluation, found: CalculationInput) -> None:
        self.evaluation = evaluation
        self.found = found

    def value(self, source: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
        if "value" in source:
            return source["value"]
        if "object" in source:
            return {inner: self.value(part, f"{name}.{inner}") for inner, part in source["object"].items()}
        if "each" in source:
            self.found.fields[name] = source["each"]
            return self._rows(source, name, self.evaluation.tree, source["each"])
        self.found.fields[name] = source["from"]
        if self._lacks(source["from"]):
            self.found.usable = False
        answered = self.evaluation.value(source["from"])
        return source.get("default") if answered is None else answered

    def _lacks(self, path: str) -> bool:
        """Note an answer that hinders a premium; whether its row has to be left out of a partial input."""
        state = self.evaluation.fields[path]
        if not state.visible or not (state.lacks_value or state.problems_that_hinder):
            return False
        self.found.incomplete.append(path)
        return state.field.required and self.evaluation.value(path) is None

    def _rows(
        self, source: Mapping[str, Any], name: str, owner: Mapping[str, Any], prefix: str, person: str | None = None
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        counts: dict[str, int] = {}
        for number, row in enumerate(kept_rows(owner, source["each"])):
            path = f"{prefix}[{row['_id']}]"
            lacking = [each for each in source["fields"] if self._lacks(f"{path}.{each}")]
            mapped = self._answers(source, path)
            label = person
            if "id" in source:
                label = mapped["id"] = _numbered(source["id"], mapped, counts)
                self.found.rows[label] = path
                self.found.usable = self.found.usable and not (lacking and number == 0)
            elif person is not None and not lacking:
                self.found.rows[person, len(rows)] = path
            for inner_name, inner in source.get("groups", {}).items():
                self.found.fields[f"{name}.{inner_name}"] = inner["each"]
                mapped[inner_name] = self._rows(inner, inner_name, row, f"{path}.{inner['each']}", label)
            if not lacking:
                rows.append(mapped)
        return rows

    def _answers(self, source: Mapping[str, Any], path: str) -> dict[str, Any]:
        given = {name: self.evaluation.value(f"{path}.{name}") for name in source["fields"]}
        return {name: answered for name, answered in given.items() if answered is not None}


def _numbered(rule: Mapping[str, Any], given: Mapping[str, Any], counts: dict[str, int]) -> str:
    letter = str(rule["letters"].get(given.get(rule["by"]), "X"))
    counts[letter] = counts.get(letter, 0) + 1
    return f"{letter}{counts[letter]}"
