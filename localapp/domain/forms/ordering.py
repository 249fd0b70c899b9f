"""The order in which the fields of a form are judged: what a rule names is settled before the rule itself.

What is hidden has no value for any rule, wherever the two stand in the form. So the answers that a completed document
keeps (without hidden ones) are judged as they were before completion.
"""

from dataclasses import dataclass

from localapp.domain.forms.definition import Field, FormDefinition
from localapp.domain.forms.expressions import Compiled, compile_expression
from localapp.domain.forms.located import DefinitionRefused
from localapp.domain.forms.scopes import scope_of


@dataclass(frozen=True)
class Step:
    """A field that is hidden or computed by rules; the same step for every row of its home."""

    home: str
    field: Field
    visible: Compiled | None
    computed_if: Compiled | None
    computed: Compiled | None

    @property
    def path(self) -> str:
        """The dotted name by which rules read the field."""
        return f"{self.home}.{self.field.id}"

    @property
    def rules(self) -> tuple[Compiled, ...]:
        """All its rules."""
        return tuple(each for each in (self.visible, self.computed_if, self.computed) if each)

    @property
    def needs_whole_groups(self) -> bool:
        """Whether it goes through rows, which all have to be settled before."""
        return any(rule.lists for rule in self.rules)


def homes(definition: FormDefinition) -> list[tuple[str, tuple[Field, ...]]]:
    """Every section and group with its fields, in the order of the form."""
    sections = [(section.id, section.fields) for section in definition.sections if section.fields]
    return sections + [(group_id, group.fields) for group_id, group in definition.all_groups()]


def steps_in_order(definition: FormDefinition, file: str) -> list[Step]:
    """The steps, each after those that its rules read. Raises DefinitionRefused where rules go round in a circle."""
    steps = {step.path: step for home, fields in homes(definition) for step in _steps(definition, home, fields)}
    ordered: dict[str, Step] = {}
    open_paths: list[str] = []

    def settle(step: Step) -> None:
        if step.path in ordered:
            return
        if step.path in open_paths:
            circle = " → ".join([*open_paths[open_paths.index(step.path) :], step.path])
            raise DefinitionRefused(file, step.field.line, f"the rules go round in a circle: {circle}")
        open_paths.append(step.path)
        for read in sorted({read for rule in step.rules for read in rule.reads}):
            if read in steps:
                settle(steps[read])
        ordered[open_paths.pop()] = step

    for step in steps.values():
        settle(step)
    return list(ordered.values())


def _steps(definition: FormDefinition, home: str, fields: tuple[Field, ...]) -> list[Step]:
    scope = scope_of(definition, home)

    def compiled(text: str | None) -> Compiled | None:
        return compile_expression(text, scope) if text else None

    return [
        Step(home, each, compiled(each.visible_if), compiled(each.computed_if), compiled(each.computed))
        for each in fields
        if each.visible_if or each.computed
    ]
