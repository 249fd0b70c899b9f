"""The three-way merge of one document's answers that two linked computers have changed. Source: the issue, C5 and C6.

Works on whole trees, health joined. A row is known by its id; rows that both sides added are different rows, whatever
their ids. What only one side changed is taken from it; what both changed differently is theirs until somebody chooses.
Nothing is decided silently: every difference of the two is told, also those that decide themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from localapp.domain.canonical import canonical_text
from localapp.domain.forms.answers import Tree, duplicate, walk
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.evaluator import Evaluation


class Side(StrEnum):
    """Whose change it is, or whose is chosen."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Difference:
    """One place where mine and theirs differ: a field, or a whole row that one side does not have.

    ``changed_by`` is None when both sides changed it: somebody has to choose. ``path`` is that of the merged tree.
    Values are None where there is no answer or no row.
    """

    path: str
    base: Any
    mine: Any
    theirs: Any
    changed_by: Side | None
    is_row: bool = False

    @property
    def is_overlapping(self) -> bool:
        """Whether both sides changed it."""
        return self.changed_by is None


@dataclass(frozen=True)
class Merged:
    """The merged answers, and where the two sides differed, in the order of the answers."""

    tree: Tree
    differences: tuple[Difference, ...]

    @property
    def overlapping(self) -> tuple[Difference, ...]:
        """What somebody has to choose."""
        return tuple(each for each in self.differences if each.is_overlapping)


def merge(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    chosen: Mapping[str, Side] | None = None,
) -> Merged:
    """Merge two trees that came of ``base``. ``chosen`` says for a path whose side is taken, whoever changed it."""
    merger = _Merger(dict(chosen or {}))
    tree: Tree = {}
    sides = _Sides(base, mine, theirs)
    for name in sides.names():
        part = sides.at(name)
        if part.has_rows:
            tree[name] = merger.rows(name, name, part)
        else:
            tree[name] = merger.fields(f"{name}.", part.or_empty())
    return Merged(duplicate(tree), tuple(merger.differences))


def without_computed(definition: FormDefinition, tree: Mapping[str, Any], evaluation: Evaluation) -> Tree:
    """The answers that somebody gave: what is computed follows from others and is nobody's to merge."""
    typed = duplicate(tree)
    for place in walk(definition, typed):
        state = evaluation.fields.get(place.path)
        if state is not None and state.computed:
            place.owner.pop(place.field.id, None)
    return typed


@dataclass(frozen=True)
class _Sides:
    """The same place in the three trees."""

    base: Any
    mine: Any
    theirs: Any

    def names(self) -> list[str]:
        """What lies below, in the order of theirs, then of mine."""
        return list(dict.fromkeys([*(self.theirs or {}), *(self.mine or {})]))

    def at(self, name: str) -> "_Sides":
        return _Sides(*((side or {}).get(name) for side in (self.base, self.mine, self.theirs)))

    def or_empty(self) -> "_Sides":
        return _Sides(self.base or {}, self.mine or {}, self.theirs or {})

    @property
    def has_rows(self) -> bool:
        return isinstance(self.mine, list) or isinstance(self.theirs, list)

    @property
    def changed_by(self) -> Side | None:
        """Whose change it is, of two that differ; None when both changed it."""
        if _same(self.base, self.mine):
            return Side.THEIRS
        return Side.MINE if _same(self.base, self.theirs) else None


