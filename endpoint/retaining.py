"""What documents say leaves six months after the insurer's take-over; that they were taken over, and what, stays.

Facts, digests and receipts are the proof of the take-over and hold nothing of what was answered. Rows that are written
once let go of a body only for a document that stands in ``purging``, which takes only what an export has handed over.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from endpoint import audit
from endpoint.store import schema
from endpoint.store.engine import Database
from localapp import clock
from localapp.domain.retention import MONTHS, months_after

AT_ONCE = 200
_document, _run, _revision = schema.document.c, schema.export_run.c, schema.revision.c
_HAS_BODY = exists().where(_revision.document_id == _document.id, _revision.envelope != "")
_OVER = (
    select(_document.id, _document.uuid)
    .join(schema.export_run, _run.key == _document.export_key)
    .where(_run.written_at.is_not(None), _run.frozen_at < bindparam("before"), _HAS_BODY)
    .order_by(_document.id)
    .limit(AT_ONCE)
)
_DUE_RUN = select(_run.key).where(_run.written_at.is_not(None), _run.frozen_at < bindparam("before")).limit(1)


def purge(database: Database) -> int:
    """Remove the bodies of documents whose run was frozen and handed over six months ago; of how many documents."""
    count, before = 0, _six_months_before(clock.now())
    while purged := _purge_some(database, before):
        count += purged
    if count:
        database.truncate_log()
    return count


def _purge_some(database: Database, before: str) -> int:
    with database.read() as connection:
        if connection.execute(_DUE_RUN, {"before": before}).first() is None:
            return 0
    with database.write() as connection:
        found = connection.execute(_OVER, {"before": before}).all()
        for row, uuid in found:
            _let_go(connection, row, uuid)
        if found:
            audit.note(connection, "bodies_purged", f"{len(found)} documents of runs before {before[:10]}")
    return len(found)


def _let_go(connection: Connection, row: int, uuid: str) -> None:
    health, kept = schema.core_health, schema.kept
    connection.execute(insert(schema.purging).values(document_id=row, document=uuid))
    connection.execute(update(schema.revision).where(_revision.document_id == row).values(envelope=""))
    connection.execute(update(health).where(health.c.document_id == row).values(sealed=""))
    connection.execute(update(kept).where(kept.c.document == uuid).values(envelope=""))
    connection.execute(delete(schema.purging).where(schema.purging.c.document_id == row))


def _six_months_before(now: datetime) -> str:
    """The latest moment from which six calendar months have passed; a run's moments are kept in UTC."""
    moment = now.astimezone(UTC)
    before = months_after(moment, -MONTHS)
    return before.isoformat(timespec="microseconds")
