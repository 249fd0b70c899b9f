"""The tables: made by the migrations, written once, for their owner only."""

import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from endpoint.application import Endpoint, create_endpoint
from endpoint.store import schema
from endpoint.store.engine import make_engine
from endpoint.store.migrate import NewerStore, bring_to_head
from tests.endpoint.made_up import Desk


def test_the_migrations_make_the_tables_of_the_schema(endpoint: Endpoint) -> None:
    with endpoint.parts.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_an_opened_file_keeps_its_stream(endpoint: Endpoint, alena: Desk) -> None:
    stream = alena.hello().stream
    again = create_endpoint(endpoint.parts.layout.folder)
    alena.http = again.app.test_client()
    assert alena.hello().stream == stream
    again.close()


def test_a_file_of_a_newer_program_is_refused(endpoint: Endpoint) -> None:
    with endpoint.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerStore):
        bring_to_head(endpoint.parts.layout.database)


def _changes_of(table: str) -> tuple[str, str]:
    column = schema.metadata.tables[table].columns.keys()[0]
    return f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"  # noqa: S608 - names of the schema


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_what_is_written_once_neither_changes_nor_goes(endpoint: Endpoint, alena: Desk, table: str) -> None:
    offer, other, pending = alena.completion(), alena.completion(), alena.completion(number="N26-999999")
    alena.push(offer, pending)
    endpoint.evaluate_waiting()
    wrong = alena.next_revision(other, number=other.number, base_revision=None)
    alena.push(wrong.text().replace('"revision":2', '"revision":3'))
    alena.push(alena.signed_off(offer))
    endpoint.run_export()
    for statement in _changes_of(table):
        with endpoint.parts.database.write() as connection:
            count = connection.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one()
            assert count
            with pytest.raises(IntegrityError, match="append-only"):
                connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", ["document", "installation"])
def test_documents_and_installations_are_never_deleted(endpoint: Endpoint, alena: Desk, table: str) -> None:
    alena.push(alena.completion())
    with pytest.raises(IntegrityError, match="never deleted"), endpoint.parts.database.write() as connection:
        connection.exec_driver_sql(_changes_of(table)[0])


def test_everything_is_for_its_owner_only(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion())
    endpoint.run_export()
    folder = endpoint.parts.layout.folder
    places = [path for path in folder.rglob("*") if "versions" not in path.parts]
    assert {path.name for path in places} >= {"endpoint.db", "endpoint.db-wal", "intake.key", "exports"}
    assert not [path for path in (folder, *places) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_the_file_is_durable_at_each_commit(tmp_path: Path) -> None:
    engine = make_engine(tmp_path / "x.db")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2}
