"""What waits to be told to the insurer. Written in the transaction of the command; nothing of health is in it."""

from sqlalchemy import Connection, insert, select, update

from localapp import clock
from localapp.domain.canonical import FrozenRevision, canonical_text
from localapp.store import schema
from localapp.store.documents import StoredDocument
from localapp.store.ids import new_id
from localapp.store.moments import as_moment
from localapp.store.records import Operation

_table = schema.outbox
_WAITING = (_table.c.withdrawn_at.is_(None), _table.c.acknowledged_at.is_(None))


def queue_completion(
    connection: Connection, stored: StoredDocument, frozen: FrozenRevision, base: int | None, actor: str
) -> None:
    """Queue the newest revision; one of the same document that still waits is superseded."""
    record = stored.record
    withdraw_waiting(connection, stored)
    body = {
        "actor": actor,
        "answers": frozen.answers,
        "answers_digest": frozen.answers_digest,
        "base_revision": base,
        "calculation": [record.calculation.name, record.calculation.version],
        "digest": frozen.digest,
        "document": record.id,
        "form": [record.form.name, record.form.version],
        "health_digest": frozen.health_digest,
        "kind": record.kind.value,
        "number": record.number,
        "revision": record.revision,
    }
    _queue(connection, stored, "completion", canonical_text(body))


def queue_cancellation(connection: Connection, stored: StoredDocument, actor: str) -> None:
    """A completion that still waits never leaves; if a revision has been sent, a cancellation goes after it."""
    withdraw_waiting(connection, stored)
    if stored.ever_backed_up:
        record = stored.record
        body = {"actor": actor, "document": record.id, "number": record.number, "revision": record.revision}
        _queue(connection, stored, "cancellation", canonical_text(body))


def withdraw_waiting(connection: Connection, stored: StoredDocument) -> None:
    """Withdraw the document's waiting operations."""
    connection.execute(
        update(_table).where(_table.c.document_id == stored.row, *_WAITING).values(withdrawn_at=clock.stamp())
    )


def waiting(connection: Connection) -> list[Operation]:
    """The operations that wait, oldest first."""
    found = connection.execute(
        select(_table, schema.document.c.uuid)
        .join(schema.document, schema.document.c.id == _table.c.document_id)
        .where(*_WAITING)
        .order_by(_table.c.position)
    )
    return [
        Operation(row.id, row.kind, row.uuid, row.revision, row.body, as_moment(row.queued_at), None) for row in found
    ]


def _queue(connection: Connection, stored: StoredDocument, kind: str, body: str) -> None:
    connection.execute(
        insert(_table).values(
            id=new_id(),
            kind=kind,
            document_id=stored.row,
            revision=stored.record.revision,
            body=body,
            queued_at=clock.stamp(),
        )
    )
