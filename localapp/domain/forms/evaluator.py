"""The pure evaluation of a form: what is visible, required, computed and wrong.

Expressions are not run here: their results come through the function ``compute`` (JSON-able in and out, see
``program``), so that the same evaluation serves desk and endpoint, and tests without a worker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from localapp.domain.fields.parsed import Value
from localapp.domain.forms.agreement import disagreement, repeated
from localapp.domain.forms.answers import Place, Tree, duplicate, is_raw, kept_rows, raw_text, walk
from localapp.domain.forms.definition import Check, Field, FormDefinition, Group, Label, Option
from localapp.domain.forms.reading import Catalogues, as_text, options_of, read_text

Compute = Callable[[dict[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Problem:
    """Something wrong at a field: a stable code with facts, or a check of the form with its own text."""

    code: str
    path: str
    level: str = "error"
    facts: Mapping[str, Any] = field(default_factory=dict)
    text: Label | None = None


@dataclass(frozen=True)
class FieldState:
    """One field as the page shows it. ``raw`` is what was typed when it cannot be read."""

    path: str
    field: Field
    home: str
    value: Value = None
    raw: str | None = None
    visible: bool = True
    required: bool = False
    computed: bool = False
    options: tuple[Option, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether an answer is required and nothing has been typed; a computed one is nobody's to type."""
        return self.lacks_value and not self.computed and self.raw is None

    @property
    def lacks_value(self) -> bool:
        """Whether a required field has no value, typed, computed or readable."""
        return self.visible and self.required and self.value is None

    @property
    def problems_that_hinder(self) -> tuple[Problem, ...]:
        """The errors of this field; warnings and notes hinder nothing."""
        return tuple(problem for problem in self.problems if problem.level == "error")


@dataclass(frozen=True)
class Evaluation:
    """The form evaluated at one moment. ``fields`` by path in the order of the definition."""

    fields: Mapping[str, FieldState]
    tree: Tree

    def problems(self, level: str = "error") -> list[Problem]:
        """The problems of visible fields, in the order of the form."""
        return [p for state in self.fields.values() if state.visible for p in state.problems if p.level == level]

    def missing(self, home: str | None = None) -> list[FieldState]:
        """Required fields without an answer, of one section or group or of all."""
        return [state for state in self.fields.values() if state.is_missing and home in {None, state.home}]

    def value(self, path: str) -> Value:
        """The value that counts: of a visible, readable or computed field; else None."""
        state = self.fields.get(path)
        return state.value if state and state.visible and not state.raw else None


def evaluate(
    definition: FormDefinition,
    tree: Tree,
    *,
    compute: Compute,
    today: date,
    catalogues: Catalogues,
    calculated: Mapping[str, Value] | None = None,
) -> Evaluation:
    """Evaluate the answers. Pure: the same arguments give the same evaluation.

    ``calculated``: what the calculation library has answered, by path; without it what it answered last counts.
    """
    tree = duplicate(tree)
    places = list(walk(definition, tree))
    states = {place.path: _read_state(place, catalogues, today) for place in places}
    for path, known in (calculated or {}).items():
        states[path] = replace(states[path], value=known, raw=None, problems=())
    results = compute(_context(definition, tree, states, today))
    for path, state in states.items():
        states[path] = _apply(state, results)
    for problem in _disagreements(states):
        states[problem.path] = replace(states[problem.path], problems=(*states[problem.path].problems, problem))
    follow(definition, places, states)
    checks = {check.id: check for check in _all_checks(definition)}
    for check_id, path, facts in results["checks"]:
        check = checks[check_id]
        problem = Problem(check_id, path, check.level, facts, check.text)
        states[path] = replace(states[path], problems=(*states[path].problems, problem))
    return Evaluation(states, tree)


