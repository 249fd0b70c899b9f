"""The journal: who changed what and when. It never holds anything of a health part."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.store import schema
from localapp.store.moments import as_moment
from localapp.store.records import FieldChange, JournalLine


def note(connection: Connection, document: int, actor: str, event: str) -> None:
    """Add one line without values, e.g. ``completed`` or ``health_changed``."""
    connection.execute(insert(schema.journal).values(document_id=document, at=clock.stamp(), actor=actor, event=event))


def note_changes(connection: Connection, document: int, actor: str, changes: Sequence[FieldChange]) -> None:
    """Add one line ``changed`` for each field."""
    at = clock.stamp()
    lines = [
        {
            "document_id": document,
            "at": at,
            "actor": actor,
            "event": "changed",
            "path": change.path,
            "old": canonical_text(change.old),
            "new": canonical_text(change.new),
        }
        for change in changes
    ]
    if lines:
        connection.execute(insert(schema.journal), lines)


def lines_of(connection: Connection, document: str) -> list[JournalLine]:
    """All lines of the document, oldest first."""
    table = schema.journal.c
    found = connection.execute(
        select(table.at, table.actor, table.event, table.path, table.old, table.new)
        .join(schema.document, schema.document.c.id == table.document_id)
        .where(schema.document.c.uuid == document)
        .order_by(table.id)
    )
    return [
        JournalLine(as_moment(at), actor, event, path, old and json.loads(old), new and json.loads(new))
        for at, actor, event, path, old, new in found
    ]
