"""The insurer has of a document what is not the newest here: locked, ended, or changed on another machine.

What was completed here and was not taken makes way (``overtaken``); what was typed stays as the working copy over
the newest revision that both sides know, and a conflict is noted where the two differ.
"""

from typing import Any

from sqlalchemy import Connection

from localapp.domain.sync.messages import DocumentFacts
from localapp.store import conflicting, contents, document_columns, lineage, outbox, overtaken
from localapp.store.conflicting import Reason
from localapp.store.documents import StoredDocument
from localapp.store.health import HealthTables
from localapp.store.moments import as_text

Values = dict[str, Any]
"""Columns of the document that change."""


def lock(
    connection: Connection, health: HealthTables, stored: StoredDocument, facts: DocumentFacts, *, is_held: bool
) -> Values:
    """The lock has come. The list goes back to what was exported; what was changed later is kept beside it."""
    exported = facts.exported_revision or facts.revision
    outbox.withdraw_all(connection, stored.row, but_signature_of=exported if is_held else None)
    values: Values = {}
    if not facts.signed_at and stored.columns["signed_revision"] not in {None, exported}:
        values |= {"signed_at": None, "signed_revision": None}  # what was signed makes way, unsent
    if stored.record.facts.cancelled_at and not facts.cancelled_at:
        noted = conflicting.note(connection, stored.row, Reason.EXPORTED_CANCELLATION, exported, exported)
        values |= {"cancelled_at": None, **noted}
    return values | overtake(connection, health, stored, facts, is_held=is_held)


def overtake(
    connection: Connection, health: HealthTables, stored: StoredDocument, facts: DocumentFacts, *, is_held: bool
) -> Values:
    """Let what was completed here make way, and note a conflict if what was typed differs from its base.

    Nothing of the document waits. ``is_held``: the insurer's newest revision is here; otherwise the document shows the
    newest that is, until that one has come.
    """
    known = lineage.lineage(connection, stored.row, told=frozenset({facts.revision} if is_held else ()))
    if facts.revision < (stored.backed_up_revision or 0):
        known = lineage.without_lost(connection, stored.row, known, facts.revision)
    base = known.base_of(stored.record.revision)
    aside = overtaken.retreat(connection, health, stored, known.unacknowledged_after(base), base)
    shown = facts.revision if is_held else base  # a revision completed over an older one does not lead to the newest
    values = _shown(connection, stored, shown) if shown != stored.record.revision else {}
    if not contents.has_working(connection, stored.row):
        return values
    base = contents.read(connection, health, stored).base_revision
    if not all(conflicting.is_edited(connection, health, stored, each) for each in {base, shown}):
        return values | let_go(connection, health, stored, shown)
    values |= {"working_copy_at": _began(stored)}
    if facts.exported_at:
        values |= _row_of(connection, stored, shown)
    return values | conflicting.note(connection, stored.row, reason_of(facts), base, facts.revision, aside)


def reason_of(facts: DocumentFacts) -> Reason:
    """Why a change of the document does not go as it is."""
    if facts.exported_at:
        return Reason.EXPORTED_EDIT
    if facts.cancelled_at:
        return Reason.CANCELLED_EDIT
    return Reason.SIGNED_EDIT if facts.signed_at else Reason.STALE_EDIT


def let_go(connection: Connection, health: HealthTables, stored: StoredDocument, shown: int | None) -> Values:
    """Drop a working copy that says nothing of its own; the list shows the revision instead."""
    contents.drop_working(connection, health, stored.row)
    settled = conflicting.settle_edits(connection, stored.row)
    return {"working_copy_at": None, **_row_of(connection, stored, shown), **settled}


def _began(stored: StoredDocument) -> str:
    record = stored.record
    return as_text(record.facts.working_copy_at or record.facts.completed_at or record.changed_at)


def _shown(connection: Connection, stored: StoredDocument, base: int | None) -> Values:
    """The document's newest revision is ``base`` now; the row of the list stays that of what was typed."""
    found = None if base is None else contents.shown_of_revision(connection, stored, base)
    return {"revision": base, "completed_at": found[1] if found else None}


def _row_of(connection: Connection, stored: StoredDocument, revision: int | None) -> Values:
    found = None if revision is None else contents.shown_of_revision(connection, stored, revision)
    return document_columns.row_values(found[0]) if found else {}