@dataclass
class _Merger:
    chosen: Mapping[str, Side]
    differences: list[Difference] = field(default_factory=list)

    def _take(self, path: str, sides: _Sides, *, is_row: bool = False) -> Any:  # noqa: ANN401 - an answer or a row
        """The side that stands, where the two differ; the difference is noted."""
        by = sides.changed_by
        self.differences.append(Difference(path, sides.base, sides.mine, sides.theirs, by, is_row))
        return sides.mine if self.chosen.get(path, by) is Side.MINE else sides.theirs

    def fields(self, prefix: str, sides: _Sides) -> Tree:
        """The answers of a section or row, and the groups inside a row."""
        found: Tree = {}
        for name in sides.names():
            part = sides.at(name)
            if part.has_rows:
                found[name] = self.rows(f"{prefix}{name}", name, part)
                continue
            same = _same(part.mine, part.theirs) or name == "_id"
            taken = part.mine if same else self._take(f"{prefix}{name}", part)
            if taken is not None:
                found[name] = taken
        return found

    def rows(self, path: str, name: str, sides: _Sides) -> list[Tree]:
        """The rows of a group: those of the base in its order, then what was added."""
        base, mine, theirs = (_kept(rows or []) for rows in (sides.base, sides.mine, sides.theirs))
        found = []
        for row_id in base:
            three = _Sides(base[row_id], mine.get(row_id), theirs.get(row_id))
            row = self._row(f"{path}[{row_id}]", three)
            found.append(row or _removed(row_id, sides.mine) or _removed(row_id, sides.theirs))
        known = set(base)
        added = _added(name, known, sides.mine or [], sides.theirs or [])
        return [row for row in found if row] + list(self._chosen_rows(path, added))

    def _row(self, path: str, three: _Sides) -> Tree | None:
        if three.mine is not None and three.theirs is not None:
            return self.fields(f"{path}.", three)
        if three.mine is None and three.theirs is None:
            return None
        row: Tree | None = self._take(path, three, is_row=True)
        return row

    def _chosen_rows(self, path: str, added: Sequence[tuple[Side | None, Tree]]) -> Iterator[Tree]:
        """What was added on one side is a difference; what both added alike, and what was removed again, is none."""
        for side, row in added:
            if side is None or "_removed" in row:
                yield row
                continue
            mine, theirs = (row, None) if side is Side.MINE else (None, row)
            if self._take(f"{path}[{row['_id']}]", _Sides(None, mine, theirs), is_row=True) is not None:
                yield row


def _kept(rows: Sequence[Tree]) -> dict[str, Tree]:
    return {row["_id"]: row for row in rows if "_removed" not in row}


def _removed(row_id: str, rows: Sequence[Tree] | None) -> Tree | None:
    """A row that was taken away and still holds its answers, so that it can be brought back."""
    return next((row for row in rows or [] if row["_id"] == row_id and "_removed" in row), None)


def _added(name: str, known: set[str], mine: Sequence[Tree], theirs: Sequence[Tree]) -> list[tuple[Side | None, Tree]]:
    """The rows that the base does not have, each with whose it is (None: of both alike), under ids of their own.

    One side's stay in their order. Those of both are put in an order that does not depend on whose they are.
    """
    of_mine, of_theirs = ([row for row in rows if row["_id"] not in known] for rows in (mine, theirs))
    if not of_mine or not of_theirs:
        return [*((Side.MINE, row) for row in of_mine), *((Side.THEIRS, row) for row in of_theirs)]
    alike = {canonical_text(row) for row in of_mine} & {canonical_text(row) for row in of_theirs}
    found: dict[str, tuple[Side | None, Tree]] = {}
    for side, rows in ((Side.MINE, of_mine), (Side.THEIRS, of_theirs)):
        for row in rows:
            text = canonical_text(row)
            found[text] = (None if text in alike else side, row)
    ordered = [found[text] for text in sorted(found, key=lambda text: (found[text][1]["_id"], text))]
    return _renumbered(name, {row["_id"] for row in (*mine, *theirs)} | known, ordered)


def _renumbered(name: str, taken: set[str], rows: Sequence[tuple[Side | None, Tree]]) -> list[tuple[Side | None, Tree]]:
    """The first of several rows with one id keeps it."""
    used: set[str] = set()
    found = []
    for side, row in rows:
        row_id, number = row["_id"], 1
        while row_id in used or (row_id != row["_id"] and row_id in taken):
            row_id, number = f"{name[0]}{number}", number + 1
        used.add(row_id)
        found.append((side, {**row, "_id": row_id}))
    return found


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - answers and rows
    """A true is not a one."""
    return canonical_text(one) == canonical_text(other)
