import json
import random
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from localapp.store import rotation, wrapping
from localapp.store.failures import StoreBusy, StoreFailure, StoreFull
from localapp.store.key_failures import DamagedKeyFile, WrongRecoveryCode
from localapp.store.keys import KeyFile, _with_digest
from localapp.store.records import Keys
from localapp.store.resealing import TABLES
from localapp.store.rotation import Rotation, key_files, open_store
from localapp.store.store import Store
from tests.store import rotating
from tests.store.rotating import PASSPHRASE, STEPS, everything, open_by_paper, written_down

DOCUMENTS, MANY = 30, 200


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose keys have never been changed."""
    folder = tmp_path_factory.mktemp("pattern")
    rotating.make_desk(folder, DOCUMENTS)
    return folder


@pytest.fixture(scope="module")
def expected(pattern: Path) -> dict[str, Any]:
    """All that its documents say."""
    return read(pattern, written_down(pattern)[-1])


@pytest.fixture
def folder(pattern: Path, tmp_path: Path, expected: dict[str, Any]) -> Path:
    """A copy of that desk."""
    assert expected
    return shutil.copytree(pattern, tmp_path / "desk")


def read(folder: Path, code: str) -> dict[str, Any]:
    store, _ = open_by_paper(folder, code)
    try:
        assert store.integrity() == []
        return everything(store)
    finally:
        store.close()


def keys_of(folder: Path) -> Keys:
    return KeyFile(folder / "keys.json").unlock(PASSPHRASE)


def test_all_documents_and_all_health_are_there_under_new_keys(folder: Path, expected: dict[str, Any]) -> None:
    old, was = keys_of(folder), (folder / "documents.db").read_bytes()
    rotating.change_keys(folder)
    new = keys_of(folder)
    assert (new.database, new.health) != (old.database, old.health)
    assert new.database != old.database
    assert new.health != old.health
    assert len(expected) == DOCUMENTS
    assert read(folder, written_down(folder)[-1]) == expected
    assert not (folder / "keys.next.json").exists()
    assert json.loads((folder / "keys.json").read_text())["bridge"] is None
    pages = {was[at : at + 4096] for at in range(0, len(was), 4096)}
    now = (folder / "documents.db").read_bytes()
    assert not any(now[at : at + 4096] in pages for at in range(0, len(now), 4096)), "a page under the old key"


def test_nothing_opens_with_the_old_keys_or_the_old_code_any_more(folder: Path) -> None:
    old = keys_of(folder)
    rotating.change_keys(folder)
    with pytest.raises(WrongRecoveryCode):
        open_by_paper(folder, written_down(folder)[0])
    with pytest.raises(StoreFailure):
        open_store(folder, old)
    for backup in (folder / "backups").glob("*.db"):
        assert not opens(backup, old)
        assert opens(backup, keys_of(folder))


def opens(path: Path, keys: Keys) -> bool:
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - only here

    from localapp.store.engine import connected  # noqa: PLC0415 - only here

    try:
        with connected(path, keys.database, journal="DELETE") as connection:
            return bool(connection.execute("SELECT count(*) FROM document").fetchone()[0])
    except dbapi2.DatabaseError:
        return False


def test_health_cannot_be_read_with_the_former_health_key(folder: Path) -> None:
    old = keys_of(folder)
    rotating.change_keys(folder)
    store = Store.open(folder / "documents.db", Keys(keys_of(folder).database, old.health))
    try:
        document = store.page(shelf=None, kind=None, before=None).rows[0].id
        with pytest.raises(StoreFailure):
            store.content(document)
    finally:
        store.close()


def test_what_is_written_once_still_cannot_be_changed_afterwards(folder: Path) -> None:
    guards = {trigger for table in TABLES for trigger in triggers_of(folder, table)}
    assert guards
    rotating.change_keys(folder)
    assert {trigger for table in TABLES for trigger in triggers_of(folder, table)} == guards


def triggers_of(folder: Path, table: str) -> set[tuple[str, str]]:
    store, _ = open_by_paper(folder, written_down(folder)[-1])
    try:
        with store._database.read() as connection:
            found = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
            )
            return {(str(row[0]), str(row[1])) for row in found}
    finally:
        store.close()


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_process_that_dies_at_any_step_loses_nothing(folder: Path, expected: dict[str, Any], step: str) -> None:
    with rotating.run(folder, "--die", step) as child:
        child.communicate(timeout=60)
    assert child.returncode == -9, f"it never came to {step}"
    old, new = written_down(folder)
    codes = [opening_code(file) for file in key_files(folder)]
    assert set(codes) == ({new} if step in {"_forget_old_entry", "_end"} else {old, new})
    for code in codes:
        copy = shutil.copytree(folder, folder.with_name("copy"))
        assert read(copy, code) == expected
        assert not (copy / "keys.next.json").exists()
        assert read(copy, new) == expected
        assert KeyFile(copy / "keys.json").unlock(PASSPHRASE)
        shutil.rmtree(copy)


@pytest.mark.slow
def test_a_process_that_is_killed_twenty_times_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    rotating.make_desk(folder, MANY)
    expected = read(folder, written_down(folder)[-1])
    chance = random.Random(40)  # noqa: S311 - no secret
    whole = how_long_it_takes(shutil.copytree(folder, tmp_path / "undisturbed"))
    for _ in range(20):
        with rotating.run(folder) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "begins\n"
            timer = threading.Timer(chance.uniform(0, whole), child.kill)
            timer.start()
            child.communicate(timeout=60)
            timer.cancel()
        copy = shutil.copytree(folder, tmp_path / "copy")  # the next one finds it as the kill left it
        codes = [opening_code(file) for file in key_files(copy)]
        assert read(copy, chance.choice(codes)) == expected
        shutil.rmtree(copy)


def how_long_it_takes(folder: Path) -> float:
    """Seconds from the first word of the process to its end."""
    with rotating.run(folder) as child:
        assert child.stdout is not None
        child.stdout.readline()
        began = time.monotonic()
        child.communicate(timeout=60)
    return time.monotonic() - began


def opening_code(file: KeyFile) -> str:
    """The paper that opens this key file."""
    for code in reversed(written_down(file.path.parent)):
        try:
            file.unlock_with_recovery(code)
        except WrongRecoveryCode:
            continue
        return code
    return ""


def test_a_change_of_keys_needs_room_and_is_not_begun_without(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "ROOM", 10**9)
    with pytest.raises(StoreFull):
        Rotation(folder, None).look_for_room()


def test_a_damaged_next_key_file_does_not_bar_a_database_that_is_still_under_the_old_keys(
    folder: Path, expected: dict[str, Any]
) -> None:
    with rotating.run(folder, "--die", "_both") as child:
        child.communicate(timeout=60)
    (folder / "keys.next.json").write_bytes(b"damaged")
    assert read(folder, written_down(folder)[0]) == expected
    assert not (folder / "keys.next.json").exists()


def test_a_damaged_next_key_file_is_named_where_it_is_needed(folder: Path) -> None:
    with rotating.run(folder, "--die", "_rekeyed") as child:
        child.communicate(timeout=60)
    (folder / "keys.next.json").write_bytes(b"damaged")
    with pytest.raises(DamagedKeyFile) as told:
        open_by_paper(folder, written_down(folder)[0])
    assert "keys.next.json" in told.value.text()
    assert (folder / "keys.next.json").exists()


def test_a_bridge_to_other_keys_is_refused(folder: Path) -> None:
    rotating.run(folder, "--die", "_both").communicate(timeout=60)
    with pytest.raises(DamagedKeyFile):
        open_store(folder, Keys(b"a" * 32, b"b" * 32))
    document = json.loads((folder / "keys.next.json").read_text())
    del document["digest"]
    document["bridge"].update(wrapping.bridge(Keys(b"a" * 32, b"b" * 32), Keys(b"c" * 32, b"d" * 32)))
    (folder / "keys.next.json").write_bytes(_with_digest(document))
    with pytest.raises(DamagedKeyFile):
        open_by_paper(folder, written_down(folder)[0])


def test_a_database_damaged_while_its_keys_were_changed_comes_back_from_its_backup(
    folder: Path, expected: dict[str, Any]
) -> None:
    store, _ = open_by_paper(folder, written_down(folder)[0])
    store.backups.make()
    store.close()
    for step in ("_reseal", "_prove_health"):
        rotating.run(folder, "--die", step).communicate(timeout=60)
        database = bytearray((folder / "documents.db").read_bytes())
        database[:8192] = b"x" * 8192
        (folder / "documents.db").write_bytes(database)
        assert read(folder, written_down(folder)[-1]) == expected


def test_a_backup_that_is_being_made_ends_before_the_keys_are_changed_and_none_begins(folder: Path) -> None:
    store, _ = open_by_paper(folder, written_down(folder)[-1])
    copying, may_end = threading.Event(), threading.Event()
    copy = store.backups._copy

    def slowly() -> Any:  # noqa: ANN401 - as the method has it
        copying.set()
        may_end.wait(30)
        return copy()

    store.backups._copy = slowly  # type: ignore[method-assign] # a planted delay
    making, retiring = (threading.Thread(target=target) for target in (store.backups.make, store.retire))
    making.start()
    assert copying.wait(30)
    retiring.start()
    assert retiring.is_alive()
    may_end.set()
    making.join(30)
    retiring.join(30)
    assert store.backups.newest
    with pytest.raises(StoreBusy):
        store.backups.make()
