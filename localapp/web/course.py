"""The course of a conflict, drawn: what happened to the document here and at the insurer, on the day ruler's line.

Source: design, "The conflict page uses the same ruler for the history of one document".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from localapp.domain.cutoff import PRAGUE
from localapp.domain.typography import NBSP
from localapp.store.conflicting import Conflict, Sides
from localapp.store.lineage import ELSEWHERE
from localapp.store.records import DocumentRecord
from localapp.web.wording import day, t, time_of_day


@dataclass(frozen=True)
class Moment:
    """One tick: when, in words what, and its look: ``end`` is the lock, ``mine`` what was done here too late."""

    at: datetime
    when: str
    what: str
    look: str


def course(record: DocumentRecord, conflict: Conflict, sides: Sides | None) -> list[Moment]:
    """The moments, oldest first; the day stands with the first of each day."""
    found = sorted(_moments(record, conflict, sides), key=lambda each: each[0])
    told: list[Moment] = []
    before: date | None = None
    for at, what, look in found:
        local = at.astimezone(PRAGUE).date()
        when = time_of_day(at) if local == before else f"{day(local)}{NBSP}{time_of_day(at)}"
        told.append(Moment(at, when, t(f"conflicts.course_{what}"), look))
        before = local
    return told


def _moments(record: DocumentRecord, conflict: Conflict, sides: Sides | None) -> Iterator[tuple[datetime, str, str]]:
    facts = record.facts
    if sides and sides.base:
        yield sides.base.at, "received" if sides.base.actor == ELSEWHERE else "completed", ""
    if facts.backed_up_at and conflict.base_revision == conflict.their_revision:
        yield facts.backed_up_at, "backed_up", ""
    if sides and sides.theirs and conflict.their_revision != conflict.base_revision:
        yield sides.theirs.at, "elsewhere", ""
    ends = {"exported": facts.exported_at, "signed": facts.signed_at, "cancelled": facts.cancelled_at}
    yield from ((at, what, "end") for what, at in ends.items() if at is not None)
    if sides and sides.mine:
        yield sides.mine.at, "mine", "mine"
    yield conflict.noted_at, "noted", "" if conflict.reason.is_edit else "mine"
