"""Signatures that came after the export: each is handed in with one run, or named to people."""

from typing import Any

from sqlalchemy import Connection, exists, select, update

from endpoint.store import schema

_late, _attachment, _document = schema.late_signature, schema.attachment, schema.document


def take(connection: Connection, key: str) -> None:
    """Put what is complete and stands in no run yet into this one; in its freeze transaction."""
    missing = exists().where(_attachment.c.document_id == _late.c.document_id, _attachment.c.received_at.is_(None))
    connection.execute(update(_late).where(_late.c.export_key.is_(None), ~missing).values(export_key=key))


def of_run(connection: Connection, key: str) -> list[dict[str, Any]]:
    """The supplements of a run, by number: the signature of an exported text with the digests of its files.

    ``agrees`` is false when another text was signed than the one that went: that is for people to settle.
    """
    chosen = (
        select(_late, _document.c.number, _document.c.uuid, _document.c.export_key.label("exported_with"))
        .join(_document, _document.c.id == _late.c.document_id)
        .where(_late.c.export_key == key)
        .order_by(_document.c.number, _late.c.operation)
    )
    return [
        {
            "agrees": row.agrees,
            "attachments": _digests(connection, row.document_id),
            "digest": row.digest,
            "document": row.uuid,
            "exported_with": row.exported_with,
            "number": row.number,
            "operation": row.operation,
            "revision": row.revision,
        }
        for row in connection.execute(chosen)
    ]


def _digests(connection: Connection, document: int) -> list[str]:
    chosen = select(_attachment.c.digest).where(_attachment.c.document_id == document).order_by(_attachment.c.digest)
    return list(connection.execute(chosen).scalars())
