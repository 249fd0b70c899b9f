"""Bringing the file to the schema of this program: whole or not at all."""

from pathlib import Path

from sqlalchemy import Connection

from endpoint.store.engine import make_engine

HEAD = "0001"
SCRIPTS = "endpoint.store:migrations"


class NewerStore(Exception):  # noqa: N818 - a state of the file
    """The file was written by a newer program."""


class MigrationFailed(Exception):  # noqa: N818 - what happened
    """A migration lost rows, triggers or references; nothing of it was kept."""


def bring_to_head(path: Path) -> None:
    """Migrate the file at ``path`` if it is behind. Raises NewerStore, MigrationFailed.

    Alembic costs 100 ms to import, so the version is read by SQL first.
    """
    engine = make_engine(path, foreign_keys=False, pooled=False)
    try:
        with engine.begin() as connection:
            found = _version(connection)
            if found > HEAD:
                raise NewerStore(f"version {found}, this program knows {HEAD}")
            if found < HEAD:
                _upgrade(connection)
    finally:
        engine.dispose()


def _version(connection: Connection) -> str:
    if "alembic_version" not in _names(connection, "table"):
        return ""
    return str(connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar() or "")


def _upgrade(connection: Connection) -> None:
    """Foreign keys are off here: with them on, rebuilding a table deletes the rows of its children."""
    rows, triggers = _row_counts(connection), _names(connection, "trigger")
    _run_alembic(connection)
    after = _row_counts(connection)
    lost = sorted(table for table, count in rows.items() if after.get(table, 0) < count)
    lost += sorted(triggers - _names(connection, "trigger"))
    lost += sorted({str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})
    if lost:
        raise MigrationFailed(", ".join(lost))


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see bring_to_head
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _names(connection: Connection, kind: str) -> set[str]:
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
    return {str(row[0]) for row in found}


def _row_counts(connection: Connection) -> dict[str, int]:
    tables = [name for name in _names(connection, "table") if not name.startswith("sqlite_")]
    return {table: _rows(connection, table) for table in tables}


def _rows(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608 - own table names
