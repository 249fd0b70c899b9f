"""Attack 39: one bit turns over in the database, in SQLite's log, in a backup or in the change log."""

import random
from pathlib import Path

import pytest

from tests.store.damage import flip, left_behind, newest_backup, newest_log
from tests.store.made_up import change, new_offer, open_store

BITS = 12


def _killed(folder: Path) -> tuple[Path, str]:
    """What a killed desk with a backup and changes since leaves."""
    (folder / "desk").mkdir()
    store = open_store(folder / "desk")
    document = store.create_document(new_offer(answers={"note": "x" * 30_000, "n": 0}))
    store.backups.make()
    change(store, document, "n", 1)
    copy = left_behind(folder / "desk", folder / "killed")
    store.close()
    return copy, document


def _file(folder: Path, where: str) -> Path:
    if where == "backups":
        return newest_backup(folder)
    return newest_log(folder) if where == "changes" else folder / where


@pytest.mark.parametrize("where", ["documents.db", "documents.db-wal", "backups", "changes"])
def test_39_a_flipped_bit_is_never_shown_as_content_and_loses_nothing(tmp_path: Path, where: str) -> None:
    killed, document = _killed(tmp_path)
    chance = random.Random(where)  # noqa: S311 - no secret
    for number in range(BITS):
        folder = left_behind(killed, tmp_path / f"{number}")
        file = _file(folder, where)
        if where == "documents.db":
            open_store(folder).close()  # so that SQLite's log, which would mend it, is empty
        flip(file, chance.randrange(file.stat().st_size), 1 << chance.randrange(8))
        store = open_store(folder)
        assert store.content(document).answers == {"note": "x" * 30_000, "n": 1}
        assert store.integrity() == []
        assert all(repair.missing == 0 for repair in store.repairs())
        if where == "documents.db":
            assert store.repairs(), "damage that nobody was told of"
        store.close()


def test_39_a_damaged_backup_is_passed_over_for_an_older_one(tmp_path: Path) -> None:
    killed, document = _killed(tmp_path)
    store = open_store(killed)
    change(store, document, "n", 2)
    store.backups.make()
    store.close()
    flip(newest_backup(killed), 5000)
    (killed / "documents.db").unlink()
    again = open_store(killed)
    assert again.content(document).answers["n"] == 2
    (told,) = again.repairs()
    assert len(list(Path(told.kept).glob("*-*.db"))) == 1
    again.close()
