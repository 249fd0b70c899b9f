"""The journal: who changed what and when. It never holds anything of a health part."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.history import FieldChange
from localapp.store import schema
from localapp.store.moments import as_moment
from localapp.store.records import JournalLine

_ADD = insert(schema.journal)
_line = schema.journal.c
_WITHIN = (
    select(_line.path, _line.old, _line.new)
    .where(_line.id.between(bindparam("first"), bindparam("last")), _line.path.is_not(None))
    .order_by(_line.id)
)


def note(connection: Connection, document: int, actor: str, event: str, revision: int | None = None) -> int:
    """Add one line about the whole document, ``completed`` with its revision or ``health_changed``; its id."""
    values = {"document_id": document, "at": clock.stamp(), "actor": actor, "event": event}
    number = {} if revision is None else {"new": str(revision)}
    return _add(connection, {**values, **number})


def note_changes(connection: Connection, document: int, actor: str, changes: Sequence[FieldChange]) -> list[int]:
    """Add one line ``changed`` for each field; their ids, which follow one another."""
    values = {"document_id": document, "at": clock.stamp(), "actor": actor, "event": "changed"}
    texts = [(each.path, canonical_text(each.old), canonical_text(each.new)) for each in changes]
    return [_add(connection, {**values, "path": path, "old": old, "new": new}) for path, old, new in texts]


def _add(connection: Connection, values: dict[str, Any]) -> int:
    done = connection.execute(_ADD, values)
    line: int = done.inserted_primary_key[0]  # type: ignore[index]
    return line


def changes_within(connection: Connection, first: int, last: int) -> list[FieldChange]:
    """The changed fields among the lines from ``first`` to ``last``, in their order."""
    found = connection.execute(_WITHIN, {"first": first, "last": last})
    return [FieldChange(path, json.loads(old), json.loads(new)) for path, old, new in found]


def changes_of(connection: Connection, document: int, first: int, last: int) -> dict[int, FieldChange]:
    """The changed fields of a document from the line ``first`` to the line ``last``, by their lines."""
    table = schema.journal.c
    within = (table.document_id == document, table.id.between(first, last), table.path.is_not(None))
    found = connection.execute(select(table.id, table.path, table.old, table.new).where(*within))
    return {line: FieldChange(path, json.loads(old), json.loads(new)) for line, path, old, new in found}


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
