"""Whatever one file of the desk is damaged, opening brings back all that was acknowledged, and says what happened."""

import shutil
from pathlib import Path

import pytest

from localapp.store import opening
from localapp.store.failures import CannotOpen, LostStore, WrongKey
from localapp.store.records import Keys
from localapp.store.store import Store
from tests.store.damage import cut, everything_in, flip, left_behind, newest_backup, newest_log
from tests.store.kinds_of_damage import (
    DAMAGE,
    database_of,
    remove_everything_of_sqlite,
    settled,
)
from tests.store.made_up import KEYS, change, complete, new_offer, open_store


@pytest.fixture
def killed(store: Store, tmp_path: Path) -> tuple[Path, str]:
    """What a killed desk leaves: two backups, changes before, between and after them; a document of which n is 9."""
    document = store.create_document(new_offer(answers={"n": 0, "note": "x" * 30_000}))
    for number in range(1, 10):
        change(store, document, "n", number)
        if number in {3, 6}:
            store.backups.make()
    complete(store, document)
    change(store, document, "m", 1)
    return left_behind(tmp_path, tmp_path.with_name(f"{tmp_path.name}-killed")), document


@pytest.mark.parametrize("name", DAMAGE)
def test_nothing_acknowledged_is_lost_and_the_damage_is_told(killed: tuple[Path, str], name: str) -> None:
    folder, document = killed
    code, damage = DAMAGE[name]
    damage(folder)
    store = open_store(folder)
    answers = store.content(document).answers
    assert (answers["n"], answers["m"]) == (9, 1)
    assert [operation.revision for operation in store.outbox()] == [1]
    assert store.integrity() == []
    (told,) = store.repairs()
    assert told.code == code or (code.endswith("*") and told.code.startswith(code[:-1]))
    assert told.missing == 0
    if code.startswith("restored"):
        assert told.backup_at
        assert Path(told.kept).is_dir()
    change(store, document, "n", 10)
    store.close()
    shutil.copytree(folder, folder.with_name(f"{folder.name}-twice"))
    (folder.with_name(f"{folder.name}-twice") / "documents.db").unlink()
    twice = open_store(folder.with_name(f"{folder.name}-twice"))  # what was made anew protects at once
    assert twice.content(document).answers["n"] == 10
    twice.close()
    again = open_store(folder)
    assert again.content(document).answers["n"] == 10
    assert [repair.at for repair in again.repairs()] == [told.at]
    again.forget_repair(told.at)
    assert again.repairs() == []
    again.close()


def test_the_damaged_file_is_kept_as_it_was_found(killed: tuple[Path, str]) -> None:
    folder, _ = killed
    flip(settled(folder), 4096 * 3 + 77)
    damaged = database_of(folder).read_bytes()
    store = open_store(folder)
    (told,) = store.repairs()
    assert (Path(told.kept) / "documents.db").read_bytes() == damaged
    assert Path(told.kept).parent == folder / "broken"
    store.close()


def test_what_an_undamaged_desk_holds_is_what_is_restored(killed: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = killed
    whole = left_behind(folder, tmp_path / "whole")
    settled(whole)
    expected = everything_in(whole)
    database_of(folder).unlink()
    open_store(folder).close()
    found = everything_in(folder)
    del found["setting"], found["change_sequence"], expected["change_sequence"]  # telling the repair is a change
    assert found == {name: expected[name] for name in found}


def test_a_killed_desk_that_is_whole_tells_nothing_and_restores_nothing(killed: tuple[Path, str]) -> None:
    folder, document = killed
    store = open_store(folder)
    assert store.content(document).answers["n"] == 9
    assert store.repairs() == []
    assert not (folder / "broken").exists()
    store.close()


@pytest.mark.parametrize("first", [True, False])
def test_a_change_that_was_logged_but_not_committed_when_the_desk_was_killed_is_there_and_not_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, first: bool
) -> None:
    document = store.create_document(new_offer())
    if first:  # of this opening: SQLite's log is empty
        store._database.truncate_log()
    copy = tmp_path.with_name(f"{tmp_path.name}-killed")

    def killed_here(_connection: object) -> None:
        left_behind(tmp_path, copy)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store._database._engine.dialect, "do_commit", killed_here)
        with pytest.raises(KeyboardInterrupt):
            change(store, document, "a", 1)
    again = open_store(copy)
    assert again.content(document).answers["a"] == 1
    assert again.repairs() == []
    assert not (copy / "broken").exists()
    again.close()


