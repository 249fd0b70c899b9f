"""Changes of answers: pure, each gives a new tree and says what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from localapp.domain.fields.parsed import Value
from localapp.domain.forms.answers import Place, Tree, UnknownPath, duplicate, kept_rows, place_at, row_at, walk
from localapp.domain.forms.definition import Field, FieldType, FormDefinition, Group
from localapp.domain.forms.evaluator import Evaluation
from localapp.domain.forms.field_rules import FIRST_OF_NEXT_MONTH
from localapp.domain.forms.filling import to_fill
from localapp.domain.forms.reading import Catalogues, clean, options_of, read_text

CLOSED = "closed"
"""What ``_removed`` says of a follow-up row whose question is no longer answered with yes."""


@dataclass(frozen=True)
class Change:
    """One changed answer, as the journal keeps it. A health field's values are never in it."""

    path: str
    old: Any
    new: Any
    is_health: bool = False


@dataclass(frozen=True)
class Changed:
    """A new tree and what differs from the old one."""

    tree: Tree
    changes: tuple[Change, ...]


class RowLimit(Exception):  # noqa: N818 - a refusal
    """The group has its largest or smallest number of rows."""

    def __init__(self, code: str, limit: int) -> None:
        super().__init__(f"{code}: {limit}")
        self.code, self.limit = code, limit


def type_in(
    definition: FormDefinition,
    tree: Tree,
    typed: Mapping[str, str],
    *,
    today: date,
    catalogues: Catalogues,
    now: str | None = None,
) -> Changed:
    """Answer fields with what was typed; ``now`` is noted where a form wants the moment of an answer.

    Raises UnknownPath; a fixed field keeps its value.
    """
    tree = duplicate(tree)
    changes = []
    for path, text in typed.items():
        place = place_at(definition, tree, path)
        if place.field.fixed or place.field.calculated or place.field.notes:
            continue
        options = options_of(place.field, place.owner, catalogues)
        parsed = read_text(place.field, text, options, today)
        new: Any = {"raw": clean(text)} if parsed.code and parsed.value is None else parsed.value
        done = _put(place.owner, place.field, path, new)
        changes += [*done, *(_noted(definition, place, now) if done else ())]
        for other, part in to_fill(definition, tree, place, parsed.parts, today=today, known=catalogues):
            changes += _put(other.owner, other.field, other.path, part)
        changes += follow_up(definition, place)
    return Changed(tree, tuple(changes))


def _noted(definition: FormDefinition, place: Place, now: str | None) -> list[Change]:
    """When the answer was given, in the field beside it that notes that; nothing of an answer that was taken back."""
    owner = definition.section(place.home) or definition.group(place.home)
    start, moment = place.path.rpartition(".")[0], now if place.owner.get(place.field.id) is not None else None
    noting = [field for field in owner.fields if field.notes == place.field.id] if owner else []
    return [change for each in noting for change in _put(place.owner, each, f"{start}.{each.id}", moment)]


def follow_up(definition: FormDefinition, place: Place) -> list[Change]:
    """Open the follow-up rows of a question that is answered with yes, and close them again with any other answer.

    What was written into them stays and comes back with the next yes.
    """
    group = definition.group(f"{place.home}.{place.field.opens}") if place.field.opens else None
    if group is None or group.added_by is None:
        return []
    rows = place.owner.setdefault(group.id, [])
    own = [row for row in rows if row.get(group.added_by) == place.field.id]
    if place.owner.get(place.field.id) is not True:
        return _close(group, place, own)
    if any("_removed" not in row for row in own):
        return []
    closed = [row for row in own if row["_removed"] == CLOSED]
    for row in closed:
        del row["_removed"]
    if not closed:
        rows.append(_new_row(group, group.id, place.owner, {group.added_by: place.field.id}, None))
    return [Change(place.path, None, None, is_health=group.is_sealed)]


def _close(group: Group, place: Place, rows: list[Tree]) -> list[Change]:
    kept = [row for row in rows if "_removed" not in row]
    for row in kept:
        row["_removed"] = CLOSED
    return [Change(place.path, None, None, is_health=group.is_sealed)] if kept else []


def _put(owner: Tree, field: Field, path: str, new: Any) -> list[Change]:  # noqa: ANN401 - any answer
    old = owner.get(field.id)
    if old == new and type(old) is type(new):
        return []
    if new is None:
        owner.pop(field.id, None)
    else:
        owner[field.id] = new
    return [Change(path, None, None, is_health=True) if field.is_health else Change(path, old, new)]


def set_value(definition: FormDefinition, tree: Tree, path: str, new: Value) -> Changed:
    """Answer one field with a value, as a remedy does. Raises UnknownPath."""
    tree = duplicate(tree)
    place = place_at(definition, tree, path)
    return Changed(tree, tuple(_put(place.owner, place.field, path, new)))


def add_row(
    definition: FormDefinition, tree: Tree, group_path: str, given: Mapping[str, Value], evaluation: Evaluation | None
) -> tuple[Changed, str]:
    """Add a row to ``persons`` or ``persons[p1].coverages`` and return its path. Raises UnknownPath, RowLimit."""
    tree = duplicate(tree)
    outer_path, _, name = group_path.rpartition(".")
    owner, group_id = tree, name
    if outer_path:
        outer_id, _, rows = row_at(definition, tree, outer_path)
        owner, group_id = rows[-1], f"{outer_id}.{name}"
    group = definition.group(group_id)
    if group is None:
        raise UnknownPath(group_path)
    if len(kept_rows(owner, name)) >= group.maximum:
        raise RowLimit("too_many_rows", group.maximum)
    row = _new_row(group, name, owner, given, evaluation)
    owner.setdefault(name, []).append(row)
    path = f"{group_path}[{row['_id']}]"
    added = {name: found for name, found in row.items() if not _health(group, name)}
    return Changed(tree, (_of_row(group, path, None, added),)), path


