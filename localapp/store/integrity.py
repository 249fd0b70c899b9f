"""Whether the file still is what was written."""

from sqlalchemy import Connection

from localapp.store.engine import Database
from localapp.store.failures import StoreFailure


def faults(database: Database) -> list[str]:
    """One line for each fault found; empty if there is none. Reads the whole file."""
    found: list[str] = []
    for check in (_cipher, _structure, _references):
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
