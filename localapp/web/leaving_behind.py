"""What a copy lacks of the document that it was made of, in words: parts, people and fields, never a value."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from localapp.store.left_behind import SIGNED
from localapp.web.desk import Desk
from localapp.web.differing import Named
from localapp.web.editing import Opened
from localapp.web.recounting import label_at
from localapp.web.wording import t

_QUESTION = re.compile(r"([A-Z])(\d\d) .*\?")


@dataclass(frozen=True)
class Lacking:
    """The fields of one part of the form that one person or coverage lacks; questions by their numbers."""

    section: str
    owner: str
    fields: tuple[str, ...]


def lacking(desk: Desk, opened: Opened) -> tuple[list[Lacking], bool]:
    """What a document lacks, in the order of the form, and whether the advisor has read of it."""
    kept = desk.store.left_behind(opened.record.id)
    if kept is None:
        return [], True
    return _grouped(opened, kept.places), kept.read_at is not None


def _grouped(opened: Opened, places: Sequence[str]) -> list[Lacking]:
    named = Named(opened.assessor, opened.assessment)
    found: dict[tuple[str, str], list[str]] = {}
    for path in places:
        label = None if path == SIGNED else label_at(opened.assessor.form.definition, path)
        row = "" if path.startswith("persons[") else named.row(path)
        if label is not None:
            found.setdefault((named.section(path), "" if row else named.owner(path)), []).append(row or label)
    grouped = [Lacking(*place, _in_short(dict.fromkeys(labels))) for place, labels in found.items()]
    return [*grouped, *([Lacking(t("history.left_signed"), "", ())] if SIGNED in places else [])]


def _in_short(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels, but of questions that follow each other the first and the last number: Z02–Z07."""
    told: list[str] = []
    first = last = ""
    for label in labels:
        found = _QUESTION.fullmatch(label)
        number = found[1] + found[2] if found else ""
        if number and last and number == f"{last[0]}{int(last[1:]) + 1:02}":
            told[-1] = f"{first}–{number}"
        else:
            told.append(number or label)
            first = number
        last = number
    return tuple(told)
