"""Opening the advisor's folder: is the database whole and where the change log is? Else it is made again.

A database that is damaged, gone, or not exactly where the log is – its write-ahead log was lost, an older copy was put
in its place – is never patched: pages of different moments may be mixed in it. The newest whole backup and the changes
logged since make it again beside it, and only then it takes the place. The damaged files are kept.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from localapp.store.backups import BACKUPS, UNFINISHED, list_backups, put_in_place
from localapp.store.change_log import History, failure_of_disk
from localapp.store.engine import connected, failure_of, prepare_file
from localapp.store.examining import Finding
from localapp.store.failures import LostStore, NotWritable, StoreFull
from localapp.store.integrity import prove, sequence_of
from localapp.store.keeping import place_for
from localapp.store.log_format import End, Record
from localapp.store.migrate import bring_to_head
from localapp.store.recording import repeat


@dataclass(frozen=True)
class Restored:
    """What was made again: from the backup of when (None: from the beginning of the log), with how many changes since.

    ``missing`` changes were acknowledged and could not be read; None: the log is cut off, the last may be missing.
    ``sequence`` is the number of the last change that is there now; ``kept`` where the damaged files lie.
    """

    backup_at: datetime | None
    repeated: int
    missing: int | None
    sequence: int
    kept: Path | None


def restore(path: Path, key: bytes, history: History, finding: Finding) -> Restored | None:
    """Make the database at ``path`` again; None, and nothing is touched, where what is there is whole and holds more.

    Raises LostStore, StoreFull, NotWritable; nothing is touched then either.
    """
    part = path.with_name(f"{path.name}{UNFINISHED}")
    try:
        _remove(part)
        start = _start_from(path, part, key, history)
        sequence = _repeat_all(path, part, key, history, start.sequence)
        if sequence < (finding.sequence or 0):
            return None
        missing = _missing(history, sequence, finding)
        kept = _keep(path, history, start.damaged) if finding.is_damage or missing or start.damaged else None
        _remove(path)
        put_in_place(part, path)
    except LostStore:
        if finding.sequence is None:
            raise
        return None
    except OSError as problem:
        raise failure_of_disk(problem, path) from problem
    finally:
        with suppress(OSError):
            _remove(part)
    return Restored(start.at, sequence - start.sequence, missing, sequence, kept)


def _missing(history: History, reached: int, finding: Finding) -> int | None:
    known = max(history.last_known, finding.sequence or 0)
    if known > reached:
        return known - reached
    cut_off = history.end is not End.WHOLE or not history.files
    return None if cut_off and finding.sequence is None else 0


@dataclass(frozen=True)
class _Start:
    at: datetime | None
    sequence: int
    damaged: list[Path]


def _start_from(path: Path, part: Path, key: bytes, history: History) -> _Start:
    """Put the newest whole backup at ``part``, or an empty database if the log begins with the first change."""
    damaged: list[Path] = []
    for backup in list_backups(path.parent / BACKUPS):
        prepare_file(part)
        shutil.copyfile(backup.path, part)
        sequence = proved_sequence(part, key)
        if sequence is not None:
            return _Start(backup.at, sequence, damaged)
        damaged.append(backup.path)
        _remove(part)
    if history.first != 1:
        raise LostStore(path=path)
    prepare_file(part)
    bring_to_head(part, key, head=history.files[0][1].schema)
    return _Start(None, 0, damaged)


def proved_sequence(copy: Path, key: bytes, *, journal: str = "WAL") -> int | None:
    """The number of the last change in a copy; None when it is not whole, or not under this key."""
    try:
        with connected(copy, key, journal=journal) as connection:
            return None if prove(connection) else sequence_of(connection)
    except dbapi2.Error:
        return None


def _keep(path: Path, history: History, backups: list[Path]) -> Path:
    place = place_for(path.parent)
    for damaged in (*with_logs(path), *backups):
        if damaged.exists():
            damaged.replace(place / damaged.name)
    set_logs_aside(place, history)
    return place


def set_logs_aside(place: Path, history: History) -> None:
    """Keep the damaged files of the log. Of what can be read of one an older backup may still have need."""
    for foreign in history.foreign:
        foreign.replace(place / foreign.name)
    for log in (log for log, reading in history.files if reading.end is End.DAMAGED):
        shutil.copyfile(log, place / log.name)


def _repeat_all(path: Path, part: Path, key: bytes, history: History, start: int) -> int:
    """Repeat the logged changes that follow ``start`` without a gap; the number of the last. The result is proved."""
    reached = start
    for version, records in history.pieces(after=start):
        if records:
            bring_to_head(part, key, head=version)
            reached = _repeat(part, key, records, reached)
    with connected(part, key) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        if prove(connection):
            raise LostStore(path=path)
    return reached


def _repeat(part: Path, key: bytes, records: list[Record], reached: int) -> int:
    with connected(part, key) as connection:
        connection.execute("PRAGMA synchronous = OFF").close()  # synced as a whole before it takes its place
        for record in records:
            if record.sequence != reached + 1 or not _repeated(connection, part, record):
                break
            reached += 1
    return reached


def _repeated(connection: Any, part: Path, record: Record) -> bool:  # noqa: ANN401 - the driver has no types
    """Whether a change could be repeated; one that cannot leaves nothing behind. Raises StoreFull, NotWritable."""
    connection.execute("BEGIN IMMEDIATE").close()
    try:
        repeat(connection, record.body)
        connection.execute("UPDATE change_sequence SET last = ?", (record.sequence,)).close()
        connection.execute("COMMIT").close()
    except dbapi2.Error as error:
        failure = failure_of(error, part)
        if isinstance(failure, StoreFull | NotWritable):
            raise failure from error
        connection.execute("ROLLBACK").close()
        return False
    return True


def _remove(path: Path) -> None:
    for each in with_logs(path):
        each.unlink(missing_ok=True)


def with_logs(path: Path) -> list[Path]:
    """A database's file and what SQLite keeps beside it."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
