"""Bringing the file to the schema of this program: whole or not at all. How to write a migration: docs/store.md."""

from pathlib import Path

from sqlalchemy import Connection

from localapp.store.engine import make_engine, said_plainly
from localapp.store.failures import MigrationFailed, NewerStore

HEAD = "0001"
SCRIPTS = "localapp.store:migrations"


def bring_to_head(path: Path, key: bytes, *, head: str = HEAD, more_versions: tuple[Path, ...] = ()) -> None:
    """Migrate the file at ``path`` if it is behind ``head``; the versions are zero-padded and compare as text.

    Alembic costs 100 ms to import, so the version is read by SQL first. ``more_versions`` are folders of further
    migrations. Raises CannotOpen, NewerStore, MigrationFailed.
    """
    engine = make_engine(path, key, foreign_keys=False, pooled=False)
    try:
        with said_plainly(path), engine.begin() as connection:
            found = _version(connection)
            if found > head:
                raise NewerStore(path=path, found=found, known=head)
            if found < head:
                _upgrade(connection, path, more_versions)
    finally:
        engine.dispose()


def _version(connection: Connection) -> str:
    names = _names(connection, "table")
    if "alembic_version" not in names:
        return ""
    return str(connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar() or "")


def _upgrade(connection: Connection, path: Path, more_versions: tuple[Path, ...]) -> None:
    """Foreign keys are off here: with them on, rebuilding a table deletes the rows of its children."""
    rows, triggers = _row_counts(connection), _names(connection, "trigger")
    _run_alembic(connection, more_versions)
    reason = _damage(connection, rows, triggers)
    if reason:
        raise MigrationFailed(path=path, reason=reason)


def _run_alembic(connection: Connection, more_versions: tuple[Path, ...]) -> None:
    from alembic import command  # noqa: PLC0415 - see bring_to_head
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "newline")
    folders = [f"{SCRIPTS}/versions", *(str(folder).replace("%", "%%") for folder in more_versions)]
    config.set_main_option("version_locations", "\n".join(folders))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _damage(connection: Connection, rows: dict[str, int], triggers: set[str]) -> str:
    """What the migration broke, in words; empty if nothing."""
    after = _row_counts(connection)
    fewer = [
        f"{table}: {count} -> {after.get(table, 0)}" for table, count in rows.items() if after.get(table, 0) < count
    ]
    if fewer:
        return "rows lost in " + ", ".join(fewer)
    dropped = triggers - _names(connection, "trigger")
    if dropped:
        return "triggers lost: " + ", ".join(sorted(dropped))
    broken = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    return "broken references in " + ", ".join(sorted(broken)) if broken else ""


def _names(connection: Connection, kind: str) -> set[str]:
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
    return {str(row[0]) for row in found}


def _row_counts(connection: Connection) -> dict[str, int]:
    """Rows by table; the tables inside FTS5 change shape as they like, its virtual table is counted."""
    found = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' "
        "AND name NOT LIKE 'document!_search!_%' ESCAPE '!'"
    )
    tables = [str(row[0]) for row in found]
    return {table: _rows(connection, table) for table in tables}


def _rows(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608 - own table names
