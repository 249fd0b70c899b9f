"""The synchronizations of one store: those that moved something, and the quiet ones in between.

What went by itself and moved nothing costs no write of its own, since a durable write costs as much as the whole run:
it is told from memory, and written with the next run that is, or when the store is closed. A killed process loses no
more than the line of a run in which nothing happened.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.timing import BY_HAND, COMPLETION
from localapp.store import runs
from localapp.store.engine import Database
from localapp.store.failures import StoreFailure
from localapp.store.runs import SyncRun

_ASKED_FOR = frozenset({BY_HAND, COMPLETION})
_MOST_QUIET = 20


class RunHistory:
    """Of one store. Readers see the quiet runs too."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._quiet: tuple[SyncRun, ...] = ()  # oldest first

    def begin(self, cause: str, began_at: datetime) -> int:
        """Note that a synchronization begins to move something, which may be interrupted; its row."""
        with self._writing() as connection:
            return runs.begin(connection, cause, began_at)

    def end(self, row: int, *, refusal: Refusal | None, sent: int, received: int) -> None:
        """Note how it ended. Only the last hundred runs are kept."""
        with self._database.write() as connection:
            runs.end(connection, row, refusal=refusal, sent=sent, received=received)

    def note(self, cause: str, began_at: datetime, refusal: Refusal | None, received: int = 0) -> None:
        """Note one that sent nothing and has ended.

        Of those that nobody asked for and that moved nothing, those alike in a row share a line.
        """
        run = SyncRun(cause, began_at, clock.now(), refusal, 0, received)
        is_quiet = refusal is None and not received and cause not in _ASKED_FOR
        if is_quiet and len(self._quiet) < _MOST_QUIET:
            with self._lock:
                self._quiet = _with(self._quiet, run)
            self._database.forget_answers()
            return
        with self._writing() as connection:
            _write(connection, run)

    def end_interrupted(self) -> None:
        """Nothing goes on yet: what has no end was interrupted by the end of the application, and is told so."""
        with self._database.write() as connection:
            runs.end_interrupted(connection)

    def newest(self, connection: Connection, limit: int) -> list[SyncRun]:
        """The last runs, newest first."""
        quiet = self._quiet[::-1]
        written = runs.newest(connection, limit)
        if quiet and written and _share_line(written[0], quiet[-1]):
            written = written[1:]
        return [*quiet, *written][:limit]

    def last_good(self, connection: Connection) -> datetime | None:
        """When the last run ended in which all documents could go, whatever became of components."""
        quiet = self._quiet
        return quiet[-1].ended_at if quiet else runs.last_good(connection)

    def close(self) -> None:
        """Write what is told from memory. Where the store can be written no longer, it is lost."""
        if self._quiet:
            with suppress(StoreFailure), self._writing():
                pass

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that writes the quiet runs first."""
        quiet = self._quiet
        with self._database.write() as connection:
            for run in quiet:
                _write(connection, run)
            yield connection
        with self._lock:
            self._quiet = self._quiet[len(quiet) :]


def _with(quiet: tuple[SyncRun, ...], run: SyncRun) -> tuple[SyncRun, ...]:
    return (*quiet[:-1], run) if quiet and _share_line(quiet[-1], run) else (*quiet, run)


def _share_line(before: SyncRun, run: SyncRun) -> bool:
    """A desk that asks every five minutes would otherwise soon show nothing but that."""
    has_moved = run.sent or run.received or run.cause in _ASKED_FOR
    alike = replace(before, began_at=run.began_at, ended_at=run.ended_at)
    return before.ended_at is not None and not has_moved and alike == run


def _write(connection: Connection, run: SyncRun) -> None:
    newest = runs.newest(connection, 1)
    if newest and _share_line(newest[0], run):
        runs.note_again(connection, run)
    else:
        runs.note(connection, run)