def test_a_whole_database_is_never_replaced_by_less_whatever_the_log_has_become(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = store.create_document(new_offer())
    store.backups.make()
    change(store, document, "a", 1)
    change(store, document, "a", 2)
    copy = tmp_path.with_name(f"{tmp_path.name}-killed")

    def killed_here(_connection: object) -> None:
        left_behind(tmp_path, copy)
        raise KeyboardInterrupt

    monkeypatch.setattr(store._database._engine.dialect, "do_commit", killed_here)
    with pytest.raises(KeyboardInterrupt):
        change(store, document, "a", "in flight")
    flip(newest_log(copy), 200)  # the first change since the backup: the log does not lead to the last any more
    again = open_store(copy)
    assert again.content(document).answers["a"] == 2
    (told,) = again.repairs()
    assert (told.code, told.missing) == ("log_damaged", 0)
    again.close()


def test_a_desk_killed_before_its_first_backup_is_restored_from_the_change_log_alone(
    store: Store, tmp_path: Path
) -> None:
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    store.close()
    database_of(tmp_path).unlink()
    again = open_store(tmp_path)
    assert again.content(document).answers["a"] == 1
    (told,) = again.repairs()
    assert (told.code, told.backup_at, told.missing) == ("restored_missing", "", 0)
    again.close()


def test_changes_that_cannot_be_read_any_more_are_counted_and_their_numbers_are_not_given_again(
    killed: tuple[Path, str],
) -> None:
    folder, document = killed
    taken = _number(folder)
    settled(folder).unlink()
    flip(newest_log(folder), 300)  # the first change after the last backup
    store = open_store(folder)
    assert store.content(document).answers["n"] == 6
    (told,) = store.repairs()
    assert told.missing == 5
    assert store.create_document(new_offer()) != document
    assert [row.number for row in store.page(shelf=None, kind=None, before=None).rows] == ["", taken]
    store.close()
    again = open_store(folder)
    assert len(again.repairs()) == 1
    again.close()


def _number(folder: Path) -> str:
    store = open_store(folder)
    (row,) = store.page(shelf=None, kind=None, before=None).rows
    store.close()
    return row.number or ""


def test_a_log_that_is_cut_with_the_database_gone_is_told_honestly(killed: tuple[Path, str]) -> None:
    folder, document = killed
    database_of(folder).unlink()
    (folder / "documents.db-wal").unlink()
    cut(newest_log(folder), -30)
    store = open_store(folder)
    assert store.content(document).answers["n"] == 9
    (told,) = store.repairs()
    assert told.missing is None
    store.close()


def test_where_nothing_can_be_restored_nothing_is_touched(killed: tuple[Path, str]) -> None:
    folder, _ = killed
    flip(settled(folder), 4096 * 3 + 77)
    for backup in (folder / "backups").glob("*.db"):
        flip(backup, -5000)
    for log in sorted((folder / "changes").glob("*.changes"))[:-1]:
        log.unlink()
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with pytest.raises(LostStore) as caught:
        open_store(folder)
    assert "Nic nemažte" in caught.value.text("cs")
    after = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.name[-4:] != "-shm"}
    assert {file: content for file, content in before.items() if file.name[-4:] not in {"-shm", "-wal"}} == {
        file: content for file, content in after.items() if file.name[-4:] != "-wal"
    }


def test_a_wrong_key_is_no_damage_and_restores_nothing(killed: tuple[Path, str]) -> None:
    folder, _ = killed
    settled(folder)
    with pytest.raises(CannotOpen) as caught:
        Store.open(database_of(folder), Keys(bytes(32), KEYS.health))
    assert type(caught.value.decided(key_is_right=False)) is WrongKey
    assert not (folder / "broken").exists()


def test_a_missing_database_never_becomes_an_empty_desk(killed: tuple[Path, str]) -> None:
    folder, _ = killed
    settled(folder).unlink()
    shutil.rmtree(folder / "changes")
    for backup in (folder / "backups").glob("*.db"):
        flip(backup, 100)
    with pytest.raises((LostStore, CannotOpen)):
        open_store(folder)
    assert not database_of(folder).exists()


def test_a_restored_desk_can_be_damaged_again(killed: tuple[Path, str]) -> None:
    folder, document = killed
    for number in range(10, 13):
        settled(folder).unlink()
        store = open_store(folder)
        assert store.content(document).answers["n"] == number - 1
        change(store, document, "n", number)
        store.close()
    assert len(list((folder / "broken").iterdir())) == 3


def test_an_operator_can_go_back_to_a_backup(killed: tuple[Path, str]) -> None:
    folder, document = killed
    remove_everything_of_sqlite(folder)
    shutil.rmtree(folder / "changes")
    newest_backup(folder).unlink()
    store = open_store(folder)
    assert store.content(document).answers["n"] == 3
    (told,) = store.repairs()
    assert (told.code, told.missing) == ("restored_missing", None)
    store.close()


def test_a_desk_killed_after_a_backup_in_which_nothing_was_written_is_left_as_it_is(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = store.create_document(new_offer())
    store.close()
    idle = open_store(tmp_path)
    idle.backups.make()
    copy = left_behind(tmp_path, tmp_path.with_name(f"{tmp_path.name}-killed"))
    idle.close()
    restored: list[object] = []
    monkeypatch.setattr(opening, "restore", lambda *given: restored.append(given))
    again = open_store(copy)
    assert again.document(document) is not None
    assert (again.repairs(), restored) == ([], [])
    again.close()
