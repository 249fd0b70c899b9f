"""What was repaired and has to be told, until the advisor has read it."""

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from localapp.store import schema
from localapp.store.engine import Database

LOG_DAMAGED = "log_damaged"  # the database is whole, the change log was not; a fresh backup takes its place
BACKUP_DAMAGED = "backup_damaged"  # the database is whole, the newest backup was not; a fresh one takes its place
FORGOTTEN = "forgotten"  # damaged files that were kept for half a year have been deleted
_PREFIX = "repair."


@dataclass(frozen=True)
class Repair:
    """One repair. ``at`` (``clock.stamp()``) names it; ``code`` says what was found, e.g. ``restored_damaged``.

    ``backup_at`` is empty when no backup was needed. ``missing`` acknowledged changes are lost; None: nobody knows.
    """

    at: str
    code: str
    backup_at: str = ""
    repeated: int = 0
    missing: int | None = 0
    kept: str = ""


def note(database: Database, repair: Repair) -> None:
    """Keep it to be told."""
    with database.write() as connection:
        note_in(connection, repair)


def note_in(connection: Connection, repair: Repair) -> None:
    """The same, in a transaction that does more."""
    name, value = f"{_PREFIX}{repair.at}", json.dumps(asdict(repair))
    connection.execute(insert(schema.setting).values(name=name, value=value))


def read(database: Database) -> list[Repair]:
    """What has to be told, newest first."""
    table = schema.setting.c
    with database.read() as connection:
        chosen = select(table.value).where(table.name.startswith(_PREFIX)).order_by(table.name.desc())
        return [Repair(**json.loads(value)) for value in connection.execute(chosen).scalars()]


def forget(database: Database, at: str) -> None:
    """The advisor has read it."""
    with database.write() as connection:
        connection.execute(delete(schema.setting).where(schema.setting.c.name == f"{_PREFIX}{at}"))
