"""A backup is a proved, encrypted copy; one of a damaged database never takes the place of a good one."""

import shutil
import threading
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest

from localapp import clock
from localapp.store import backups
from localapp.store.backups import list_backups
from localapp.store.change_log import log_files, read_history
from localapp.store.engine import connected
from localapp.store.failures import CannotOpen, DamagedStore, StoreFull
from localapp.store.keeping import place_for
from localapp.store.records import Keys
from localapp.store.store import Store
from tests.store.damage import everything_in, flip
from tests.store.made_up import ALENA, KEYS, change, new_offer, open_store

DAY = timedelta(days=1)


def _days_of_work(store: Store, days: int) -> None:
    document = store.create_document(new_offer())
    for day in range(days):
        with clock.moved_by(DAY * day):
            change(store, document, "day", day)
            store.backups.make()


def test_a_backup_holds_everything_and_opens_only_with_the_key(store: Store, tmp_path: Path) -> None:
    store.create_document(new_offer(answers={"name": "Kanárková"}))
    made = store.backups.make()
    store.close()
    assert b"Kan\xc3\xa1rkov" not in made.path.read_bytes()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copyfile(made.path, elsewhere / "documents.db")
    assert everything_in(elsewhere) == everything_in(tmp_path)
    with pytest.raises(CannotOpen):
        Store.open(elsewhere / "documents.db", Keys(bytes(32), bytes(32)))


def test_nothing_but_the_backup_is_left_of_making_one(store: Store, tmp_path: Path) -> None:
    made = store.backups.make()
    assert list((tmp_path / "backups").iterdir()) == [made.path]


def test_seven_backups_are_kept_and_only_the_log_that_they_need(store: Store, tmp_path: Path) -> None:
    _days_of_work(store, 10)
    kept = list_backups(tmp_path / "backups")
    assert [backup.at.date() for backup in kept] == [(clock.now() + DAY * day).date() for day in range(9, 2, -1)]
    history = read_history(tmp_path / "changes", KEYS.database)
    numbers = [record.sequence for record in history.changes(after=kept[-1].sequence)]
    assert numbers == list(range(kept[-1].sequence + 1, kept[0].sequence + 1))
    assert len(log_files(tmp_path / "changes")) <= len(kept) + 1


def test_backups_with_personal_data_go_after_a_month_but_the_newest_stays(store: Store, tmp_path: Path) -> None:
    _days_of_work(store, 3)
    with clock.moved_by(DAY * 60):
        made = store.backups.make()
        assert [backup.path for backup in list_backups(tmp_path / "backups")] == [made.path]


def test_a_backup_is_due_without_one_after_a_day_and_when_the_log_is_large(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.backups.due
    store.backups.make()
    assert not store.backups.due
    with clock.moved_by(DAY):
        assert store.backups.due
    with clock.moved_by(-DAY):  # the clock was wrong when it was made, or is now
        assert store.backups.due
    monkeypatch.setattr(backups, "LARGEST_LOG", 2000)
    store.create_document(new_offer(answers={"note": "".join(map(str, range(5000)))}))
    assert store.backups.due


@pytest.mark.parametrize("from_end", [100, 4096 * 2 + 50, 4096 * 9 + 7])
def test_a_damaged_database_is_told_and_never_backed_up_over_good_copies(
    store: Store, tmp_path: Path, from_end: int
) -> None:
    for _ in range(4):
        store.create_document(new_offer(answers={"note": "x" * 20_000}))
    good = store.backups.make()
    store._database.truncate_log()
    content = good.path.read_bytes()
    flip(tmp_path / "documents.db", -from_end)
    with pytest.raises(DamagedStore):
        store.backups.make()
    assert [backup.path for backup in list_backups(tmp_path / "backups")] == [good.path]
    assert good.path.read_bytes() == content
    assert list((tmp_path / "backups").iterdir()) == [good.path]


def test_a_backup_does_not_take_the_last_room_on_the_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    good = store.backups.make()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    with pytest.raises(StoreFull) as caught:
        store.backups.make()
    assert "není místo" in caught.value.text("cs")
    assert store.backups.newest == good


def test_writers_go_on_while_a_backup_is_made(store: Store, tmp_path: Path) -> None:
    documents = [store.create_document(new_offer(answers={"note": "x" * 50_000})) for _ in range(20)]
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            written.append(len(written))
            change(store, documents[len(written) % 20], "n", written[-1])

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(5):
        store.backups.make()
    stop.set()
    writer.join()
    store.close()
    expected = everything_in(tmp_path)
    (tmp_path / "documents.db").unlink()
    again = open_store(tmp_path)
    again.close()
    found = everything_in(tmp_path)
    assert {name: found[name] for name in found if name not in {"setting", "change_sequence"}} == {
        name: expected[name] for name in expected if name not in {"setting", "change_sequence"}
    }


def test_after_a_change_of_keys_nothing_is_left_under_the_former_ones(store: Store, tmp_path: Path) -> None:
    document = store.create_document(new_offer())
    store.backups.make()
    store.close()
    new = Keys(bytes(reversed(range(32))), KEYS.health)
    _rekey(tmp_path, new)
    rotated = Store.open(tmp_path / "documents.db", new, rotated=True)
    change(rotated, document, "a", 1)
    assert rotated.repairs() == []
    assert len(list_backups(tmp_path / "backups")) == 1
    rotated.close()
    assert read_history(tmp_path / "changes", KEYS.database).files == []
    (tmp_path / "documents.db").unlink()
    again = Store.open(tmp_path / "documents.db", new)
    assert again.content(document).answers["a"] == 1
    assert [repair.missing for repair in again.repairs()] == [0]
    again.close()


def test_a_change_of_keys_that_was_interrupted_opens_with_either(store: Store, tmp_path: Path) -> None:
    document = store.create_document(new_offer())
    store.backups.make()
    store.close()
    new = Keys(bytes(reversed(range(32))), KEYS.health)
    with pytest.raises(CannotOpen):
        Store.open(tmp_path / "documents.db", new, rotated=True)
    _rekey(tmp_path, new)
    opened = Store.open(tmp_path / "documents.db", new, rotated=True)
    assert opened.document(document) is not None
    opened.close()


def _rekey(folder: Path, new: Keys) -> None:
    with connected(folder / "documents.db", KEYS.database) as connection:
        connection.execute(f"PRAGMA rekey = \"x'{new.database.hex()}'\"").close()


def test_two_at_once_make_two_backups_one_after_the_other(store: Store, tmp_path: Path) -> None:
    document = store.create_document(new_offer(actor=ALENA))
    threads = [threading.Thread(target=store.backups.make) for _ in range(3)]
    for thread in threads:
        thread.start()
    change(store, document, "a", 1)
    for thread in threads:
        thread.join()
    assert 1 <= len(list_backups(tmp_path / "backups")) <= 3
    assert store.integrity() == []


def test_damaged_files_go_after_half_a_year_and_that_is_told(store: Store, tmp_path: Path) -> None:
    place = place_for(tmp_path)
    (place / "documents.db").write_bytes(b"damaged")
    store.backups.make()
    assert place.exists()
    with clock.moved_by(DAY * 181):
        kept = place_for(tmp_path)
        store.backups.make()
        assert (place.exists(), kept.exists()) == (False, True)
        assert [repair.code for repair in store.repairs()] == ["forgotten"]
        store.backups.make()
        assert len(store.repairs()) == 1
