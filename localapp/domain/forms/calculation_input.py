"""From the answers of a form to the input of its calculation library, and back from the library's places to paths.

The definition says how: ``{"value": …}`` a constant, ``{"from": "section.field"}`` with ``default`` when unanswered,
``{"object": {…}}``, and for rows ``{"each": group, "fields": […], "groups": {…}, "id": {…}}``.
Only visible, readable, answered fields travel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localapp.domain.forms.answers import kept_rows
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.evaluator import Evaluation


@dataclass
class CalculationInput:
    """The input, and where its parts came from.

    ``rows`` maps ``D1`` and ``("D1", 0)`` to row paths; ``fields`` maps names of the input such as ``policy_term`` or
    ``investment.regular`` to field paths; ``incomplete`` are the paths that hinder a calculation.
    """

    input: dict[str, Any] = field(default_factory=dict)
    rows: dict[str | tuple[str, int], str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    incomplete: list[str] = field(default_factory=list)


def calculation_input(definition: FormDefinition, evaluation: Evaluation) -> CalculationInput:
    """The library's input of an evaluated form."""
    found = CalculationInput()
    mapper = _Mapper(evaluation, found)
    for name, source in definition.calculation["input"].items():
        found.input[name] = mapper.value(source, name)
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
            return self._rows(source, source["each"], self.evaluation.tree, source["each"])
        self.found.fields[name] = source["from"]
        answered = self._answer(source["from"])
        return source.get("default") if answered is None else answered

    def _answer(self, path: str) -> Any:  # noqa: ANN401 - any answer
        state = self.evaluation.fields[path]
        if state.visible and (state.lacks_value or state.problems_that_hinder):
            self.found.incomplete.append(path)
        return self.evaluation.value(path)

    def _rows(
        self, source: Mapping[str, Any], group_id: str, owner: Mapping[str, Any], prefix: str, person: str | None = None
    ) -> list[dict[str, Any]]:
        rows = []
        counts: dict[str, int] = {}
        for index, row in enumerate(kept_rows(owner, group_id)):
            path = f"{prefix}[{row['_id']}]"
            given = {name: self._answer(f"{path}.{name}") for name in source["fields"]}
            mapped = {name: answered for name, answered in given.items() if answered is not None}
            label = person
            if "id" in source:
                label = mapped["id"] = _numbered(source["id"], given, counts)
                self.found.rows[label] = path
            elif person is not None:
                self.found.rows[person, index] = path
            for name, inner in source.get("groups", {}).items():
                mapped[name] = self._rows(inner, inner["each"], row, f"{path}.{inner['each']}", label)
            rows.append(mapped)
        return rows


def _numbered(rule: Mapping[str, Any], given: Mapping[str, Any], counts: dict[str, int]) -> str:
    letter = str(rule["letters"].get(given.get(rule["by"]), "X"))
    counts[letter] = counts.get(letter, 0) + 1
    return f"{letter}{counts[letter]}"
