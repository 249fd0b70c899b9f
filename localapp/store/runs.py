"""How the last synchronizations went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import Refusal
from localapp.store.documents import refusal_of
from localapp.store.moments import as_moment, as_moment_or_none, as_text
from localapp.store.sync_schema import sync_run

_table = sync_run.c
KEPT = 100


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
    connection.execute(
        update(sync_run)
        .where(_table.id == row)
        .values(ended_at=clock.stamp(), refusal=_kept(refusal), sent=sent, received=received)
    )
    connection.execute(sync_run.delete().where(_table.id <= row - KEPT))


def end_interrupted(connection: Connection) -> None:
    """End what has no end: only one synchronization goes on at a time, and it is not these."""
    interrupted = _kept(Refusal("synchronization_interrupted", {}))
    connection.execute(
        update(sync_run).where(_table.ended_at.is_(None)).values(ended_at=_table.began_at, refusal=interrupted)
    )


def newest(connection: Connection, limit: int) -> list[SyncRun]:
    """The last synchronizations, newest first."""
    found = connection.execute(select(sync_run).order_by(_table.id.desc()).limit(limit)).mappings()
    return [
        SyncRun(
            row["cause"], as_moment(row["began_at"]), as_moment_or_none(row["ended_at"]),
            refusal_of(row["refusal"]), row["sent"], row["received"],
        )
        for row in found
    ]  # fmt: skip


def _kept(refusal: Refusal | None) -> str | None:
    return None if refusal is None else canonical_text(refusal.as_json())
