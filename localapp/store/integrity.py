"""Whether the file still is what was written."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from localapp.store.engine import Database
from localapp.store.failures import StoreFailure


def faults(database: Database, *more: Callable[[Connection], list[str]]) -> list[str]:
    """One line for each fault found, by ``more`` checks too; empty if there is none. Reads the whole file."""
    found: list[str] = []
    for check in (_cipher, _structure, _references, *more):
        try:
            with database.read() as connection:
                found += check(connection)
        except StoreFailure as failure:
            found.append(failure.text("en"))
    return found


def _cipher(connection: Connection) -> list[str]:
    return [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]


def _structure(connection: Connection) -> list[str]:
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if found == ["ok"] else found


def _references(connection: Connection) -> list[str]:
    return [
        f"{child} {row} names a missing {parent}"
        for child, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check")
    ]


def prove(connection: Any) -> list[str]:  # noqa: ANN401 - the driver has no types
    """The same on a connection of the driver's own, without the content of indexes. Raises the driver's errors."""
    found = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check").fetchall()]
    found += [str(row[0]) for row in connection.execute("PRAGMA quick_check").fetchall() if row[0] != "ok"]
    return found + [str(row) for row in connection.execute("PRAGMA foreign_key_check").fetchall()]


def sequence_of(connection: Any) -> int:  # noqa: ANN401 - as above
    """The number of the last change that was committed. Raises the driver's errors."""
    return int(connection.execute("SELECT last FROM change_sequence WHERE id = 1").fetchone()[0])