def _of_row(group: Group, path: str, old: Any, new: Any) -> Change:  # noqa: ANN401 - any answer
    """The change of a row; of one that belongs to health only that there was a change."""
    return Change(path, None, None, is_health=True) if group.is_sealed else Change(path, old, new)


def _health(group: Group, name: str) -> bool:
    return any(field.id == name and field.is_health for field in group.fields)


def _new_row(group: Group, name: str, owner: Tree, given: Mapping[str, Value], evaluation: Evaluation | None) -> Tree:
    taken = {row["_id"] for row in owner.get(name, [])}
    number = len(taken) + 1
    while f"{name[0]}{number}" in taken:
        number += 1
    row: Tree = {"_id": f"{name[0]}{number}"}
    for field in group.fields:
        start = given.get(field.id, field.default)
        if start is None and field.default_from and evaluation:
            start = evaluation.value(field.default_from)
        if start is not None:
            row[field.id] = start
    for inner in group.groups:
        row[inner.id] = []
    return row


def remove_row(definition: FormDefinition, tree: Tree, path: str, at: str) -> Changed:
    """Take a row away; its answers stay and ``restore_row`` brings them back. Raises UnknownPath, RowLimit."""
    tree = duplicate(tree)
    group_id, group, rows = row_at(definition, tree, path)
    owner = rows[-2] if len(rows) > 1 else tree
    if rows[-1].get("_removed"):
        return Changed(tree, ())
    if len(kept_rows(owner, group_id.rpartition(".")[2])) <= group.minimum:
        raise RowLimit("too_few_rows", group.minimum)
    rows[-1]["_removed"] = at
    return Changed(tree, (_of_row(group, path, "kept", "removed"),))


def restore_row(definition: FormDefinition, tree: Tree, path: str) -> Changed:
    """Bring a removed row back. Raises UnknownPath, RowLimit."""
    tree = duplicate(tree)
    group_id, group, rows = row_at(definition, tree, path)
    owner = rows[-2] if len(rows) > 1 else tree
    if "_removed" not in rows[-1]:
        return Changed(tree, ())
    if len(kept_rows(owner, group_id.rpartition(".")[2])) >= group.maximum:
        raise RowLimit("too_many_rows", group.maximum)
    del rows[-1]["_removed"]
    return Changed(tree, (_of_row(group, path, "removed", "kept"),))


def empty_answers(definition: FormDefinition, today: date) -> Tree:
    """The answers of a new document: defaults and the rows that the form starts with."""
    tree: Tree = {}
    for section in definition.sections:
        if section.fields:
            tree[section.id] = {f.id: f.default for f in section.fields if f.default is not None}
            _first_of_next_month(section.fields, tree[section.id], today)
    for group in definition.groups:
        tree[group.id] = []
        for given in group.starts_with:
            tree, _ = _started(definition, tree, group, given)
    return tree


def _started(definition: FormDefinition, tree: Tree, group: Group, given: Mapping[str, Any]) -> tuple[Tree, str]:
    own = {name: found for name, found in given.items() if not isinstance(found, list)}
    changed, path = add_row(definition, tree, group.id, own, None)
    for inner in group.groups:
        for each in given.get(inner.id, []):
            changed, _ = add_row(definition, changed.tree, f"{path}.{inner.id}", each, None)
    return changed.tree, path


def _first_of_next_month(fields: Iterable[Field], owner: Tree, today: date) -> None:
    """The default ``FIRST_OF_NEXT_MONTH`` is the next day on which a policy usually starts."""
    for field in fields:
        if field.default == FIRST_OF_NEXT_MONTH and field.type is FieldType.DATE:
            year, month = divmod(today.year * 12 + today.month, 12)
            owner[field.id] = date(year, month + 1, 1).isoformat()


def final_answers(definition: FormDefinition, tree: Tree, evaluation: Evaluation | None = None) -> Tree:
    """The tree without removed rows; with an evaluation (at completion) without hidden values, with computed ones."""
    final = duplicate(tree)
    _drop_removed(definition.groups, final)
    if evaluation:
        for place in walk(definition, final):
            counts = evaluation.value(place.path)
            place.owner.pop(place.field.id, None)
            if counts is not None:
                place.owner[place.field.id] = counts
    return final


def _drop_removed(groups: Iterable[Group], owner: Tree) -> None:
    for group in groups:
        owner[group.id] = kept_rows(owner, group.id)
        for row in owner[group.id]:
            _drop_removed(group.groups, row)


def with_calculated(definition: FormDefinition, tree: Tree, evaluation: Evaluation) -> Tree:
    """The tree with what the calculation library answered last, for as long as it cannot be asked again."""
    kept = duplicate(tree)
    for place in walk(definition, kept):
        if place.field.calculated and evaluation.fields[place.path].value is not None:
            place.owner[place.field.id] = evaluation.fields[place.path].value
    return kept
