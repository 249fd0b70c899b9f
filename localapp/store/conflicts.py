"""Later changes that did not go: those that are open, how each was resolved, and what was thrown away with it.

A conflict row stays as history. Whether it is open decides every race: of two who resolve it, the first does.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.history import FieldChange
from localapp.domain.lifecycle import Action
from localapp.store import conflicting, contents, creation, document_columns, documents, journal, schema
from localapp.store.conflicting import Conflict, Reason, Side, Sides, as_conflict, listed, sides
from localapp.store.documents import StoredDocument
from localapp.store.engine import Database
from localapp.store.health import HealthTables
from localapp.store.listing import Counts
from localapp.store.moments import as_moment, as_text
from localapp.store.records import Content, ListRow, NewDocument
from localapp.store.sync_schema import conflict, discarded_edit

KEPT_FOR = timedelta(days=180)
"""How long an edit that was thrown away can be brought back. Source: the issue, "discard with undo"."""
_LISTED = 200


class Way(StrEnum):
    """How a conflict was resolved."""

    CORRECTED = "corrected"
    COPIED = "copied"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    MERGED = "merged"
    SAME = "same"
    """Nobody resolved it: both sides came to say the same."""


_KEEPS = frozenset({Way.COPIED, Way.DISCARDED})  # a copy leaves the health questions behind


@dataclass(frozen=True)
class Resolved:
    """How one ended: when, in which way, in which document (while that is there), until when it can be taken back.

    ``note`` is what was typed with it: the reason of a withdrawal.
    """

    id: int
    document: str
    number: str
    reason: Reason
    at: datetime
    way: Way
    result: str | None
    result_number: str | None
    until: datetime | None
    note: str = ""


class Conflicts:
    """The conflicts of one store. Each method is one transaction."""

    def __init__(self, database: Database, health: HealthTables, counts: Counts) -> None:
        self._database = database
        self._health = health
        self._counts = counts

    def open(self) -> list[Conflict]:
        """Those that wait for the advisor, newest first."""
        with self._database.read() as connection:
            return open_ones(connection)

    def sides(self, document: str) -> Sides | None:
        """The open conflict of a document with base, mine and theirs; None without one."""
        with self._database.read() as connection:
            return sides(connection, self._health, document)

    def resolved(self) -> list[Resolved]:
        """The last ones that were resolved, newest first."""
        with self._database.read() as connection:
            return [_resolved(row) for row in connection.execute(_resolved_rows())]

    def resolve(
        self, found: Conflict, way: Way, actor: str, new: NewDocument | None = None, note: str = ""
    ) -> str | None:
        """Resolve an open conflict, by a new document where the way makes one; its id. ``note`` is what was typed.

        Of one that is resolved already nothing is done. Raises UnknownDocument.
        """
        made = None
        with self._database.write() as connection:
            stored = documents.find(connection, found.document)
            if not _is_open(connection, found):
                return None
            if new is not None:
                made = creation.create(connection, self._health, new)
            if way in _KEEPS:
                self._keep(connection, stored, found)
            values = {"resolved_at": clock.stamp(), "resolved_as": way, "result": made, "note": note or None}
            connection.execute(update(conflict).where(conflict.c.id == found.id).values(**values))
            self._end(connection, stored, found)
            journal.note(connection, stored.row, actor, f"conflict_{way}")
        self._counts.forget()
        return made

    def merge(self, found: Conflict, actor: str, content: Content, row: ListRow, taken: Sequence[FieldChange]) -> bool:
        """Make ``content``, which brings mine and theirs together, the working copy over theirs; False if it was
        resolved already. ``taken`` is what came from theirs. Raises NotPermitted when the document has been locked.
        """
        with self._database.write() as connection:
            stored = documents.find(connection, found.document)
            if not _is_open(connection, found):
                return False
            values = {"resolved_at": clock.stamp(), "resolved_as": Way.MERGED, "result": found.document}
            connection.execute(update(conflict).where(conflict.c.id == found.id).values(**values))
            contents.drop_working(connection, self._health, stored.row)
            contents.put_working(connection, stored.row, content.answers, content.base_revision, content.last_quote)
            self._health.put_working(connection, stored.row, stored.record.id, content.health, actor)
            changed: dict[str, Any] = {"working_copy_at": clock.stamp(), **document_columns.row_values(row)}
            if not _has_open(connection, stored.row):
                changed["conflict_at"] = None
            documents.change(connection, stored, Action.EDIT, changed)
            journal.note_changes(connection, stored.row, actor, taken)
            journal.note(connection, stored.row, actor, f"conflict_{Way.MERGED}")
        self._counts.forget()
        return True

    def settle(self, found: Conflict, mine: Side) -> bool:
        """End a conflict of a change that says what the insurer has; False if ``mine`` was changed meanwhile."""
        with self._database.write() as connection:
            stored = documents.find(connection, found.document)
            if not _is_open(connection, found) or not contents.has_working(connection, stored.row):
                return False
            now = contents.read(connection, self._health, stored)
            if (now.answers, now.health) != (mine.answers, mine.health):
                return False
            conflicting.settle_edits(connection, stored.row)
            self._end(connection, stored, found)
            journal.note(connection, stored.row, conflicting.ENDPOINT, f"conflict_{Way.SAME}")
        self._counts.forget()
        return True

    def bring_back(self, row: int, actor: str) -> str | None:
        """Open a conflict again with the edit that was thrown away; its document. None when nothing is kept."""
        with self._database.write() as connection:
            kept = connection.execute(
                select(discarded_edit, schema.document.c.uuid)
                .join(schema.document, schema.document.c.id == discarded_edit.c.document_id)
                .where(discarded_edit.c.conflict_id == row)
            ).one_or_none()
            if kept is None:
                return None
            stored = documents.find(connection, kept.uuid)
            if stored.record.facts.working_copy_at:
                return None
            self._restore(connection, stored, kept, actor)
            journal.note(connection, stored.row, actor, "conflict_reopened")
        self._counts.forget()
        return stored.record.id

    def _keep(self, connection: Connection, stored: StoredDocument, found: Conflict) -> None:
        """Keep what is being thrown away, health sealed apart."""
        if not stored.record.facts.working_copy_at or not found.reason.is_edit:
            return
        content = contents.read(connection, self._health, stored)
        connection.execute(
            insert(discarded_edit).values(
                conflict_id=found.id,
                document_id=stored.row,
                at=clock.stamp(),
                answers=canonical_text(content.answers),
                base_revision=content.base_revision,
                changed_at=as_text(stored.record.facts.working_copy_at),
                last_quote=content.last_quote,
                sealed=self._health.seal_discarded(stored.record.id, found.id, content.health),
            )
        )

    def _restore(self, connection: Connection, stored: StoredDocument, kept: Row[Any], actor: str) -> None:
        """The edit is the working copy again, and its conflict open."""
        health = self._health.open_discarded(kept.sealed, kept.uuid, kept.conflict_id)
        answers = json.loads(kept.answers)
        contents.put_working(connection, stored.row, answers, kept.base_revision, kept.last_quote)
        self._health.put_working(connection, stored.row, kept.uuid, health, actor)
        connection.execute(delete(discarded_edit).where(discarded_edit.c.conflict_id == kept.conflict_id))
        reopened: dict[str, Any] = {"resolved_at": None, "resolved_as": None, "result": None, "note": None}
        facts, newest = stored.record.facts, stored.record.revision
        if facts.exported_at or facts.cancelled_at:
            reopened["reason"] = Reason.EXPORTED_EDIT if facts.exported_at else Reason.CANCELLED_EDIT
        if newest is not None:
            reopened["their_revision"] = newest
        connection.execute(update(conflict).where(conflict.c.id == kept.conflict_id).values(**reopened))
        documents.learn(connection, stored, {"working_copy_at": kept.changed_at, "conflict_at": clock.stamp()})

    def _end(self, connection: Connection, stored: StoredDocument, found: Conflict) -> None:
        """An edit goes with its conflict; with the last conflict the document is in conflict no longer."""
        values: dict[str, Any] = {}
        if found.reason.is_edit:
            contents.drop_working(connection, self._health, stored.row)
            values |= {"working_copy_at": None, **contents.shown_values(connection, stored)}
        if not _has_open(connection, stored.row):
            values["conflict_at"] = None
        documents.learn(connection, stored, values)


def open_ones(connection: Connection) -> list[Conflict]:
    """The open conflicts, newest first."""
    return [as_conflict(row) for row in connection.execute(listed())]


def purge(connection: Connection, before: str) -> int:
    """Remove what was thrown away before the stored time ``before``; how many edits."""
    return connection.execute(delete(discarded_edit).where(discarded_edit.c.at < before)).rowcount


def _is_open(connection: Connection, found: Conflict) -> bool:
    chosen = select(conflict.c.id).where(conflict.c.id == found.id, conflict.c.resolved_at.is_(None))
    return connection.execute(chosen).first() is not None


def _has_open(connection: Connection, document: int) -> bool:
    chosen = select(conflict.c.id).where(conflict.c.document_id == document, conflict.c.resolved_at.is_(None))
    return connection.execute(chosen.limit(1)).first() is not None


def _resolved_rows() -> Any:  # noqa: ANN401 - a select of many columns
    document, result = schema.document, schema.document.alias()
    found = (result.c.uuid.label("found"), result.c.number.label("found_number"))
    return (
        select(conflict, document.c.uuid, document.c.number, *found, discarded_edit.c.at)
        .join(document, document.c.id == conflict.c.document_id)
        .join(result, (result.c.uuid == conflict.c.result) & result.c.deleted_at.is_(None), isouter=True)
        .join(discarded_edit, discarded_edit.c.conflict_id == conflict.c.id, isouter=True)
        .where(conflict.c.resolved_at.is_not(None))
        .order_by(conflict.c.resolved_at.desc(), conflict.c.id.desc())
        .limit(_LISTED)
    )


def _resolved(row: Row[Any]) -> Resolved:
    return Resolved(
        id=row.id,
        document=row.uuid,
        number=row.number or "",
        reason=Reason(row.reason),
        at=as_moment(row.resolved_at),
        way=Way(row.resolved_as or Way.SAME),
        result=row.found,
        result_number=row.found_number,
        until=None if row.at is None else as_moment(row.at) + KEPT_FOR,
        note=row.note or "",
    )
