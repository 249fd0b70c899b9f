"""Carries out the remedies that a calculation library offers: changes of its input become changes of the answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from localapp.domain.forms.answers import Tree, UnknownPath, kept_rows
from localapp.domain.forms.calculation_input import CalculationInput
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.editing import Changed, add_row, remove_row, set_value
from localapp.domain.forms.evaluator import Evaluation


def path_of(mapped: CalculationInput, person: str | None, line: int | None, name: str) -> str:
    """Where a place of the library lies in the form: a field, a row, or the name itself for what is neither."""
    if person is not None and line is not None:
        row = mapped.rows.get((person, line))
    elif person is not None:
        row = mapped.rows.get(person)
    else:
        return mapped.fields.get(name) or mapped.fields.get(f"investment.{name}") or name
    if row is None:
        raise UnknownPath(f"{person}.{line}")
    return f"{row}.{name}"


def carry_out(
    definition: FormDefinition,
    tree: Tree,
    changes: Sequence[Mapping[str, Any]],
    mapped: CalculationInput,
    evaluation: Evaluation,
    at: str,
) -> Changed:
    """Apply all changes of one remedy. ``at`` is the moment noted on removed rows. Raises UnknownPath, RowLimit."""
    done = Changed(tree, ())
    for change in changes:
        step = _carry_out(definition, done.tree, change, mapped, evaluation, at)
        done = Changed(step.tree, (*done.changes, *step.changes))
    return done


def _carry_out(
    definition: FormDefinition,
    tree: Tree,
    change: Mapping[str, Any],
    mapped: CalculationInput,
    evaluation: Evaluation,
    at: str,
) -> Changed:
    person, line = change.get("person"), change.get("line")
    match change["op"], change["target"]:
        case "set", "investment" if change["field"] == "extra":
            return _set_extra(definition, tree, mapped.fields["investment.extra"], change["value"], at)
        case "set", _:
            return set_value(definition, tree, path_of(mapped, person, line, change["field"]), change["value"])
        case "add", "line":
            place = f"{mapped.rows[str(person)]}.{mapped.fields['persons.coverages']}"
            added, _ = add_row(definition, tree, place, change["value"], evaluation)
            return added
        case "remove", "line":
            return remove_row(definition, tree, mapped.rows[str(person), int(line or 0)], at)
        case "remove", "person":
            return remove_row(definition, tree, mapped.rows[str(person)], at)
        case _:
            raise UnknownPath(f"{change['op']} {change['target']}")


def _set_extra(
    definition: FormDefinition, tree: Tree, group: str, wanted: Sequence[Mapping[str, Any]], at: str
) -> Changed:
    """Extra premiums come as the whole list: mended ones keep their rows, dropped ones are removed."""
    done = Changed(tree, ())
    rows = kept_rows(tree, group)
    left = list(wanted)
    for row in rows:
        path = f"{group}[{row['_id']}]"
        if len(wanted) < len(rows) and (not left or any(row.get(name) != left[0][name] for name in left[0])):
            steps = [remove_row(definition, done.tree, path, at)]
        else:
            steps = _set_all(definition, done.tree, path, left.pop(0))
        for step in steps:
            done = Changed(step.tree, (*done.changes, *step.changes))
    return done


def _set_all(definition: FormDefinition, tree: Tree, path: str, values: Mapping[str, Any]) -> list[Changed]:
    steps: list[Changed] = []
    for name, value in values.items():
        steps.append(set_value(definition, steps[-1].tree if steps else tree, f"{path}.{name}", value))
    return steps
