"""The encrypted file: nothing readable in it, damage told from a wrong key, a full disk said clearly."""

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from localapp.store import engine
from localapp.store.failures import (
    CannotOpen,
    DamagedStore,
    NotWritable,
    StoreBusy,
    StoreFull,
    WrongKey,
)
from localapp.store.health import HealthTables, Sealer
from localapp.store.records import Keys
from localapp.store.store import Store
from tests.store.made_up import (
    ALENA,
    KEYS,
    NOVAK,
    change,
    change_health,
    client,
    complete,
    new_offer,
    open_store,
)

NAME, BIRTH_NUMBER, WEIGHT = "Kanárková", "7553011234", "97,531 kg"


def test_no_plain_byte_on_disk_tells_a_name_a_birth_number_or_a_body_weight(store: Store, tmp_path: Path) -> None:
    answers = {"last_name": NAME, "birth_number": BIRTH_NUMBER}
    document = store.create_document(new_offer(answers=answers, health={"weight": WEIGHT}, row=client(NAME)))
    change(store, document, "note", f"{NAME} {BIRTH_NUMBER}")
    change_health(store, document, "note", WEIGHT)
    complete(store, document)
    store.backups.make()
    files = sorted(file for file in tmp_path.rglob("*") if file.is_file())
    assert [file.name for file in files if file.parent == tmp_path] == [
        "documents.db",
        "documents.db-shm",
        "documents.db-wal",
    ]
    assert {file.parent.name for file in files} == {tmp_path.name, "backups", "changes"}
    for file in files:
        content = file.read_bytes()
        for canary in (NAME, BIRTH_NUMBER, WEIGHT, "birth_number", "weight", "document"):
            assert canary.encode() not in content
            assert canary.encode("utf-16-le") not in content


def test_files_are_readable_by_their_owner_only(store: Store, tmp_path: Path) -> None:
    store.create_document(new_offer())
    store.backups.make()
    modes = {(file.is_dir(), file.stat().st_mode & 0o777) for file in tmp_path.rglob("*")}
    assert modes == {(False, 0o600), (True, 0o700)}


def test_a_wrong_key_opens_nothing_and_changes_nothing(store: Store, tmp_path: Path) -> None:
    document = store.create_document(new_offer())
    store.close()
    before = (tmp_path / "documents.db").read_bytes()
    with pytest.raises(CannotOpen) as caught:
        Store.open(tmp_path / "documents.db", Keys(b"x" * 32, KEYS.health))
    assert isinstance(caught.value.decided(key_is_right=False), WrongKey)
    assert "obnovovací kód" in caught.value.decided(key_is_right=False).text("cs")
    assert (tmp_path / "documents.db").read_bytes() == before
    again = open_store(tmp_path)
    assert again.document(document) is not None
    again.close()


def _flip(file: Path, position: int) -> None:
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)


def _open_as_it_is(folder: Path) -> Store:
    """Without the look that opening takes, as when the damage came afterwards."""
    return Store(engine.Database(folder / "documents.db", KEYS.database), HealthTables(Sealer(KEYS.health)))


def test_a_damaged_beginning_is_damage_once_the_key_is_known_to_be_right(store: Store, tmp_path: Path) -> None:
    store.close()
    _flip(tmp_path / "documents.db", 100)
    shutil.rmtree(tmp_path / "changes")
    with pytest.raises(CannotOpen) as caught:
        open_store(tmp_path)
    decided = caught.value.decided(key_is_right=True)
    assert isinstance(decided, DamagedStore)
    assert str(tmp_path) in decided.text("cs")


@pytest.mark.parametrize("from_end", [100, 5_000, 9_000, 20_000, 30_000, 60_000])
def test_damage_anywhere_is_named_and_never_shown_as_content(store: Store, tmp_path: Path, from_end: int) -> None:
    long = "x" * 20_000
    made = [store.create_document(new_offer(answers={"note": long})) for _ in range(4)]
    store.close()
    file = tmp_path / "documents.db"
    _flip(file, file.stat().st_size - from_end)
    again = _open_as_it_is(tmp_path)
    shown = 0
    for document in made:
        try:
            assert again.content(document).answers == {"note": long}
            shown += 1
        except DamagedStore:
            continue
    assert shown >= 3
    assert any("HMAC" in fault for fault in again.integrity())
    again.close()


