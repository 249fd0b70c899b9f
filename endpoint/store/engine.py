"""Connections to the endpoint's SQLite file: durable at each commit, one writer at a time."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, bindparam, create_engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool, QueuePool

BUSY_SECONDS = 10
_BEGIN = "sc_begin"


def connect(path: Path, *, foreign_keys: bool = True) -> sqlite3.Connection:
    """One connection. Temporary tables stay in memory, so that no plain copy lies about in a temporary file."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        "temp_store = MEMORY",
        "secure_delete = ON",  # what is purged is overwritten
        "wal_autocheckpoint = 4000",  # 16 MB: a desk's push after a long time off-line does not wait for it each time
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection


def make_engine(path: Path, *, foreign_keys: bool = True, pooled: bool = True) -> Engine:
    """An engine whose transactions begin immediate unless the connection's options say otherwise.

    The driver's own transaction handling is off; it would leave DDL of a failed migration behind. Values never show
    in error messages.
    """
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: connect(path, foreign_keys=foreign_keys),
        hide_parameters=True,
        **({"poolclass": QueuePool, "pool_size": 5, "max_overflow": 15} if pooled else {"poolclass": NullPool}),
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE"))


def several() -> Select[tuple[str]]:
    """For ``IN``: the texts of the JSON list that is bound as ``several``.

    The statement stays the same however many there are; a list of its own parameters is written anew each time.
    """
    each = func.json_each(bindparam("several")).table_valued("value")
    return select(each.c.value)


def added(table: Table, *names: str) -> str:
    """The statement that adds rows with these columns, as the driver takes it: a push adds thousands."""
    columns = [table.c[name].name for name in names]
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of the schema


class Overloaded(Exception):  # noqa: N818 - a state of the load
    """So many want to write that this one did not come to its turn."""


def _overloaded(error: OperationalError) -> Exception:
    """What it means that a transaction could not begin."""
    return Overloaded() if "locked" in str(error.orig) else error


class Database:
    """The open file: readers never wait, writers queue here in the order they come."""

    def __init__(self, path: Path) -> None:
        self.engine = make_engine(path)
        self._reader = self.engine.execution_options(**{_BEGIN: "BEGIN"})
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the last commit."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One immediate transaction: committed on normal exit, rolled back whole on any exception.

        Raises Overloaded when it is not this writer's turn within 10 seconds; nothing was done then.
        Moments that decide about the cut-off are read inside, so that they are ordered as the commits are.
        """
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise Overloaded
        try:
            with self._of_this_process() as connection:
                yield connection
        finally:
            self._writing.release()

    @contextmanager
    def _of_this_process(self) -> Iterator[Connection]:
        """Another process (an export by hand, a restore) may hold the file; SQLite waits for it as long."""
        try:
            connection = self.engine.connect()
            began = connection.begin()
        except OperationalError as error:
            raise _overloaded(error) from error
        with connection, began:
            yield connection

    def truncate_log(self) -> None:
        """Move the write-ahead log into the file and cut it to nothing, so that what was purged is in neither.

        While somebody reads it stays for the next time.
        """
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close all connections; the last one empties the write-ahead log."""
        self.engine.dispose()


def prepare_file(path: Path) -> None:
    """Make the file for its owner only, if there is none; -wal and -shm take over its mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
