"""What bad luck does to the files of a desk that has just been killed, and whether the advisor has to hear of it."""

import random
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2

from localapp import config
from localapp.store.backups import list_backups
from localapp.store.change_log import log_files, read_history
from localapp.store.engine import connected
from localapp.store.integrity import prove, sequence_of
from localapp.store.log_format import HEADER_SIZE, End, Kind
from localapp.store.restoring import proved_sequence
from tests.store.damage import cut, flip

Harming = Callable[[Path, random.Random], None]


@dataclass(frozen=True)
class Harm:
    """What was done, and whether it left the database or the log otherwise than a mere kill may leave them."""

    name: str
    must_be_told: bool


def _database(folder: Path) -> Path:
    return folder / config.DATABASE


def _write_ahead(folder: Path) -> Path:
    return folder / f"{config.DATABASE}-wal"


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _flip_somewhere(file: Path, chance: random.Random, start: int = 0) -> None:
    if _size(file) > start:
        flip(file, chance.randrange(start, _size(file)), 1 << chance.randrange(8))


def _cut_somewhere(file: Path, chance: random.Random) -> None:
    if _size(file):
        cut(file, int(_size(file) * chance.choice([0.0, 0.25, 0.5, 0.9, 0.999, chance.random()])))


def flip_page(folder: Path, chance: random.Random) -> None:
    _flip_somewhere(_database(folder), chance, 4096)


def flip_header(folder: Path, chance: random.Random) -> None:
    flip(_database(folder), chance.randrange(4096))


def flip_write_ahead(folder: Path, chance: random.Random) -> None:
    _flip_somewhere(_write_ahead(folder), chance)


def cut_write_ahead(folder: Path, chance: random.Random) -> None:
    _cut_somewhere(_write_ahead(folder), chance)


def remove_write_ahead(folder: Path, _: random.Random) -> None:
    _write_ahead(folder).unlink(missing_ok=True)


def remove_database(folder: Path, _: random.Random) -> None:
    _database(folder).unlink()


def cut_database(folder: Path, chance: random.Random) -> None:
    _cut_somewhere(_database(folder), chance)


def older_database(folder: Path, chance: random.Random) -> None:
    """An older copy put in its place. Without one it is removed."""
    backups = list_backups(folder / "backups")
    remove_write_ahead(folder, chance)
    remove_database(folder, chance)
    if backups:
        shutil.copyfile(chance.choice(backups).path, _database(folder))


def damage_log(folder: Path, chance: random.Random) -> None:
    _flip_somewhere(log_files(folder / "changes")[-1], chance)


def cut_log(folder: Path, chance: random.Random) -> None:
    newest = log_files(folder / "changes")[-1]
    cut(newest, max(0, _size(newest) - chance.randrange(1, 4000)))


def tear_log(folder: Path, _: random.Random) -> None:
    """Cut within the last record: the one change that the database alone has then."""
    newest = log_files(folder / "changes")[-1]
    cut(newest, max(0, _size(newest) - 10))


def remove_log(folder: Path, _: random.Random) -> None:
    shutil.rmtree(folder / "changes")


def damage_backup(folder: Path, chance: random.Random) -> None:
    for backup in list_backups(folder / "backups")[:1]:
        _flip_somewhere(backup.path, chance)


def everything_but_log(folder: Path, chance: random.Random) -> None:
    """The database with all that SQLite keeps beside it, and the newest backup if the log reaches back to another."""
    remove_write_ahead(folder, chance)
    chance.choice([remove_database, cut_database, flip_header])(folder, chance)
    backups = list_backups(folder / "backups")
    if any(log_reaches(folder, each.sequence, backups[0].sequence) for each in backups[1:2]):
        damage_backup(folder, chance)


def log_reaches(folder: Path, start: int, to: int) -> bool:
    """Whether the log leads from one change to another, by the numbers in its heads, which need no key."""
    numbers = {number for file in log_files(folder / "changes") for number in _numbers(file.read_bytes())}
    return all(number in numbers for number in range(start + 1, to + 1))


def _numbers(data: bytes) -> Iterator[int]:
    position = HEADER_SIZE
    while position + 17 <= len(data):
        length, number, kind = struct.unpack(">IQB", data[position : position + 13])
        position += 17 + length
        if position > len(data):  # cut within this record: nobody can read it
            return
        if kind == Kind.CHANGE:  # a mark bears the number of a change that may be in no file
            yield number


HARMS: tuple[Harming, ...] = (
    flip_page, flip_header, flip_write_ahead, cut_write_ahead, remove_write_ahead, remove_database, cut_database,
    older_database, damage_log, cut_log, tear_log, remove_log, damage_backup, everything_but_log,
)  # fmt: skip


def harm(folder: Path, key: bytes, harming: Harming, chance: random.Random) -> Harm:
    """Damage the folder, and find out – from the files alone – whether that has to be told."""
    harming(folder, chance)
    return Harm(harming.__name__.replace("_", " "), _must_be_told(folder, key))


def _must_be_told(folder: Path, key: bytes) -> bool:
    history = read_history(folder / "changes", key)
    found = _last_change(folder, key)
    newest = [proved_sequence(each.path, key, journal="DELETE") for each in list_backups(folder / "backups")[:1]]
    if found is None or history.foreign or history.end is End.DAMAGED or None in newest:
        return True
    return not history.last - 1 <= found <= history.last


def _last_change(folder: Path, key: bytes) -> int | None:
    """The last change that the database holds by itself, as SQLite finds it; None when it is not whole or gone."""
    with tempfile.TemporaryDirectory() as scratch:
        for file in (_database(folder), _write_ahead(folder)):
            if file.exists():
                shutil.copyfile(file, Path(scratch) / file.name)
        copy = Path(scratch) / config.DATABASE
        if not _size(copy):
            return None
        try:
            with connected(copy, key) as connection:
                connection.execute("PRAGMA wal_checkpoint").fetchall()  # a damaged page may be written anew by it
                return None if prove(connection) else sequence_of(connection)
        except dbapi2.Error:
            return None
