"""The history of a document in words: who changed what when, one line for one stroke, health without a word of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from localapp.domain.forms.answers import is_raw, raw_text
from localapp.domain.forms.definition import Field, FormDefinition
from localapp.domain.forms.evaluator import FieldState
from localapp.domain.forms.reading import options_of
from localapp.domain.history import FieldChange
from localapp.store.histories import BEGINNINGS
from localapp.store.records import HistoryLine
from localapp.web.differing import Named
from localapp.web.editing import Opened
from localapp.web.presenting import read_out
from localapp.web.wording import moment_said, said, t

_REMOVED = "_removed"
_ACTORS = {"advisor": "here", "endpoint": "insurer", "elsewhere": "elsewhere"}


@dataclass(frozen=True)
class Change:
    """One changed place in words. ``old`` and ``new`` are empty where only what happened is said."""

    path: str
    label: str
    owner: str
    old: str
    new: str
    was_empty: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the page: the lines of the journal that belong together. ``line`` is the newest of them."""

    line: int
    at: datetime
    actor: str
    title: str
    changes: tuple[Change, ...]
    can_be_shown: bool


def entries(lines: Sequence[HistoryLine], opened: Opened, times: Mapping[int, datetime]) -> Iterator[Entry]:
    """The lines, newest first, grouped by strokes. ``times`` are those of the lines that were restored."""
    teller = Teller(opened)
    for _, group in groupby(lines, key=lambda line: (line.cause, line.stroke) if line.stroke else line.id):
        together = list(group)
        newest = together[0]
        yield Entry(
            line=newest.id,
            at=newest.at,
            actor=_ACTORS.get(newest.actor, "here"),
            title=_title(newest, times),
            changes=tuple(teller.changes(together)),
            can_be_shown=newest.stroke is not None or newest.event in (*BEGINNINGS, "completed"),
        )


def _title(line: HistoryLine, times: Mapping[int, datetime]) -> str:
    if line.cause == "restored" and line.about is not None and line.about in times:
        return t("history.restored_from", time=moment_said(times[line.about]))
    if line.cause is not None:
        return t(f"history.cause_{line.cause}")
    name, _, more = line.event.partition(":")
    if name == "conflict":
        return t("history.event_conflict", reason=t(f"conflicts.reason_{more}"))
    return t(f"history.event_{name}", number=more or line.new or "")


class Teller:
    """Says what changed, in the words of a document's form."""

    def __init__(self, opened: Opened) -> None:
        self._definition = opened.assessor.form.definition
        self._catalogues = opened.assessor.catalogues
        self._named = Named(opened.assessor, opened.assessment)

    def changes(self, lines: Sequence[HistoryLine]) -> list[Change]:
        """What lines that belong together changed, newest line first; of health only that it changed."""
        found: dict[str, FieldChange] = {}
        for line in reversed(lines):
            if line.path is not None:
                first = found.get(line.path, line)
                found[line.path] = FieldChange(line.path, first.old, line.new)
        changed = (self._told(each) for each in found.values() if each.old != each.new)
        told = [each for each in changed if each is not None]
        is_health = any(line.event == "health_changed" for line in lines)
        return told + ([Change("", t("history.health"), "", "", t("history.health_changed"))] if is_health else [])

    def in_short(self, lines: Sequence[HistoryLine]) -> tuple[str, str]:
        """The first change as a sentence part, with how many more there are; and its path, empty for health."""
        found = self.changes(list(reversed(lines)))
        if not found:
            return t("history.something"), ""
        first = found[0]
        whose = f"{first.owner}, " if first.owner else ""
        what = f"{whose}{first.label}" + (f": {first.new}" if first.path else "")
        more = t("history.and_more", count=len(found) - 1) if len(found) > 1 else ""
        return f"{what}{more}", first.path

    def _told(self, change: FieldChange) -> Change | None:
        row, _, name = change.path.rpartition(".")
        if change.path.endswith("[]") or ("." not in change.path and not change.path.endswith("]")):
            return None  # the order of rows, and whole parts: what matters in them is told by itself
        if change.path.endswith("]") or name == _REMOVED:
            return self._row(change, row if name == _REMOVED else change.path)
        field = field_at(self._definition, change.path)
        if field is None or field.calculated:
            return None  # what a library has answered follows from what is told
        old, new = (self._value(change.path, field, value) for value in (change.old, change.new))
        owner = self._named.owner(change.path)
        return Change(change.path, said(field.label), owner, old, new, was_empty=change.old is None)

    def _row(self, change: FieldChange, path: str) -> Change | None:
        """A row that came, went or came back; a merge has only said ``kept`` and ``removed``."""
        group = self._definition.group(home_of(path))
        if group is None:
            return None
        went = change.new == "removed" or (bool(change.new) if change.path.endswith(_REMOVED) else change.new is None)
        word = t("history.row_removed") if went else t("history.row_added")
        return Change(path, said(group.label), self._named.owner(path), "", word)

    def _value(self, path: str, field: Field, found: object) -> str:
        if found is None:
            return t("conflicts.empty")
        if isinstance(found, dict) and is_raw(found):
            return raw_text(found)
        options = options_of(field, {}, self._catalogues)
        value = found if isinstance(found, (str, int, bool)) else str(found)
        return read_out(FieldState(path, field, home_of(path), value=value, options=options))


def home_of(path: str) -> str:
    """The dotted group of a row, or of the row around a field."""
    return ".".join(step.partition("[")[0] for step in path.split(".") if "[" in step)


def field_at(definition: FormDefinition, path: str) -> Field | None:
    """The field of a path, whether or not its row is there; None for health and for what the form does not have."""
    owner, _, name = path.rpartition(".")
    home = definition.group(home_of(owner)) if "[" in owner else definition.section(owner)
    return next((field for field in home.fields if field.id == name), None) if home else None


def label_at(definition: FormDefinition, path: str) -> str | None:
    """The label of the field at a path."""
    field = field_at(definition, path)
    return None if field is None else said(field.label)
