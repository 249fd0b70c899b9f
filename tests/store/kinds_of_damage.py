"""What can have happened to the files of a desk that was killed."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.store.damage import cut, flip, newest_backup, newest_log
from tests.store.made_up import open_store

Damage = Callable[[Path], None]


def database_of(folder: Path) -> Path:
    return folder / "documents.db"


def put_older_copy(folder: Path) -> None:
    shutil.copyfile(newest_backup(folder), settled(folder))


def database_and_backup(folder: Path) -> None:
    settled(folder).unlink()
    flip(newest_backup(folder), -5000)


def backup_and_log(folder: Path) -> None:
    flip(newest_backup(folder), 50)
    flip(newest_log(folder), 300)


def remove_everything_of_sqlite(folder: Path) -> None:
    for file in folder.glob("documents.db*"):
        file.unlink()


def settled(folder: Path) -> Path:
    """Everything in the database's own file, as a closed desk leaves it."""
    open_store(folder).close()
    return folder / "documents.db"


DAMAGE: dict[str, tuple[str, Damage]] = {
    "bit in the first page": ("restored_unreadable", lambda folder: flip(settled(folder), 100)),
    "bit in a later page": ("restored_damaged", lambda folder: flip(settled(folder), 4096 * 3 + 77)),
    "bit in the last page": ("restored_damaged", lambda folder: flip(settled(folder), -77)),
    "cut in half": ("restored_damaged", lambda folder: cut(settled(folder), database_of(folder).stat().st_size // 2)),
    "cut to nothing": ("restored_missing", lambda folder: cut(database_of(folder), 0)),
    "removed": ("restored_missing", lambda folder: settled(folder).unlink()),
    "removed with its log": (
        "restored_missing",
        remove_everything_of_sqlite,
    ),
    "write-ahead log removed": ("restored_*", lambda folder: (folder / "documents.db-wal").unlink()),
    "write-ahead log cut": ("restored_behind", lambda folder: cut(folder / "documents.db-wal", 40_000)),
    "write-ahead log flipped": ("restored_*", lambda folder: flip(folder / "documents.db-wal", 9000)),
    "an older copy put in its place": (
        "restored_behind",
        put_older_copy,
    ),
    "database and newest backup": (
        "restored_missing",
        database_and_backup,
    ),
    "newest backup": ("backup_damaged", lambda folder: flip(newest_backup(folder), -5000)),
    "newest backup and change log": ("backup_damaged", backup_and_log),
    "change log flipped": ("log_damaged", lambda folder: flip(newest_log(folder), 300)),
    "change log's end cut": ("log_damaged", lambda folder: cut(newest_log(folder), -30)),
    "change log removed": ("log_damaged", lambda folder: shutil.rmtree(folder / "changes")),
    "change log's beginning flipped": ("log_damaged", lambda folder: flip(newest_log(folder), 20)),
}
