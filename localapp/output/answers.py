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

    def title_of(self, group: Group, path: str, number: int | None = None) -> str:
        """What a row is called: the names in it, else the choice that added it, else its group; with its number."""
        states = {state.field.id: state for state in self._source.states(path)}
        names = [str(states[name].value) for name in _NAMES if name in states and states[name].value]
        if names:
            return " ".join(names)
        chosen = states.get(group.added_by or "")
        text = self._read(chosen) if chosen else self._said(group.label)
        return f"{text} {number}" if number else text

    def _section(self, section: Section) -> list[Block]:
        """The section's own answers, those of rows that are asked for here, and the groups it shows."""
        blocks: list[Block] = []
        if rows := self._facts(section.id):
            blocks.append(Facts(rows))
        for group_id, group in self._source.definition.all_groups():
            if any(each.section == section.id for each in group.fields):
                blocks += self._listed(group_id, section.id)
        for group_id in section.shows:
            blocks += self._group(group_id)
        return blocks

    def _group(self, group_id: str) -> list[Block]:
        """The rows of a group: a table of what is short, for each row around it, else one list of facts a row."""
        group = self._source.definition.group(group_id)
        assert group is not None  # noqa: S101 - the parser refuses a section that shows an unknown group
        here = [each for each in group.fields if each.section is None and each.print]
        if "." not in group_id and (group.groups or len(here) > MOST_COLUMNS):
            return self._listed(group_id, None)
        return [
            self._table(group, self._columns(group, paths), paths, title) for title, paths in self._gathered(group_id)
        ]

    def _listed(self, group_id: str, section: str | None) -> list[Block]:
        """One list of facts a row, of the fields that are asked for in this section, or in the group's own."""
        group = self._source.definition.group(group_id)
        assert group is not None  # noqa: S101 - as above
        found = []
        for title, paths in self._gathered(group_id):
            for number, path in enumerate(paths, 1):
                names = (title, self.title_of(group, path, None if title else number))
                found.append(Facts(self._facts(path, section), ", ".join(name for name in names if name)))
        return [each for each in found if each.rows]

    def _gathered(self, group_id: str) -> list[tuple[str, list[str]]]:
        """The rows of a group, however deep: the title of the rows around them, and their paths."""
        *around, last = group_id.split(".")
        owners: list[tuple[str, str, Mapping[str, Any]]] = [("", "", self._source.evaluation.tree)]
        name = ""
        for step in around:
            name = f"{name}.{step}" if name else step
            owners = [each for owner in owners for each in self._inside(owner, step, name)]
        found = [(title, [path for path, _ in _rows(node, last, prefix)]) for prefix, title, node in owners]
        return [(title, paths) for title, paths in found if paths]

    def _inside(
        self, owner: tuple[str, str, Mapping[str, Any]], step: str, group_id: str
    ) -> list[tuple[str, str, Mapping[str, Any]]]:
        prefix, title, node = owner
        group = self._source.definition.group(group_id)
        assert group is not None  # noqa: S101 - as above
        found: list[tuple[str, str, Mapping[str, Any]]] = []
        for number, (path, row) in enumerate(_rows(node, step, prefix), 1):
            names = (title, self.title_of(group, path, None if title else number))
            found.append((path, ", ".join(each for each in names if each), row))
        return found

    def _columns(self, group: Group, paths: Sequence[str]) -> list[Field]:
        """The required fields that most rows show; what few show stands as a detail of its row."""
        fields = self._source.evaluation.fields
        shown = {each.id: sum(self._is_printed(fields[f"{path}.{each.id}"]) for path in paths) for each in group.fields}
        printed = [each for each in group.fields if not each.section and shown[each.id] * 2 > len(paths)]
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
        here = [each for each in group.fields if each.section is None and each not in columns]
        beside = [each for each in here if self._is_printed(states[each.id])]
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

    def _facts(self, owner: str, section: str | None = None) -> tuple[tuple[str, str], ...]:
        here = [state for state in self._source.states(owner) if state.field.section == section]
        printed = [state for state in here if self._is_printed(state)]
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


def _rows(owner: Mapping[str, Any], group_id: str, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    start = f"{prefix}.{group_id}" if prefix else group_id
    return [(f"{start}[{row['_id']}]", row) for row in kept_rows(owner, group_id)]


def _share(field: Field, *, first: bool) -> int:
    return 7 if first else 3 if field.type in _NUMERIC else 4


_NUMERIC = frozenset({"money", "integer", "decimal", "date", "share"})
