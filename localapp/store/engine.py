"""Connections to the encrypted file, and transactions that speak of failures in the store's own words."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool
from sqlcipher3 import dbapi2

from localapp.store import recording, schema
from localapp.store.change_log import ChangeLog, same_place
from localapp.store.failures import (
    CannotOpen,
    DamagedStore,
    FolderGone,
    NotWritable,
    StoreBusy,
    StoreFailure,
    StoreFull,
)
from localapp.store.turns import Turns

BUSY_SECONDS = 5
_BEGIN = "sc_begin"
_LEAST_ROOM = 64 * 1024
_MOST_PAGES_BESIDE = 4000  # 16 MB in the write-ahead log; before that ``move_in`` empties it
_COMMITS_BESIDE = 40
_STEP = text("UPDATE change_sequence SET last = :here WHERE last = :before")


def connect(path: Path, key: bytes, *, foreign_keys: bool = True, journal: str = "WAL") -> Any:  # noqa: ANN401 - the driver has no types
    """One connection, key first. Durable at each commit: ``synchronous=FULL`` costs about 0.4 ms (docs/store.md)."""
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    try:
        for pragma in (
            "cipher_log_level = NONE",
            f"key = \"x'{key.hex()}'\"",
            f"journal_mode = {journal}",
            "synchronous = FULL",
            f"wal_autocheckpoint = {_MOST_PAGES_BESIDE}",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            "secure_delete = ON",
            f"busy_timeout = {BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
    except Exception:
        connection.close()
        raise
    return connection


@contextmanager
def connected(path: Path, key: bytes, *, journal: str = "WAL") -> Iterator[Any]:
    """A connection of the driver's own for one task, outside the pool. Raises the driver's errors."""
    connection = connect(path, key, foreign_keys=False, journal=journal)
    try:
        yield connection
    finally:
        connection.close()


def make_engine(path: Path, key: bytes, *, foreign_keys: bool = True, pooled: bool = True) -> Engine:
    """An engine whose transactions begin as the connection's options say: deferred to read, immediate to write.

    The driver's own transaction handling is off; it would leave DDL of a failed migration behind. Values never show
    in error messages.
    """
    kept = {"poolclass": QueuePool, "pool_size": 5, "max_overflow": 15, "pool_use_lifo": True}
    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: connect(path, key, foreign_keys=foreign_keys),
        hide_parameters=True,
        **(kept if pooled else {"poolclass": NullPool}),
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE"))


class Database:
    """The open file: a pool of connections, one writer at a time, each change logged before it is committed."""

    def __init__(self, path: Path, key: bytes, log: ChangeLog | None = None) -> None:
        self.path = path
        self.key = key
        self.log = log
        self._engine = make_engine(path, key)
        recording.prepare(self._engine)
        self._reader = self._engine.execution_options(**{_BEGIN: "BEGIN"})
        self._turns = Turns()
        self.before_commit: Callable[[Connection], None] = lambda _: None  # what follows from the changes, written last
        self.commits = 0  # of this process, which is the only one that writes
        self._moved_in_at = 0
        self._opened = path.stat()
        self._is_retired = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the last commit; never waits for the writer. Raises StoreBusy once retired."""
        self._refuse_if_retired()
        with self._transaction(self._reader) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One immediate transaction: committed on normal exit, rolled back whole on any exception.

        Writers queue here in the order they come; SQLite alone would let them poll. Raises StoreBusy.
        """
        with self.alone():
            self._refuse_if_retired()
            logged: list[int] = []
            try:
                with self._transaction(self._engine) as connection:
                    with recording.recorded(connection) as changes:
                        yield connection
                        self.before_commit(connection)
                    self._log(connection, changes, logged)
            except BaseException:
                if logged and self.log is not None:
                    self.log.take_back()
                raise
            self.commits += 1

    def forget_answers(self) -> None:
        """What is kept of earlier answers (``kept``) holds no longer, though nothing was written."""
        self.commits += 1

    def _refuse_if_retired(self) -> None:
        """The file is being replaced, or has another key by now."""
        if self._is_retired:
            raise StoreBusy(path=self.path, seconds=BUSY_SECONDS)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other writer within the block. Raises StoreBusy."""
        if not self._turns.take(BUSY_SECONDS):
            raise StoreBusy(path=self.path, seconds=BUSY_SECONDS)
        try:
            yield
        finally:
            self._turns.give()

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for the present writer: long work ends early then, and goes on behind him."""
        return self._turns.is_waited_for

    @property
    def is_shared(self) -> bool:
        """Whether several write at present: then each does so in short turns, though nobody waits at this moment."""
        return self._turns.was_waited_for

    def let_others_write(self) -> None:
        """Wait for those who write now or are about to: what this thread computes meanwhile would hold them up."""
        if self._turns.take(BUSY_SECONDS):
            self._turns.give()

    def _log(self, connection: Connection, changes: recording.Recording, logged: list[int]) -> None:
        """Make the change durable in the log, and its number part of the transaction."""
        if self.log is None or not changes.count:
            return
        if not same_place(self.path, self._opened):
            raise FolderGone(path=self.path)
        step = {"here": self.log.last + 1, "before": self.log.last}
        if not connection.execute(_STEP, step).rowcount:
            self._begin_log_again(connection, self.log)
        logged.append(self.log.append(changes.body()))

    def _begin_log_again(self, connection: Connection, log: ChangeLog) -> None:
        """The database is not where the log is, after a commit that failed and took place all the same."""
        last = connection.execute(select(schema.change_sequence.c.last)).scalar_one()
        log.begin(last + 1, log.schema)
        connection.execute(_STEP, {"here": last + 1, "before": last})

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with self._plainly(), engine.connect() as connection, connection.begin():
            yield connection

    def move_in(self) -> None:
        """Move what was committed lately from the write-ahead log into the file, while others may write.

        For work in the background: SQLite would do it within somebody's commit, who waits some 20 ms then.
        """
        if self._is_retired or self.commits - self._moved_in_at < _COMMITS_BESIDE:
            return
        self._moved_in_at = self.commits
        with suppress(StoreFailure), self._plainly(), self._engine.connect() as connection:
            _raw(connection).execute("PRAGMA wal_checkpoint(PASSIVE)").close()

    def truncate_log(self) -> None:
        """Move the write-ahead log into the file and cut it to nothing, so that deleted text is in neither."""
        with self.alone(), self._plainly(), self._engine.connect() as connection:
            blocked = _raw(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not blocked and self.log is not None:
                self.log.settle()

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """The key was right when the file was opened, so what does not decrypt now is damage.

        A connection that met it stays broken: all of them are closed, the next transaction opens its own.
        """
        try:
            with said_plainly(self.path):
                yield
        except CannotOpen as failure:
            self._engine.dispose()
            raise failure.decided(key_is_right=True) from failure.__cause__

    def close(self) -> None:
        """Close all connections; the last one empties the write-ahead log."""
        try:
            if self.log is not None and same_place(self.path, self._opened):
                self.truncate_log()
        except StoreFailure:
            pass  # the next opening finds the write-ahead log as a killed process leaves it
        finally:
            self._let_go()

    def retire(self) -> None:
        """Close for good: whoever still holds this database must not write to a file that is being replaced."""
        with self.alone():
            self._is_retired = True
            self._let_go()

    def _let_go(self) -> None:
        self._engine.dispose()
        if self.log is not None:
            self.log.close()


def _raw(connection: Connection) -> Any:  # noqa: ANN401 - the driver has no types
    return connection.connection.driver_connection


def prepare_file(path: Path) -> None:
    """Make the file for its owner only, if there is none; -wal and -shm take over its mode. Raises NotWritable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise NotWritable(path=path, reason=error.strerror) from error


@contextmanager
def said_plainly(path: Path) -> Iterator[None]:
    """Within the block a driver's error becomes a StoreFailure, where one fits."""
    try:
        yield
    except (DBAPIError, dbapi2.Error) as error:
        failure = failure_of(error, path)
        if failure is None:
            raise
        raise failure from error


def failure_of(error: Exception, path: Path) -> StoreFailure | None:
    """What the driver's error means to the user; None if it is a fault of the program."""
    original = error.orig if isinstance(error, DBAPIError) else error
    message = str(original)
    if "disk is full" in message:
        return StoreFull(path=path)
    if "is locked" in message:
        return StoreBusy(path=path, seconds=BUSY_SECONDS)
    if type(original) is dbapi2.DatabaseError:  # the driver's class for a broken file; its subclasses mean other things
        return CannotOpen(path=path) if "not a database" in message else DamagedStore(path=path)
    if not path.exists():
        return FolderGone(path=path)
    if any(sign in message for sign in ("readonly", "disk I/O", "unable to open")):
        if shutil.disk_usage(path.parent).free < _LEAST_ROOM:  # SQLite does not say so of the files beside its own
            return StoreFull(path=path)
        return NotWritable(path=path, reason=message)
    return None
