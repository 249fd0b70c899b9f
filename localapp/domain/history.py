"""What changed in the answers of a document, exactly: it can be taken back, done again and told apart into strokes.

Works on the open answers, without health; rows are known by their ``_id``. A place without an answer is None.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from localapp.domain.forms.answers import Tree, duplicate

SAME_STROKE = timedelta(seconds=30)
"""Typing in one field goes on as one stroke when it paused no longer."""


@dataclass(frozen=True)
class FieldChange:
    """One changed place; ``old`` and ``new`` are JSON values.

    ``persons[p1].term`` is an answer, ``persons[p1]`` a row that came or went, ``persons[]`` the order of rows, and
    ``persons`` a whole part that only one of the two trees has.
    """

    path: str
    old: Any
    new: Any

    @property
    def inverse(self) -> "FieldChange":
        """The change back."""
        return FieldChange(self.path, self.new, self.old)


class OutOfStep(Exception):  # noqa: N818 - a refusal
    """The answers are not those that the change was made on."""


@dataclass(frozen=True)
class Stroke:
    """One saved change: the fields that it touched, and when."""

    paths: frozenset[str]
    at: datetime


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """The changes that make ``after`` of ``before``."""
    return list(_fields("", before, after))


def made(tree: Mapping[str, Any], changes: Sequence[FieldChange]) -> Tree:
    """The tree after the changes. Raises OutOfStep when one does not fit."""
    result = duplicate(tree)
    for change in changes:
        _make(result, change)
    return result


def taken_back(tree: Mapping[str, Any], changes: Sequence[FieldChange]) -> Tree:
    """The tree before the changes. Raises OutOfStep when one does not fit."""
    return made(tree, inverse(changes))


def inverse(changes: Sequence[FieldChange]) -> list[FieldChange]:
    """The changes that take these back."""
    return [change.inverse for change in reversed(changes)]


def continues(last: Stroke, new: Stroke) -> bool:
    """Whether a change is the same stroke of typing as the one before it: in the same single field, soon after it."""
    in_one_field = len(new.paths) == 1 and new.paths == last.paths
    return in_one_field and timedelta() <= new.at - last.at <= SAME_STROKE


def _fields(prefix: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in dict.fromkeys([*before, *after]):
        old, new, path = before.get(name), after.get(name), f"{prefix}{name}"
        if _same(old, new):
            continue
        if not prefix and isinstance(old, dict) and isinstance(new, dict):
            yield from _fields(f"{path}.", old, new)
        elif _are_rows(old) and _are_rows(new):
            yield from _rows(path, old, new)
        else:
            yield FieldChange(path, old, new)


def _rows(path: str, before: Sequence[Tree], after: Sequence[Tree]) -> Iterator[FieldChange]:
    """Rows that went leave from the end and rows that came are put there, so that each change can be taken back."""
    old, new = ({row["_id"]: row for row in rows} for rows in (before, after))
    kept, gone, come = (
        [*(i for i in old if i in new)],
        [i for i in old if i not in new],
        [i for i in new if i not in old],
    )
    yield from _order(path, list(old), [*kept, *gone])
    yield from (FieldChange(f"{path}[{each}]", old[each], None) for each in reversed(gone))
    for each in kept:
        yield from _fields(f"{path}[{each}].", old[each], new[each])
    yield from (FieldChange(f"{path}[{each}]", None, new[each]) for each in come)
    yield from _order(path, [*kept, *come], list(new))


def _order(path: str, before: list[str], after: list[str]) -> Iterator[FieldChange]:
    if before != after:
        yield FieldChange(f"{path}[]", before, after)


def _are_rows(found: object) -> TypeGuard[list[Tree]]:
    """Whether it is a list of rows, each with an id of its own."""
    if not isinstance(found, list) or not all(isinstance(row, dict) and "_id" in row for row in found):
        return False
    return len({row["_id"] for row in found}) == len(found)


def _make(tree: Tree, change: FieldChange) -> None:
    *way, last = change.path.split(".")
    owner: Any = tree
    for step in way:
        owner = _below(owner, step)
    name, bracket, row_id = last.partition("[")
    if not bracket:
        _put(owner, name, change)
    elif row_id == "]":
        _sort(owner, name, change)
    else:
        _put_row(owner.get(name), row_id[:-1], change)


def _below(owner: Tree, step: str) -> Tree:
    name, bracket, row_id = step.partition("[")
    found: Any = owner.get(name)
    if bracket:
        found = next((row for row in found or [] if row["_id"] == row_id[:-1]), None)
    if not isinstance(found, dict):
        raise OutOfStep(step)
    return found


def _put(owner: Tree, name: str, change: FieldChange) -> None:
    _require(owner.get(name), change.old, change)
    owner.pop(name, None)
    if change.new is not None:
        owner[name] = duplicate({"": change.new})[""]


def _put_row(rows: list[Tree] | None, row_id: str, change: FieldChange) -> None:
    if rows is None:
        raise OutOfStep(change.path)
    _require(next((row for row in rows if row["_id"] == row_id), None), change.old, change)
    if change.new is None:
        rows[:] = [row for row in rows if row["_id"] != row_id]
    else:
        rows.append(duplicate(change.new))


def _sort(owner: Tree, name: str, change: FieldChange) -> None:
    by_id = {row["_id"]: row for row in owner.get(name) or []}
    _require(list(by_id), change.old, change)
    owner[name] = [by_id[row_id] for row_id in change.new]


def _require(found: object, expected: object, change: FieldChange) -> None:
    if not _same(found, expected):
        raise OutOfStep(change.path)


def _same(one: object, other: object) -> bool:
    """A true is not a one, at whatever depth."""
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_same(each, other[name]) for name, each in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(map(_same, one, other))
    return True
