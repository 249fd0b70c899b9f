"""The end of a document: after its days in Smazané nothing of it stays but one line without personal data."""

from sqlalchemy import Connection, delete, insert, select

from localapp import clock
from localapp.store import client_index, schema, search_index
from localapp.store.sync_schema import attachment, conflict, discarded_edit, notice_of_leaving, overtaken, received

_CHILDREN = (
    notice_of_leaving,
    discarded_edit,
    conflict,
    overtaken,
    received,
    attachment,
    schema.outgoing,
    schema.outbox,
    schema.step,
    schema.journal,
    schema.left_behind,
    schema.revision_health,
    schema.revision,
    schema.health_history,
    schema.health_working,
    schema.working_copy,
)


def purge(connection: Connection, before: str) -> int:
    """Remove what was deleted before the stored time ``before``; how many documents."""
    table = schema.document.c
    doomed = connection.execute(
        select(table.id, table.rank, table.number, table.uuid).where(
            table.deleted_at.is_not(None), table.deleted_at < before
        )
    ).all()
    for row, rank, number, uuid in doomed:
        remove(connection, row, rank)
        connection.execute(insert(schema.audit).values(at=clock.stamp(), event="purged", subject=number or uuid))
    return len(doomed)


def remove(connection: Connection, row: int, rank: int) -> None:
    """Remove all that there is of one document, whatever its state."""
    search_index.place(connection, rank, rank, None)
    client_index.forget(connection, row)
    connection.execute(insert(schema.purging).values(document_id=row))
    for table in (*_CHILDREN, schema.purging):
        connection.execute(delete(table).where(table.c.document_id == row))
    connection.execute(delete(schema.document).where(schema.document.c.id == row))
