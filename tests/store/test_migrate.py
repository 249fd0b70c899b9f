"""Migrations are whole or not at all, and lose neither rows nor triggers."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from localapp.store import migrate, schema
from localapp.store.engine import make_engine
from localapp.store.failures import MigrationFailed, NewerStore
from localapp.store.store import Store
from tests.store.made_up import KEYS, change, completed_offer, new_offer, open_store

FRAME = """
import sqlalchemy as sa
from alembic import op

revision = "{version}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
{body}
"""


def _plant(folder: Path, version: str, before: str, *lines: str) -> None:
    folder.mkdir(exist_ok=True)
    body = "\n".join(f"    {line}" for line in lines)
    (folder / f"v{version}.py").write_text(FRAME.format(version=version, before=before, body=body))


def _migrate(folder: Path, head: str) -> None:
    migrate.bring_to_head(folder / "documents.db", KEYS.database, head=head, more_versions=(folder / "100% later",))


def _ask(folder: Path, question: str) -> object:
    engine = make_engine(folder / "documents.db", KEYS.database, pooled=False)
    with engine.begin() as connection:
        answer = connection.exec_driver_sql(question).scalar()
    engine.dispose()
    return answer


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Path:
    """A closed file with a draft and a completed offer under change."""
    store.create_document(new_offer())
    change(store, completed_offer(store), "a", 1)
    store.close()
    return tmp_path


REBUILD = (
    'with op.batch_alter_table("document", recreate="always") as batch:',
    '    batch.add_column(sa.Column("colour", sa.Text))',
)


def test_rebuilding_a_table_deletes_no_children(filled: Path) -> None:
    note = "CREATE TABLE note (document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE)"
    _plant(
        filled / "100% later",
        "0002",
        "0001",
        f'op.execute("{note}")',
        'op.execute("INSERT INTO note SELECT id FROM document")',
    )
    _plant(filled / "100% later", "0003", "0002", *REBUILD)
    _migrate(filled, "0003")
    assert _ask(filled, "SELECT count(*) FROM note") == 2
    assert _ask(filled, "SELECT count(*) FROM working_copy") == 2
    assert _ask(filled, "SELECT count(colour IS NULL) FROM document") == 2
    assert _ask(filled, "SELECT version_num FROM alembic_version") == "0003"


def test_a_migration_that_fails_late_rolls_back_whole(filled: Path) -> None:
    _plant(filled / "100% later", "0002", "0001", *REBUILD)
    _plant(
        filled / "100% later",
        "0003",
        "0002",
        'op.add_column("setting", sa.Column("x", sa.Text))',
        "raise OSError('late')",
    )
    schema_before = _ask(filled, "SELECT group_concat(sql) FROM sqlite_master")
    with pytest.raises(OSError, match="late"):
        _migrate(filled, "0003")
    assert _ask(filled, "SELECT group_concat(sql) FROM sqlite_master") == schema_before
    assert _ask(filled, "SELECT version_num FROM alembic_version") == "0001"
    again = open_store(filled)
    assert len(again.search("novak").rows) == 2
    again.close()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (('op.execute("DELETE FROM working_copy")',), "working_copy: 2 -> 0"),
        (('op.drop_table("setting")', 'op.execute("DROP TABLE health_working")'), "health_working: 2 -> 0"),
        (('op.execute("DELETE FROM document_search")',), "document_search: 2 -> 0"),
        (
            ('op.execute("UPDATE working_copy SET document_id = 77 WHERE document_id = 1")',),
            "references in working_copy",
        ),
        (
            (
                'with op.batch_alter_table("revision", recreate="always") as batch:',
                '    batch.add_column(sa.Column("colour", sa.Text))',
            ),
            "triggers lost: client_after_delete_revision, client_after_insert_revision, revision_is_final",
        ),
    ],
)
def test_a_migration_that_would_lose_something_is_refused(filled: Path, lines: tuple[str, ...], reason: str) -> None:
    _plant(filled / "100% later", "0002", "0001", *lines)
    before = _ask(filled, "SELECT group_concat(sql) FROM sqlite_master")
    with pytest.raises(MigrationFailed) as caught:
        _migrate(filled, "0002")
    assert reason in caught.value.text("cs")
    assert _ask(filled, "SELECT group_concat(sql) FROM sqlite_master") == before
    assert _ask(filled, "SELECT count(*) FROM working_copy") == 2


def test_a_file_of_a_newer_version_is_not_touched(filled: Path) -> None:
    _plant(filled / "100% later", "0002", "0001", 'op.add_column("setting", sa.Column("x", sa.Text))')
    _migrate(filled, "0002")
    with pytest.raises(NewerStore) as caught:
        open_store(filled)
    assert "0002" in caught.value.text("cs")


def test_the_head_that_start_up_knows_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", migrate.SCRIPTS)
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_the_migrations_make_the_tables_that_the_code_knows(filled: Path) -> None:
    engine = make_engine(filled / "documents.db", KEYS.database, pooled=False)

    def known(_object: object, name: str | None, kind: str, _reflected: object, _compared: object) -> bool:
        return kind != "table" or not (name or "").startswith(schema.SEARCH_TABLE)

    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": known})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_opening_a_current_file_imports_no_alembic(filled: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.store.made_up import open_store; "
        "store = open_store(Path(sys.argv[1])); store.close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(filled)], capture_output=True, text=True, check=True)
    assert ast.literal_eval(done.stdout) is False
