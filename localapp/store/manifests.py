"""What this desk holds as acknowledged, and what of it is offered once more because the insurer has lost it.

The envelopes of acknowledged operations stay in the outbox for that: the same ids and the same bytes, so that whatever
the insurer still knows of them gets its recorded outcome.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from localapp import clock
from localapp.domain.sync.manifest import Listed
from localapp.domain.sync.operations import OperationKind
from localapp.store import enrolments, received, repairs, schema
from localapp.store.engine import Database
from localapp.store.repairs import Repair

EVERY = timedelta(days=7)
SERVER_RESTORED = "server_restored"
"""How it is told that the insurer's database was restored and that this desk has brought back what was missing."""

_SETTING = "sync.audited."
_KEPT = select(schema.setting.c.value).where(schema.setting.c.name == bindparam("setting"))
_document, _revision, _outbox = schema.document, schema.revision, schema.outbox


class Manifests:
    """The manifests of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_due(self, enrolment: int, server_time: str) -> bool:
        """See ``is_due``."""
        with self._database.read() as connection:
            return is_due(connection, enrolment, server_time)

    def pages(self, enrolment: int, size: int) -> Iterator[list[Listed]]:
        """The acknowledged documents of an enrolment, page by page."""
        after = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(_acknowledged(enrolment, after, size)).all()
            if not rows:
                return
            yield [_listed(row) for row in rows]
            after = rows[-1].id

    def offer_again(self, enrolment: int, lost: Mapping[str, int]) -> int:
        """Let the acknowledged operations of these documents wait once more, as they were sent, and what came of other
        machines; how many documents. ``lost`` says the newest revision that the insurer has of each, 0 for none.
        """
        if not lost:
            return 0
        named = select(_document.c.id).where(_document.c.uuid.in_(lost), _document.c.enrolment_id == enrolment)
        acknowledged = (
            _outbox.c.document_id.in_(named),
            _outbox.c.acknowledged_at.is_not(None),
            _outbox.c.envelope.is_not(None),
            _outbox.c.withdrawn_at.is_(None),
        )
        with self._database.write() as connection:
            offered = received.offer(connection, enrolments.by_id(connection, enrolment), lost)
            of_own = select(_document.c.uuid).where(
                _document.c.id.in_(select(_outbox.c.document_id).where(*acknowledged))
            )
            offered |= set(connection.execute(of_own).scalars())
            connection.execute(
                update(_outbox).where(*acknowledged).values(acknowledged_at=None, offered_again_at=clock.stamp())
            )
        return len(offered)

    def note(self, enrolment: int, server_time: str, *, restored: int = 0) -> None:
        """Note that the manifest was compared; ``restored`` documents were missing at a restored insurer."""
        setting = schema.setting
        values = {"name": f"{_SETTING}{enrolment}", "value": server_time}
        added = upsert(setting).values(values)
        with self._database.write() as connection:
            connection.execute(
                added.on_conflict_do_update(index_elements=[setting.c.name], set_={"value": server_time})
            )
            if restored:
                repairs.note_in(connection, Repair(clock.stamp(), SERVER_RESTORED, repeated=restored))


def is_due(connection: Connection, enrolment: int, server_time: str) -> bool:
    """Whether a week has passed since the last one, by the insurer's clock. A clock that went back makes it due."""
    kept = connection.execute(_KEPT, {"setting": f"{_SETTING}{enrolment}"}).scalar()
    if kept is None:
        return True
    passed = datetime.fromisoformat(server_time) - datetime.fromisoformat(kept)
    return not timedelta() <= passed < EVERY


def forget(connection: Connection, enrolment: int) -> None:
    """Let the next session compare again."""
    connection.execute(schema.setting.delete().where(schema.setting.c.name == f"{_SETTING}{enrolment}"))


def _listed(row: Row[Any]) -> Listed:
    return Listed(row.uuid, row.backed_up_revision, row.digest, bool(row.is_cancelled), bool(row.is_signed))


def _acknowledged(enrolment: int, after: int, size: int) -> "Select[Any]":
    own = (_outbox.c.document_id == _document.c.id, _outbox.c.kind == OperationKind.CANCELLATION)
    acknowledged = exists().where(*own, _outbox.c.acknowledged_at.is_not(None))
    told = _document.c.cancelled_at.is_not(None) & ~exists().where(*own, _outbox.c.withdrawn_at.is_(None))
    cancelled = acknowledged | told
    signed = exists().where(
        _outbox.c.document_id == _document.c.id,
        _outbox.c.kind == OperationKind.SIGNATURE,
        _outbox.c.acknowledged_at.is_not(None),
    )
    of_revision = (_revision.c.document_id == _document.c.id) & (_revision.c.number == _document.c.backed_up_revision)
    return (
        select(
            _document.c.id,
            _document.c.uuid,
            _document.c.backed_up_revision,
            _revision.c.digest,
            cancelled.label("is_cancelled"),
            signed.label("is_signed"),
        )
        .join(_revision, of_revision)
        .where(_document.c.enrolment_id == enrolment, _document.c.id > after)
        .order_by(_document.c.id)
        .limit(size)
    )
