"""What documents say leaves six months after it was last needed; that they were taken over, and what, stays.

Needed no more is what was handed over to the core system, and what will never be: cancelled, returned and not corrected
since, or of a kind that is not exported. Facts, digests and receipts are the proof of the take-over and hold nothing of
what was answered. Rows that are written once let go of a body only for a document that stands in ``purging``.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, func, insert, or_, select, update

from endpoint import audit
from endpoint.export import stripping
from endpoint.layout import Layout
from endpoint.store import schema
from endpoint.store.engine import Database
from localapp import clock
from localapp.domain.lifecycle import Kind
from localapp.domain.retention import MONTHS, months_after

AT_ONCE = 200
_log = logging.getLogger("endpoint.retaining")
_document, _run, _revision, _file = schema.document.c, schema.export_run.c, schema.revision.c, schema.attachment.c
_HAS_BODY = exists().where(_revision.document_id == _document.id, _revision.envelope != "")
_BEFORE: BindParameter[str] = bindparam("before")
_TAKEN_OVER = exists().where(_run.key == _document.export_key, _run.written_at.is_not(None), _run.frozen_at < _BEFORE)
_LAST = func.max(
    _document.backed_up_at, *(func.coalesce(each, "") for each in (_document.cancelled_at, _document.returned_at))
)
_IS_OVER = or_(_document.cancelled_at.is_not(None), _document.returned_at.is_not(None), _document.kind == Kind.OTHER)
_NEVER = _document.exported_at.is_(None) & _IS_OVER & (_LAST < _BEFORE)
_FOUND = select(_document.id, _document.uuid).where(or_(_TAKEN_OVER, _NEVER), _HAS_BODY)
_OVER = _FOUND.order_by(_document.id).limit(AT_ONCE)
_kept = schema.kept.c
_OF_NOTHING = (_kept.envelope != "", _kept.at < _BEFORE, ~exists().where(_document.uuid == _kept.document))
_REFUSED = select(_kept.document).distinct().where(*_OF_NOTHING)
_EMPTY_REFUSED = update(schema.kept).where(*_OF_NOTHING).values(envelope="")
_OLD_RUNS = select(_run.key).where(_run.written_at.is_not(None), _run.frozen_at < _BEFORE)


def purge(database: Database, layout: Layout) -> int:
    """Remove what is over, in the database and in the files; of how many documents it was said."""
    count, before = 0, _six_months_before(clock.now())
    while purged := _purge_some(database, before):
        count += purged
    count += _purge_refused(database, before)
    if count:
        database.truncate_log()
        _log.info("bodies of %s documents purged", count)
    files = _strip_runs(database, layout.exports, before) + _remove_attachments(database, layout.attachments)
    if files:
        with database.write() as connection:
            audit.note(connection, "files_purged", f"{files} files of before {before[:10]}")
    return count


def _purge_some(database: Database, before: str) -> int:
    with database.read() as connection:
        if connection.execute(_OVER.limit(1), {"before": before}).first() is None:
            return 0
    with database.write() as connection:
        found = connection.execute(_OVER, {"before": before}).all()
        for row, uuid in found:
            _let_go(connection, row, uuid)
        if found:
            audit.note(connection, "bodies_purged", f"{len(found)} documents of before {before[:10]}")
    return len(found)


def _purge_refused(database: Database, before: str) -> int:
    """What was refused and kept of documents of which nothing was ever taken in: of how many."""
    with database.read() as connection:
        found = connection.execute(_REFUSED, {"before": before}).scalars().all()
    if not found:
        return 0
    with database.write() as connection:
        connection.execute(_EMPTY_REFUSED, {"before": before})
        audit.note(connection, "refused_purged", f"{len(found)} documents of before {before[:10]}")
    return len(found)


def _let_go(connection: Connection, row: int, uuid: str) -> None:
    health, kept = schema.core_health, schema.kept
    connection.execute(insert(schema.purging).values(document_id=row, document=uuid))
    connection.execute(update(schema.revision).where(_revision.document_id == row).values(envelope=""))
    connection.execute(update(health).where(health.c.document_id == row).values(sealed=""))
    connection.execute(update(kept).where(kept.c.document == uuid).values(envelope=""))
    connection.execute(delete(schema.purging).where(schema.purging.c.document_id == row))


def _strip_runs(database: Database, folder: Path, before: str) -> int:
    with database.read() as connection:
        keys = connection.execute(_OLD_RUNS, {"before": before}).scalars().all()
    return sum([stripping.strip(folder, key) for key in keys])


def _remove_attachments(database: Database, folder: Path) -> int:
    """Each night anew, so that a crash between database and files leaves nothing behind."""
    with database.read() as connection:
        paths = list(_needed_no_more(connection, folder))
    count = 0
    for path in paths:
        for each in (path, path.with_name(f"{path.name}.begun")):
            count += each.exists()
            each.unlink(missing_ok=True)
    return count


def _needed_no_more(connection: Connection, folder: Path) -> Iterator[Path]:
    """The files that only documents name of which nothing is said any more; an advisor's documents may share one."""
    said = func.max(_HAS_BODY)
    chosen = select(_document.advisor_id, _file.digest).join(schema.document, _document.id == _file.document_id)
    for advisor, digest in connection.execute(chosen.group_by(_document.advisor_id, _file.digest).having(said == 0)):
        yield folder / str(advisor) / digest


def _six_months_before(now: datetime) -> str:
    """The latest moment from which six calendar months have passed; a run's moments are kept in UTC."""
    moment = now.astimezone(UTC)
    before = months_after(moment, -MONTHS)
    return before.isoformat(timespec="microseconds")
