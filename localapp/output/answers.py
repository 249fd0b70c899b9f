"""The answers as they are printed: section by section of the form, whatever form it is, by its own labels."""

from collections.abc import Mapping, Sequence
from typing import Any

from localapp.domain import written
from localapp.domain.forms.answers import kept_rows
from localapp.domain.forms.definition import Field, Group, Section
from localapp.domain.forms.evaluator import FieldState
from localapp.domain.forms.shown import read_out
from localapp.domain.typography import typeset
from localapp.output.blocks import Block, Cell, Facts, Part, Table
from localapp.output.source import Source
from localapp.output.words import word

MOST_COLUMNS = 5  # more do not fit beside each other; such rows are printed as facts
_NAMES = ("title", "first_name", "last_name")  # what a row is called by, where it has them


class Answers:
    """Prints the answers of one source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lang = source.lang
        self._instalments = instalments(source)

    def parts(self) -> list[Part]:
        """The sections that have something to print, in the form's order."""
        found = [
            Part(self._said(section.label), tuple(self._section(section)))
            for section in self._source.definition.sections
            if not section.is_summary
        ]
        return [part for part in found if part.blocks]

    def title_of(self, group: Group, path: str, number: int) -> str:
        """What a row is called: the names in it, else the choice that added it, else its group with its number."""
        states = {state.field.id: state for state in self._source.states(path)}
        names = [str(states[name].value) for name in _NAMES if name in states and states[name].value]
        if names:
            return " ".join(names)
        chosen = states.get(group.added_by or "")
        return f"{self._read(chosen) if chosen else self._said(group.label)} {number}"

    def _section(self, section: Section) -> list[Block]:
        blocks: list[Block] = []
        if rows := self._facts(section.id):
            blocks.append(Facts(rows))
        for group_id in section.shows:
            outer, _, inner = group_id.partition(".")
            blocks += self._nested(outer, inner) if inner else self._rows(outer)
        return blocks

    def _rows(self, group_id: str) -> list[Block]:
        """The rows of an outer group: a table of what is short, else one block of facts a row."""
        group = self._group(group_id)
        paths = _paths(self._source.evaluation.tree, group_id, group_id)
        columns = self._columns(group, paths)
        if paths and not group.groups and len(group.fields) <= MOST_COLUMNS:
            return [self._table(group, columns, paths, "")]
        titles = {path: self.title_of(group, path, number) for number, path in enumerate(paths, 1)}
        return [Facts(self._facts(path), titles[path]) for path in paths]

    def _nested(self, outer_id: str, inner_id: str) -> list[Block]:
        """A table of the inner rows for each outer row."""
        outer, inner = self._group(outer_id), self._group(f"{outer_id}.{inner_id}")
        blocks: list[Block] = []
        for number, row in enumerate(kept_rows(self._source.evaluation.tree, outer_id), 1):
            owner = f"{outer_id}[{row['_id']}]"
            paths = _paths(row, inner_id, f"{owner}.{inner_id}")
            if paths:
                columns, title = self._columns(inner, paths), self.title_of(outer, owner, number)
                blocks.append(self._table(inner, columns, paths, title))
        return blocks

    def _columns(self, group: Group, paths: Sequence[str]) -> list[Field]:
        """The required fields that most rows show; what few show stands as a detail of its row."""
        fields = self._source.evaluation.fields
        shown = {each.id: sum(self._is_printed(fields[f"{path}.{each.id}"]) for path in paths) for each in group.fields}
        printed = [each for each in group.fields if each.print and shown[each.id] * 2 > len(paths)]
        return [each for each in printed if each.required][:MOST_COLUMNS] or printed[:MOST_COLUMNS]

    def _table(self, group: Group, columns: Sequence[Field], paths: Sequence[str], title: str) -> Table:
        with_instalment = any(path in self._instalments for path in paths)
        heads = [self._said(each.label) for each in columns]
        rows = [self._row(group, columns, path, with_instalment=with_instalment) for path in paths]
        numeric = [each.type in _NUMERIC for each in columns]
        shares = [_share(each, first=number == 0) for number, each in enumerate(columns)]
        total: tuple[str, ...] = ()
        if with_instalment:
            amount = sum(self._instalments.get(path, 0) for path in paths)
            total = (word("total", self._lang), *[""] * (len(columns) - 1), written.czk(amount, self._lang))
            heads.append(word("instalment", self._lang))
            numeric, shares = [*numeric, True], [*shares, 3]
        return Table(tuple(heads), tuple(numeric), tuple(shares), tuple(rows), title, total)

    def _row(self, group: Group, columns: Sequence[Field], path: str, *, with_instalment: bool) -> tuple[Cell, ...]:
        states = {state.field.id: state for state in self._source.states(path)}
        beside = [each for each in group.fields if each not in columns and self._is_printed(states[each.id])]
        detail = typeset(", ".join(self._detail(states[each.id]) for each in beside), self._lang)
        cells = [Cell(self._read(states[each.id]) or "–") for each in columns]
        cells[0] = Cell(cells[0].text, detail)
        if with_instalment:
            amount = self._instalments.get(path)
            cells.append(Cell("–" if amount is None else written.czk(amount, self._lang)))
        return tuple(cells)

    def _detail(self, state: FieldState) -> str:
        label = self._said(state.field.label)
        return f"{label[0].lower()}{label[1:]} {self._read(state)}"

    def _facts(self, owner: str) -> tuple[tuple[str, str], ...]:
        printed = [state for state in self._source.states(owner) if self._is_printed(state)]
        return tuple((self._said(state.field.label), self._read(state)) for state in printed)

    def _is_printed(self, state: FieldState) -> bool:
        answered = state.value is not None or state.raw is not None
        return state.field.print and state.visible and (answered or (state.is_missing and self._source.is_draft))

    def _read(self, state: FieldState) -> str:
        if state.value is None and state.raw is None:
            return word("not_answered", self._lang) if state.is_missing else ""
        entry = self._entry(state)
        text = read_out(state, self._lang)
        return written.with_unit(text, self._said(entry["unit"])) if entry else text

    def _entry(self, state: FieldState) -> Mapping[str, Any] | None:
        """The entry of a catalogue that says the unit of a sum without one: that of the coverage in the same row."""
        if state.field.unit is not None or state.field.type != "money" or state.value is None:
            return None
        owner = state.path.rpartition(".")[0]
        for each in self._source.states(owner):
            if each.field.options_from and "list" not in each.field.options_from:
                return self._source.catalogues[each.field.options_from["catalogue"]].get(str(each.value))
        return None

    def _group(self, group_id: str) -> Group:
        group = self._source.definition.group(group_id)
        assert group is not None  # noqa: S101 - the parser refuses a section that shows an unknown group
        return group

    def _said(self, label: Mapping[str, str]) -> str:
        return typeset(label[self._lang], self._lang)


def instalments(source: Source) -> dict[str, int]:
    """The instalment of each priced row in CZK, by the row's path."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    for line in source.quote["lines"] if source.quote else ():
        number = counts.get(line["person"], 0)
        counts[line["person"]] = number + 1
        path = source.mapped.rows.get((line["person"], number))
        if path is not None:
            found[path] = int(line["instalment"])
    return found


def _paths(owner: Mapping[str, Any], group_id: str, prefix: str) -> list[str]:
    return [f"{prefix}[{row['_id']}]" for row in kept_rows(owner, group_id)]


def _share(field: Field, *, first: bool) -> int:
    return 7 if first else 3 if field.type in _NUMERIC else 4


_NUMERIC = frozenset({"money", "integer", "decimal", "date"})
