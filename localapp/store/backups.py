"""Daily encrypted copies of the database, each proved whole before it counts.

SQLCipher copies a page that does not authenticate as zeros, and seals them anew: the copy of a damaged file passes as
whole. So the live file is proved after it was copied, and the copy as well, before it takes its name.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from localapp import clock, private_files
from localapp.store import change_log, repairs
from localapp.store.change_log import failure_of_disk, files_after, log_files
from localapp.store.engine import BUSY_SECONDS, Database, connected, prepare_file, said_plainly
from localapp.store.failures import CannotOpen, DamagedStore, StoreBusy, StoreFull
from localapp.store.integrity import prove, sequence_of
from localapp.store.keeping import BROKEN, forget_old
from localapp.store.repairs import FORGOTTEN, Repair

BACKUPS, CHANGES = "backups", "changes"
EVERY = timedelta(hours=24)
KEPT = 7
OLDEST = timedelta(days=30)
LARGEST_LOG = 32 * 1024 * 1024
_STAMP = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".part"


@dataclass(frozen=True)
class Backup:
    """One copy: when it was made (UTC) and the number of the last change in it."""

    path: Path
    at: datetime
    sequence: int


def list_backups(folder: Path) -> list[Backup]:
    """The copies in the folder, newest first."""
    found = [backup for path in folder.glob("*.db") if (backup := _named(path)) is not None]
    return sorted(found, key=lambda each: (each.sequence, each.at), reverse=True)


def _named(path: Path) -> Backup | None:
    moment, _, sequence = path.stem.partition("-")
    try:
        return Backup(path, datetime.strptime(moment, _STAMP).replace(tzinfo=UTC), int(sequence))
    except ValueError:
        return None


class Backups:
    """The copies of one open database."""

    def __init__(self, database: Database, folder: Path, *, urgent: bool = False) -> None:
        self._database = database
        self.folder = folder
        self._urgent = urgent  # the copies and the log do not reach from one to the other
        self._one_at_a_time = threading.Lock()
        self._has_ended = False

    def all(self) -> list[Backup]:
        """The copies, newest first."""
        return list_backups(self.folder)

    @property
    def newest(self) -> Backup | None:
        """The last copy, None before the first."""
        return next(iter(self.all()), None)

    @property
    def due(self) -> bool:
        """Whether a copy should be made now."""
        newest, log = self.newest, self._database.log
        if newest is None or self._urgent or (log is not None and log.size > LARGEST_LOG):
            return True
        return not timedelta() <= clock.now() - newest.at < EVERY

    def make(self) -> Backup:
        """Copy the database as it is now. Writers go on meanwhile but for the moment in which the log changes files.

        Raises DamagedStore when the database is not whole, StoreFull, NotWritable. Earlier copies stay then.
        """
        with self._one_at_a_time:
            if self._has_ended:
                raise StoreBusy(path=self._database.path, seconds=BUSY_SECONDS)
            made = self._copy()
            self._begin_new_log()
            self._urgent = False
            self._prune()
            self._forget_broken()
            return made

    def end(self) -> None:
        """Let one that is being made come to its end, and make none afterwards: the file is to be replaced."""
        with self._one_at_a_time:
            self._has_ended = True

    def start_over(self) -> Backup:
        """After a change of keys: copy the database under its present one and delete what is under others.

        For the rotation of keys: rekey the file with the store closed, open it with ``Store.open(path, new_keys,
        rotated=True)`` – which does this before it returns –, and only then forget the former keys. A process killed
        before that does the same again with ``rotated=True``; what is under the former keys is not deleted earlier.
        """
        made = self.make()
        for backup in list_backups(self.folder):
            if backup.path != made.path:
                backup.path.unlink(missing_ok=True)
        log_folder = self._database.path.parent / CHANGES
        for path in change_log.log_files(log_folder)[:-1]:
            path.unlink(missing_ok=True)
        return made

    def _copy(self) -> Backup:
        database = self._database
        with _on_disk(self.folder):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            for stale in self.folder.glob(f"*{UNFINISHED}*"):
                stale.unlink()
            self._look_for_room()
        part = self.folder / f"new{UNFINISHED}"
        try:
            prepare_file(part)
            _copy_proved(database, part)
            sequence = _proved_sequence(database, part)
            with _on_disk(self.folder):
                made = self._named(sequence)
                put_in_place(part, made.path)
            return made
        finally:
            for left in self.folder.glob(f"*{UNFINISHED}*"):
                left.unlink(missing_ok=True)

    def _named(self, sequence: int) -> Backup:
        at = clock.now().astimezone(UTC).replace(microsecond=0)
        return Backup(self.folder / f"{at.strftime(_STAMP)}-{sequence:012d}.db", at, sequence)

    def _look_for_room(self) -> None:
        """A copy must not take the last room, which saving needs."""
        needed = 2 * self._database.path.stat().st_size
        if shutil.disk_usage(self.folder).free < needed:
            raise StoreFull(path=self.folder)

    def _begin_new_log(self) -> None:
        log = self._database.log
        if log is not None:
            with self._database.alone():
                log.begin(log.last + 1, log.schema)

    def _forget_broken(self) -> None:
        """Damaged files hold personal data too: after half a year they go, and that is told."""
        folder = self._database.path.parent
        if forget_old(folder):
            repairs.note(self._database, Repair(clock.stamp(), FORGOTTEN, kept=str(folder / BROKEN)))

    def _prune(self) -> None:
        """Keep the newest copies, none older than a month but the newest, and of the log what follows the oldest."""
        found = list_backups(self.folder)
        oldest_day = clock.now() - OLDEST
        kept = [each for place, each in enumerate(found) if place == 0 or (place < KEPT and each.at > oldest_day)]
        for backup in found:
            if backup not in kept:
                backup.path.unlink(missing_ok=True)
        drop_covered_logs(self._database.path.parent / CHANGES, self._database.key, kept[-1].sequence)


def drop_covered_logs(folder: Path, key: bytes, sequence: int) -> None:
    """Delete the files of the log in which all changes are numbered up to ``sequence``."""
    needed = files_after(folder, key, sequence)
    for path in log_files(folder):
        if path not in needed:
            path.unlink(missing_ok=True)


def _copy_proved(database: Database, part: Path) -> None:
    """Copy, then prove the file that was copied. Raises DamagedStore."""
    try:
        with said_plainly(database.path), connected(database.path, database.key) as source:
            source.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            with connected(part, database.key) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE").fetchall()
            if source.execute("PRAGMA cipher_integrity_check").fetchall():
                raise DamagedStore(path=database.path)
    except CannotOpen as failure:
        raise failure.decided(key_is_right=True) from failure


def _proved_sequence(database: Database, part: Path) -> int:
    """The number of the last change in a copy. A copy that is not whole speaks of a database that is not."""
    try:
        with said_plainly(database.path), connected(part, database.key, journal="DELETE") as copy:
            if not prove(copy):
                return sequence_of(copy)
    except CannotOpen as failure:
        raise failure.decided(key_is_right=True) from failure
    raise DamagedStore(path=database.path)


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise failure_of_disk(problem, path) from problem


def put_in_place(finished: Path, path: Path) -> None:
    """Give a finished file its name, durable. Raises OSError."""
    handle = os.open(finished, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    finished.replace(path)
    private_files.sync_folder(path.parent)