def test_a_change_over_damage_is_refused(store: Store, tmp_path: Path) -> None:
    document = store.create_document(new_offer(answers={"note": "x" * 20_000}))
    store.close()
    file = tmp_path / "documents.db"
    for page in range(1, 4):
        _flip(file, file.stat().st_size - page * 4096 + 50)
    again = _open_as_it_is(tmp_path)
    with pytest.raises(DamagedStore):
        change(again, document, "a", 1)
    again.close()


def test_a_full_disk_is_said_and_what_was_saved_before_stays(store: Store) -> None:
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    store._database.close()
    store._database = _Cramped(store._database.path, KEYS.database)
    with pytest.raises(StoreFull) as caught:
        _fill(store, document)
    assert "není místo" in caught.value.text("cs")
    kept = store.content(document)
    assert kept.answers["a"] == 1
    assert store.integrity() == []
    with pytest.raises(StoreFull):
        store.create_document(new_offer(answers={"note": "x" * 1_000_000}))
    assert store.content(document) == kept


def _fill(store: Store, document: str) -> None:
    for n in range(500):
        change(store, document, "note", str(n) * 20_000)


class _Cramped(engine.Database):
    """A file that may not grow beyond 700 pages."""

    def __init__(self, path: Path, key: bytes) -> None:
        super().__init__(path, key)

        def cramped() -> Any:  # noqa: ANN401 - the driver has no types
            connection = engine.connect(path, key)
            connection.execute("PRAGMA max_page_count = 700")
            return connection

        self._engine.pool._creator = cramped


def test_a_file_that_may_not_be_written_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store._database.close()
    plain = engine.connect

    def guarded(path: Path, key: bytes, *, foreign_keys: bool = True) -> object:
        connection = plain(path, key, foreign_keys=foreign_keys)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(engine, "connect", guarded)
    with pytest.raises(NotWritable) as caught:
        store.create_document(new_offer())
    assert "readonly" in caught.value.text("cs")


def test_a_writer_that_waits_too_long_is_told_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    document = store.create_document(new_offer())
    with store.edit(document, ALENA), pytest.raises(StoreBusy):
        change(store, document, "a", 1)
    change(store, document, "a", 2)
    assert store.content(document).answers["a"] == 2


def test_readers_do_not_wait_for_a_writer_and_see_the_last_commit(store: Store) -> None:
    document = store.create_document(new_offer())
    seen: list[object] = []
    with store.edit(document, ALENA) as edit:
        edit.save({"a": 1}, edit.health, row=NOVAK, last_quote=None)
        reader = threading.Thread(target=lambda: seen.append(store.content(document).answers))
        reader.start()
        reader.join(4)
    assert seen == [{"last_name": "Novák"}]
    assert store.content(document).answers == {"a": 1}


def test_every_connection_is_durable_checks_references_and_wipes_what_it_deletes(store: Store) -> None:
    with store._database.read() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_an_error_message_shows_no_personal_data(store: Store) -> None:
    with pytest.raises(Exception, match="no such table") as caught, store._database.read() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": NAME})
    assert NAME not in str(caught.value)


def test_a_text_with_a_nul_is_refused_before_it_could_pass_for_damage(store: Store) -> None:
    document = store.create_document(new_offer())
    with pytest.raises(Exception, match="NUL"), store.edit(document, ALENA) as edit:
        edit.save(edit.answers, edit.health, row=NOVAK, last_quote="a\0b")
    assert store.content(document).last_quote is None


def test_a_place_where_no_file_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "documents.db").mkdir()
    with pytest.raises(NotWritable) as caught:
        open_store(tmp_path)
    assert str(tmp_path) in caught.value.text("cs")
