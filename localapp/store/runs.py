"""How the last synchronizations went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import Refusal
from localapp.store.document_columns import refusal_of
from localapp.store.moments import as_moment, as_moment_or_none, as_text
from localapp.store.sync_schema import sync_run

_table = sync_run.c
KEPT = 100


def _good() -> ColumnElement[bool]:
    components = _table.refusal.like('{"code":"component%') | _table.refusal.like('{"code":"trust_root_missing"%')
    return _table.ended_at.is_not(None) & (_table.refusal.is_(None) | components)


_ADD = insert(sync_run)
_AGAIN = update(sync_run).where(_table.id == select(func.max(_table.id)).scalar_subquery())
_NEWEST = select(sync_run).order_by(_table.id.desc()).limit(bindparam("most"))
_END = update(sync_run).where(_table.id == bindparam("row"))
_INTERRUPT = (
    update(sync_run).where(_table.ended_at.is_(None)).values(ended_at=_table.began_at, refusal=bindparam("why"))
)
_LAST_GOOD = select(func.max(_table.id)).where(_good()).scalar_subquery()
_FORGET = sync_run.delete().where(_table.id <= bindparam("last"), _table.id != func.coalesce(_LAST_GOOD, -1))


@dataclass(frozen=True)
class SyncRun:
    """One synchronization. ``refusal`` is None when it succeeded, ``ended_at`` while it is going on."""

    cause: str
    began_at: datetime
    ended_at: datetime | None
    refusal: Refusal | None
    sent: int
    received: int


def begin(connection: Connection, cause: str, began_at: datetime) -> int:
    """Note that a synchronization moves something; its row. An earlier one without an end never got to it."""
    end_interrupted(connection)
    key = connection.execute(insert(sync_run).values(cause=cause, began_at=as_text(began_at))).inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row has its key
    return int(key[0])


def end(connection: Connection, row: int, *, refusal: Refusal | None, sent: int, received: int) -> None:
    """Note how it ended, and forget all but the newest."""
    values = {"ended_at": clock.stamp(), "refusal": _kept(refusal), "sent": sent, "received": received}
    connection.execute(_END, {"row": row, **values})
    connection.execute(_FORGET, {"last": row - KEPT})


def note(connection: Connection, run: SyncRun) -> None:
    """Note one that sent nothing, begun and ended."""
    end_interrupted(connection)
    values = {"cause": run.cause, **_times(run), "refusal": _kept(run.refusal)}
    row = connection.execute(_ADD, {**values, "sent": 0, "received": run.received}).lastrowid
    connection.execute(_FORGET, {"last": row - KEPT})


def note_again(connection: Connection, run: SyncRun) -> None:
    """Let the newest line tell of this run instead."""
    connection.execute(_AGAIN, _times(run))


def _times(run: SyncRun) -> dict[str, str | None]:
    return {"began_at": as_text(run.began_at), "ended_at": None if run.ended_at is None else as_text(run.ended_at)}


def last_good(connection: Connection) -> datetime | None:
    """When the last run ended in which all documents could go, whatever became of components."""
    found = select(_table.ended_at).where(_good()).order_by(_table.id.desc()).limit(1)
    return as_moment_or_none(connection.execute(found).scalar())


def end_interrupted(connection: Connection) -> None:
    """End what has no end: only one synchronization goes on at a time, and it is not these."""
    interrupted = _kept(Refusal("synchronization_interrupted", {}))
    connection.execute(_INTERRUPT, {"why": interrupted})


def newest(connection: Connection, limit: int) -> list[SyncRun]:
    """The last synchronizations, newest first."""
    found = connection.execute(_NEWEST, {"most": limit}).mappings()
    return [
        SyncRun(
            row["cause"], as_moment(row["began_at"]), as_moment_or_none(row["ended_at"]),
            refusal_of(row["refusal"]), row["sent"], row["received"],
        )
        for row in found
    ]  # fmt: skip


def _kept(refusal: Refusal | None) -> str | None:
    return None if refusal is None else canonical_text(refusal.as_json())
