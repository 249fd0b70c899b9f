"""All health of a database sealed anew under another key: in one transaction, or not at all.

It runs on a connection of the driver's own while the store is closed, and is not in the change log: a backup and a log
from before still give the rows under the former key, together with the note that says so.
"""

from collections.abc import Iterator
from typing import Any

from localapp import clock
from localapp.store.failures import HealthUnreadable
from localapp.store.health import Sealer

TABLES = {
    "health_working": "sequence",
    "health_history": "sequence",
    "revision_health": "revision",
    "discarded_edit": "conflict_id",
    "overtaken": "id",
}
NOTE, NOTE_UNREADABLE = "keys.health", "keys.health_unreadable"
_AT_ONCE = 500

Row = tuple[int, str, int, bytes]


def note(connection: Any) -> str | None:  # noqa: ANN401 - the driver has no types
    """The name of the keys that health was last sealed anew under; None before the first time."""
    return _setting(connection, NOTE)


def reseal(connection: Any, old: Sealer, new: Sealer, key_id: str) -> None:  # noqa: ANN401 - as above
    """Seal all health under ``new`` and note whose key that is. What ``old`` does not open stays as it is, counted."""
    connection.execute("BEGIN EXCLUSIVE").close()
    try:
        guards = _lift_guards(connection)
        unreadable = sum(_reseal_table(connection, table, old, new) for table in TABLES)
        for statement in guards:
            connection.execute(statement).close()
        for name, value in ((NOTE, key_id), (NOTE_UNREADABLE, str(unreadable))):
            connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value)).close()
        line = (clock.stamp(), "keys_rotated", key_id)
        connection.execute("INSERT INTO audit (at, event, subject) VALUES (?, ?, ?)", line).close()
        connection.execute("COMMIT").close()
    except BaseException:
        connection.execute("ROLLBACK").close()
        raise


def is_whole(connection: Any, sealer: Sealer) -> bool:  # noqa: ANN401 - as above
    """Whether all health opens, but for what already did not when it was sealed anew."""
    unreadable = sum(_opened(sealer, table, row) is None for table in TABLES for row in _rows(connection, table))
    return unreadable <= int(_setting(connection, NOTE_UNREADABLE) or 0)


def _setting(connection: Any, name: str) -> str | None:  # noqa: ANN401 - as above
    found = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def _lift_guards(connection: Any) -> list[str]:  # noqa: ANN401 - as above
    """Drop the triggers that keep sealed rows from being changed; the statements that bring them back."""
    named = ", ".join("?" for _ in TABLES)
    found = connection.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({named})",  # noqa: S608 - our own
        tuple(TABLES),
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP TRIGGER "{name}"').close()
    return [str(sql) for _, sql in found]


def _reseal_table(connection: Any, table: str, old: Sealer, new: Sealer) -> int:  # noqa: ANN401 - as above
    """How many rows did not open."""
    unreadable, changed = 0, []
    for row in _rows(connection, table):
        text = _opened(old, table, row)
        if text is None:
            unreadable += 1
        else:
            changed.append((new.seal(text, row[1], table, row[2]), row[0]))
        if len(changed) == _AT_ONCE:
            _update(connection, table, changed)
            changed = []
    _update(connection, table, changed)
    return unreadable


def _update(connection: Any, table: str, changed: list[tuple[bytes, int]]) -> None:  # noqa: ANN401 - as above
    connection.executemany(f"UPDATE {table} SET sealed = ? WHERE rowid = ?", changed).close()  # noqa: S608 - own names


def _rows(connection: Any, table: str) -> Iterator[Row]:  # noqa: ANN401 - as above
    """All rows, read in pieces by their rowid, so that they may be changed meanwhile."""
    last = -1
    while True:
        piece: list[Row] = connection.execute(
            f"SELECT h.rowid, d.uuid, h.{TABLES[table]}, h.sealed FROM {table} h "  # noqa: S608 - own names
            "JOIN document d ON d.id = h.document_id WHERE h.rowid > ? ORDER BY h.rowid LIMIT ?",
            (last, _AT_ONCE),
        ).fetchall()
        if not piece:
            return
        yield from piece
        last = piece[-1][0]


def _opened(sealer: Sealer, table: str, row: Row) -> str | None:
    try:
        return sealer.open(bytes(row[3]), row[1], table, row[2])
    except HealthUnreadable:
        return None