def _read_state(place: Place, catalogues: Catalogues, today: date) -> FieldState:
    field, found = place.field, place.owner.get(place.field.id)
    options = options_of(field, place.owner, catalogues)
    value: Value = None
    raw: str | None = None
    problems: tuple[Problem, ...] = ()
    if found is not None:
        text = raw_text(found) if is_raw(found) else as_text(field, found)
        parsed = read_text(field, text, options, today)
        value = parsed.value
        if parsed.code is not None:
            raw = text if value is None else None
            problems = (Problem(parsed.code, place.path, parsed.level, parsed.facts),)
    return FieldState(
        place.path, field, place.home, value, raw, required=field.required, computed=field.calculated is not None,
        options=options, problems=problems,
    )  # fmt: skip


def _apply(state: FieldState, results: Mapping[str, Any]) -> FieldState:
    path = state.path
    visible = bool(results["visible"].get(path, True))
    required = state.required or bool(results["required"].get(path, False))
    is_suggested = path in results["suggested"] and state.raw is None  # what cannot be read was typed too
    if path in results["computed"] or is_suggested:
        computed = results["suggested" if is_suggested else "computed"][path]
        return replace(state, value=computed, raw=None, computed=True, problems=(), visible=visible, required=required)
    if (visible, required) == (state.visible, state.required):
        return state
    return replace(state, visible=visible, required=required)


def _disagreements(states: Mapping[str, FieldState]) -> list[Problem]:
    """What is wrong between answers that are right by themselves. Judged are those that somebody typed."""
    found, distinct = [], {}
    for path, state in states.items():
        field = state.field
        if not (field.agrees_with or field.distinct) or not _counts(state) or state.computed:
            continue
        if field.distinct:
            distinct[path] = (field.type, state.value)
        other = states.get(f"{path.rpartition('.')[0]}.{field.agrees_with}")
        if other and _counts(other):
            wrong = disagreement((field.type, other.field.type), state.value, other.value)
            found += [Problem(wrong.code, path, facts=wrong.facts)] if wrong else []
    return found + [Problem(wrong.code, path, facts=wrong.facts) for path, wrong in repeated(distinct)]


def _counts(state: FieldState) -> bool:
    return state.visible and state.value is not None


def follow(definition: FormDefinition, places: list[Place], states: dict[str, FieldState]) -> None:
    """Follow-up rows count while their question is answered with yes; such a question has at least one."""
    for place in places:
        if not place.field.opens:
            continue
        group, start = definition.group(f"{place.home}.{place.field.opens}"), place.path.rpartition(".")[0]
        if group is None or group.added_by is None:
            continue
        state = states[place.path]
        is_yes = state.visible and state.value is True
        own = [row for row in kept_rows(place.owner, group.id) if row.get(group.added_by) == place.field.id]
        if is_yes and not own:
            problem = Problem("follow_up_missing", place.path)
            states[place.path] = replace(state, problems=(*state.problems, problem))
        for row in own if not is_yes else ():
            for each in group.fields:
                path = f"{start}.{group.id}[{row['_id']}].{each.id}"
                states[path] = replace(states[path], visible=False)


def _context(definition: FormDefinition, tree: Tree, states: Mapping[str, FieldState], today: date) -> dict[str, Any]:
    context: dict[str, Any] = {"today": today.isoformat()}
    for section in definition.sections:
        if section.fields:
            context[section.id] = {f.id: states[f"{section.id}.{f.id}"].value for f in section.fields}
    for group in definition.groups:
        context[group.id] = _rows(group, group.id, tree, states)
    return context


def _rows(group: Group, prefix: str, owner: Tree, states: Mapping[str, FieldState]) -> list[dict[str, Any]]:
    rows = []
    for number, row in enumerate(kept_rows(owner, group.id), 1):
        path = f"{prefix}[{row['_id']}]"
        values: dict[str, Any] = {f.id: states[f"{path}.{f.id}"].value for f in group.fields}
        values |= {inner.id: _rows(inner, f"{path}.{inner.id}", row, states) for inner in group.groups}
        rows.append({"_id": row["_id"], "_number": number, **values})
    return rows


def _all_checks(definition: FormDefinition) -> list[Check]:
    return [*definition.checks, *(check for _, group in definition.all_groups() for check in group.checks)]
