"""The answers of a document: a tree of sections and rows, addressed by paths as ``persons[p1].coverages[c2].term``.

A value is canonical (text, whole number, bool, ISO day) or ``{"raw": …}``: what was typed and could not be read. Rows
keep their ``_id`` for good; a removed row keeps its answers and says ``_removed``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from localapp.domain.forms.definition import Field, FormDefinition, Group

Tree = dict[str, Any]
_STEP = re.compile(r"([a-z][a-z0-9_]*)(?:\[([a-z0-9]{1,20})\])?")


class UnknownPath(Exception):  # noqa: N818 - a refusal
    """The form has no such field or row."""


@dataclass(frozen=True)
class Place:
    """One field of one row: where it lies, and the rows around it, outermost first."""

    path: str
    field: Field
    owner: Tree
    rows: tuple[Tree, ...]
    home: str


def is_raw(found: object) -> bool:
    """Whether the answer is text that could not be read."""
    return isinstance(found, dict) and "raw" in found


def raw_text(found: Mapping[str, Any]) -> str:
    """What was typed."""
    return str(found["raw"])


def kept_rows(tree: Mapping[str, Any], group_id: str) -> list[Tree]:
    """The rows of a group that have not been removed."""
    return [row for row in tree.get(group_id, []) if "_removed" not in row]


def walk(definition: FormDefinition, tree: Tree) -> Iterator[Place]:
    """Every field of every kept row, in the order of the definition."""
    for section in definition.sections:
        owner = tree.setdefault(section.id, {}) if section.fields else {}
        for field in section.fields:
            yield Place(f"{section.id}.{field.id}", field, owner, (), section.id)
    for group in definition.groups:
        for row in kept_rows(tree, group.id):
            yield from _walk_row(group, group.id, f"{group.id}[{row['_id']}]", (row,))


def _walk_row(group: Group, group_id: str, prefix: str, rows: tuple[Tree, ...]) -> Iterator[Place]:
    for field in group.fields:
        yield Place(f"{prefix}.{field.id}", field, rows[-1], rows, group_id)
    for inner in group.groups:
        for row in kept_rows(rows[-1], inner.id):
            yield from _walk_row(inner, f"{group_id}.{inner.id}", f"{prefix}.{inner.id}[{row['_id']}]", (*rows, row))


def place_at(definition: FormDefinition, tree: Tree, path: str) -> Place:
    """The field at a path. Raises UnknownPath."""
    row_path, _, field_id = path.rpartition(".")
    section = definition.section(row_path)
    rows: tuple[Tree, ...] = ()
    if section is not None and section.fields:
        owner, fields, home = tree.setdefault(section.id, {}), section.fields, section.id
    else:
        group_id, group, rows = row_at(definition, tree, row_path)
        owner, fields, home = rows[-1], group.fields, group_id
    for field in fields:
        if field.id == field_id:
            return Place(path, field, owner, rows, home)
    raise UnknownPath(path)


def row_at(definition: FormDefinition, tree: Tree, path: str) -> tuple[str, Group, tuple[Tree, ...]]:
    """The group's dotted id, the group and the rows at ``persons[p1]`` or deeper. Raises UnknownPath."""
    rows: tuple[Tree, ...] = ()
    owner, group_id, group = tree, "", None
    for step in path.split("."):
        found = _STEP.fullmatch(step)
        if not found or not found[2]:
            raise UnknownPath(path)
        group_id = f"{group_id}.{found[1]}" if group_id else found[1]
        group = definition.group(group_id)
        row = next((row for row in owner.get(found[1], []) if row["_id"] == found[2]), None) if group else None
        if row is None:
            raise UnknownPath(path)
        owner, rows = row, (*rows, row)
    if group is None:
        raise UnknownPath(path)
    return group_id, group, rows


def duplicate(tree: Mapping[str, Any]) -> Tree:
    """An independent copy of the tree."""
    return {name: _copied(found) for name, found in tree.items()}


def _copied(found: Any) -> Any:  # noqa: ANN401 - any JSON value, which ``copy.deepcopy`` takes four times as long for
    if isinstance(found, dict):
        return {name: _copied(each) for name, each in found.items()}
    return [_copied(each) for each in found] if isinstance(found, list) else found


def split_health(definition: FormDefinition, tree: Mapping[str, Any]) -> tuple[Tree, Tree]:
    """The answers and the health part. Rows stand in both by their ``_id``; every value stands in exactly one.

    Rows of a group that holds nothing but health stand in the health part alone.
    """
    answers = duplicate(tree)
    health: Tree = {}
    for section in definition.sections:
        apart = _take_health(section.fields, answers.get(section.id, {}))
        if apart:
            health[section.id] = apart
    for group in definition.groups:
        rows = _split_rows(group, answers)
        if rows:
            health[group.id] = rows
    return answers, health


def _split_rows(group: Group, owner: Tree) -> list[Tree]:
    if group.is_sealed:
        whole: list[Tree] = owner.pop(group.id, [])
        return whole
    found = []
    for row in owner.get(group.id, []):
        apart = _take_health(group.fields, row)
        for inner in group.groups:
            rows = _split_rows(inner, row)
            if rows:
                apart[inner.id] = rows
        if apart:
            found.append({"_id": row["_id"], **apart})
    return found


def _take_health(fields: tuple[Field, ...], owner: Tree) -> Tree:
    return {field.id: owner.pop(field.id) for field in fields if field.is_health and field.id in owner}


def join_health(answers: Mapping[str, Any], health: Mapping[str, Any]) -> Tree:
    """One tree of both parts: the reverse of ``split_health``."""
    tree = duplicate(answers)
    for name, found in duplicate(health).items():
        if isinstance(found, list):
            _join_group(tree, name, found)
        else:
            tree.setdefault(name, {}).update(found)
    return tree


def _join_rows(rows: list[Tree], apart: list[Tree]) -> None:
    by_id = {row["_id"]: row for row in apart}
    for row in rows:
        for name, found in by_id.get(row["_id"], {}).items():
            if isinstance(found, list):
                _join_group(row, name, found)
            else:
                row[name] = found


def _join_group(owner: Tree, name: str, apart: list[Tree]) -> None:
    if name in owner:
        _join_rows(owner[name], apart)
    else:
        owner[name] = apart
