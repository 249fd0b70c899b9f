"""After 30 days in Smazané nothing of a document stays."""

from datetime import timedelta
from pathlib import Path

from localapp import clock
from localapp.store.store import Store
from tests.store.made_up import ALENA, change, change_health, client, names, new_offer

CANARY = "Přežvýkavec"


def _deleted(store: Store) -> str:
    document = store.create_document(new_offer(answers={"last_name": CANARY}, row=client(CANARY)))
    change(store, document, "note", CANARY, row=client(CANARY))
    change_health(store, document, "note", CANARY)
    with store.edit(document, ALENA) as edit:
        edit.delete()
    return document


def _everything(store: Store) -> str:
    with store._database.read() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return repr([connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in tables])  # noqa: S608


def test_a_purged_document_leaves_one_line_without_personal_data(store: Store) -> None:
    document = _deleted(store)
    kept = store.create_document(new_offer())
    number = store.deleted()[0].number
    assert CANARY in _everything(store)
    assert store.purge_deleted(clock.now() + timedelta(days=1)) == 1
    text = _everything(store)
    assert CANARY not in text
    assert document not in text
    assert "prezvykavec" not in text.lower()
    assert number in text
    assert store.document(document) is None
    assert store.document(kept) is not None
    assert store.integrity() == []


def test_the_search_index_holds_no_remains_of_a_purged_name(store: Store) -> None:
    _deleted(store)
    store.purge_deleted(clock.now() + timedelta(days=1))
    with store._database.read() as connection:
        blocks = connection.exec_driver_sql("SELECT block FROM document_search_data").scalars().all()
    assert not any(b"zvykavec" in block for block in blocks)


def test_the_write_ahead_log_is_cut_to_nothing_by_a_purge(store: Store, tmp_path: Path) -> None:
    _deleted(store)
    log = tmp_path / "documents.db-wal"
    assert log.stat().st_size > 0
    store.purge_deleted(clock.now() + timedelta(days=1))
    assert log.stat().st_size == 0


def test_what_was_deleted_less_than_thirty_days_ago_stays(store: Store) -> None:
    with clock.moved_by(timedelta(days=-31)):
        _deleted(store)
    with clock.moved_by(timedelta(days=-29)):
        _deleted(store)
    assert store.purge_deleted(clock.now() - timedelta(days=30)) == 1
    assert names(store.deleted()) == [CANARY]


def test_a_purge_without_anything_to_purge_does_nothing(store: Store) -> None:
    store.create_document(new_offer())
    assert store.purge_deleted(clock.now()) == 0
