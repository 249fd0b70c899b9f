"""Conflicts: what was typed here and what the insurer has are two things, until somebody decides.

What was typed is the working copy; the insurer's is a revision; both were made over the same base. A document has at
most one open conflict of a change and one of a cancellation.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.store import contents, documents, journal, overtaken, schema
from localapp.store.documents import StoredDocument
from localapp.store.health import HealthTables
from localapp.store.moments import as_moment
from localapp.store.records import Answers, Content
from localapp.store.sync_schema import conflict

ENDPOINT = "endpoint"  # the actor of what the insurer has told
_table = conflict.c


class Reason(StrEnum):
    """Why what was done here did not reach the insurer."""

    EXPORTED_EDIT = "exported_edit"
    EXPORTED_CANCELLATION = "exported_cancellation"
    STALE_EDIT = "stale_edit"
    STALE_CANCELLATION = "stale_cancellation"
    CANCELLED_EDIT = "cancelled_edit"
    SIGNED_EDIT = "signed_edit"
    SIGNED_CANCELLATION = "signed_cancellation"
    STALE_SIGNATURE = "stale_signature"

    @property
    def is_edit(self) -> bool:
        """Whether a changed text waits for a decision; else it is a cancellation or a signature."""
        return self.value.endswith("_edit")


@dataclass(frozen=True)
class Conflict:
    """An open conflict: which document, why, since when. ``their_revision`` is the newest at the insurer."""

    id: int
    document: str
    reason: Reason
    noted_at: datetime
    base_revision: int | None
    their_revision: int | None
    overtaken: int | None
    """The place of the completed revision that was not taken; None when nothing was completed."""


@dataclass(frozen=True)
class Side:
    """What one side says: answers and health as values (no salt), made when and by whom, with which versions.

    ``at`` is the completion of a revision made here, the server's acknowledgement of one made elsewhere, or the last
    change of the working copy. ``actor`` is ``lineage.ELSEWHERE`` for one that was made on another computer.
    """

    answers: Answers
    health: Answers = field(repr=False)
    at: datetime
    actor: str
    revision: int | None
    form: Pinned
    calculation: Pinned
    last_quote: str | None


@dataclass(frozen=True)
class Sides:
    """A conflict with all that a decision needs. ``theirs`` is None until its content has come; ``base`` is None when
    nothing acknowledged is here; ``mine`` is None for a cancellation.
    """

    conflict: Conflict
    base: Side | None
    mine: Side | None
    theirs: Side | None


def listed() -> "Select[Any]":
    """The open conflicts, newest first."""
    document = schema.document.c
    chosen = select(conflict, document.uuid).join(schema.document, document.id == _table.document_id)
    return chosen.where(_table.resolved_at.is_(None)).order_by(_table.id.desc())


def as_conflict(row: Row[Any]) -> Conflict:
    """A row of ``listed``."""
    return Conflict(
        id=row.id,
        document=row.uuid,
        reason=Reason(row.reason),
        noted_at=as_moment(row.noted_at),
        base_revision=row.base_revision,
        their_revision=row.their_revision,
        overtaken=row.overtaken_id,
    )


def note(
    connection: Connection, row: int, reason: Reason, base: int | None, theirs: int, aside: int | None = None
) -> dict[str, Any]:
    """Open a conflict, or bring the open one up to date; the columns of the document that say so."""
    same = [each for each in Reason if each.is_edit == reason.is_edit]
    still_open = (_table.document_id == row, _table.resolved_at.is_(None), _table.reason.in_(same))
    known = connection.execute(select(_table.id, _table.overtaken_id).where(*still_open)).first()
    values = {"reason": reason, "base_revision": base, "their_revision": theirs}
    if known is None:
        opened = {"document_id": row, "noted_at": clock.stamp(), "overtaken_id": aside}
        connection.execute(insert(conflict).values(**values, **opened))
        journal.note(connection, row, ENDPOINT, f"conflict:{reason}")
    else:
        values["overtaken_id"] = aside or known.overtaken_id
        connection.execute(update(conflict).where(_table.id == known.id).values(**values))
    return {"conflict_at": clock.stamp()}


def settle_edits(connection: Connection, row: int) -> dict[str, Any]:
    """Both sides say the same now: nothing is left to decide; the columns of the document that say so."""
    edits = [each for each in Reason if each.is_edit]
    open_here = (_table.document_id == row, _table.resolved_at.is_(None))
    done = update(conflict).where(*open_here, _table.reason.in_(edits)).values(resolved_at=clock.stamp())
    connection.execute(done)
    left = connection.execute(select(_table.id).where(*open_here)).first()
    return {} if left else {"conflict_at": None}


def sides(connection: Connection, health: HealthTables, document: str) -> Sides | None:
    """The newest open conflict of a document that is about a change, else the newest; None without any."""
    found = [as_conflict(row) for row in connection.execute(listed().where(schema.document.c.uuid == document))]
    if not found:
        return None
    chosen = next((each for each in found if each.reason.is_edit), found[0])
    stored = documents.find(connection, document)

    def frozen(number: int | None) -> Side | None:
        return None if number is None else _frozen(connection, health, stored, number)

    mine = _mine(connection, health, stored, chosen) if chosen.reason.is_edit else None
    return Sides(chosen, frozen(chosen.base_revision), mine, frozen(chosen.their_revision))


def _frozen(connection: Connection, health: HealthTables, stored: StoredDocument, number: int) -> Side | None:
    table = schema.revision.c
    chosen = select(schema.revision).where(table.document_id == stored.row, table.number == number)
    row = connection.execute(chosen).one_or_none()
    if row is None:
        return None
    content = contents.of_revision(connection, health, stored, number)
    form, calculation = (
        Pinned(row.form_name, row.form_version),
        Pinned(row.calculation_name, row.calculation_version),
    )
    return _side(content, as_moment(row.frozen_at), row.actor, number, (form, calculation))


def _mine(connection: Connection, health: HealthTables, stored: StoredDocument, chosen: Conflict) -> Side | None:
    record = stored.record
    if contents.has_working(connection, stored.row):
        content = contents.read(connection, health, stored)
        at = content.changed_at or record.changed_at
        return _side(content, at, "advisor", None, (record.form, record.calculation))
    if chosen.overtaken is None:
        return None
    kept = overtaken.read(connection, health, record.id, chosen.overtaken)
    content = Content(kept.answers, kept.health, kept.base_revision, None, kept.last_quote)
    return _side(content, kept.frozen_at, kept.actor, kept.number, (kept.form, kept.calculation))


def _side(content: Content, at: datetime, actor: str, revision: int | None, versions: tuple[Pinned, Pinned]) -> Side:
    return Side(content.answers, content.health, at, actor, revision, *versions, content.last_quote)


def is_edited(connection: Connection, health: HealthTables, stored: StoredDocument, revision: int | None) -> bool:
    """Whether the working copy says something else than a revision that is here; True without that revision."""
    mine = contents.read(connection, health, stored)
    if revision is None or not is_here(connection, stored.row, revision):
        return True
    theirs = contents.of_revision(connection, health, stored, revision)
    return (mine.answers, mine.health) != (theirs.answers, theirs.health)


def is_here(connection: Connection, row: int, number: int) -> bool:
    """Whether a revision is on this machine."""
    table = schema.revision.c
    return (
        connection.execute(select(table.number).where(table.document_id == row, table.number == number)).first()
        is not None
    )
