"""Edits that may come too late: asked before they begin, answered by the advisor once for each cut-off."""

from datetime import datetime, timedelta

from localapp.domain.late_edit import LastWord, may_have_taken
from localapp.domain.lifecycle import Action, Kind, permitted
from localapp.store.records import DocumentRecord
from localapp.web.desk import Desk

SOON = timedelta(minutes=10)
"""How long before the cut-off an open editor begins to warn."""


def to_ask_about(desk: Desk, record: DocumentRecord) -> datetime | None:
    """The cut-off to warn of before this document is edited; None when there is nothing to warn of."""
    passed = passed_cutoff(desk, record)
    return None if passed is None or (record.id, passed) in desk.edits_anyway else passed


def passed_cutoff(desk: Desk, record: DocumentRecord) -> datetime | None:
    """The cut-off that may have taken the document, as far as this desk knows."""
    sync = desk.store.sync
    enrolment = sync.enrolment()
    last = LastWord(enrolment.cutoff_at if enrolment else None, sync.server_clock.heard_at)
    return may_have_taken(record.facts, sync.server_clock.now(), last)


def edit_anyway(desk: Desk, record: DocumentRecord) -> None:
    """The advisor has been warned and edits; until the next cut-off nobody asks again."""
    passed = passed_cutoff(desk, record)
    if passed is not None:
        desk.edits_anyway.add((record.id, passed))


def minutes_left(desk: Desk, record: DocumentRecord) -> int | None:
    """How many minutes an open editor has until the cut-off; None while there is time or nothing would be missed."""
    facts = record.facts
    if facts.backed_up_at is None or facts.kind is Kind.OTHER or Action.EDIT not in permitted(facts):
        return None
    clock = desk.store.sync.server_clock
    left = clock.cutoff() - clock.now()
    return max(1, -(-int(left.total_seconds()) // 60)) if left <= SOON else None
