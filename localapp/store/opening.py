"""Opening the database of a data folder with its change log, repaired where that is needed."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update

from localapp import clock
from localapp.store.backups import BACKUPS, CHANGES, list_backups
from localapp.store.change_log import ChangeLog, History, failure_of_disk, read_history
from localapp.store.engine import Database, prepare_file
from localapp.store.examining import PROVED_AT_ONCE, Finding, State, examine
from localapp.store.failures import CannotOpen, NewerStore
from localapp.store.keeping import place_for
from localapp.store.log_format import End
from localapp.store.migrate import HEAD, bring_to_head
from localapp.store.repairs import BACKUP_DAMAGED, LOG_DAMAGED, Repair
from localapp.store.restoring import Restored, proved_sequence, restore, set_logs_aside
from localapp.store.sync_schema import number_block


@dataclass(frozen=True)
class Opened:
    """The open database; what was repaired, None for nothing; whether a backup is needed soon."""

    database: Database
    repair: Repair | None
    urgent: bool


def open_database(path: Path, key: bytes, *, rotated: bool = False, thoroughly: bool = False) -> Opened:
    """Open, make or repair the database. ``thoroughly`` proves it whole first, whatever its size.

    Raises CannotOpen (wrong key or damage), LostStore, NewerStore, MigrationFailed, NotWritable, StoreFull.
    """
    folder = path.parent
    backups = list_backups(folder / BACKUPS)
    history = read_history(folder / CHANGES, key, after=backups[0].sequence if backups else 0)
    finding = examine(path, key, history, has_backups=bool(backups), thoroughly=thoroughly or rotated)
    newest = max((reading.schema for _, reading in history.files), default=HEAD)
    if newest > HEAD:
        raise NewerStore(path=path, found=newest, known=HEAD)
    restored = None
    if not finding.is_usable:
        history = read_history(folder / CHANGES, key)  # all of it: an older backup may have to do
        _prove_key(path, key, history, finding)
        restored = restore(path, key, history, finding)
    prepare_file(path)
    bring_to_head(path, key)
    sequence = restored.sequence if restored else finding.sequence or 0
    repair = None
    if restored:
        repair = _told(finding, restored)
    elif not rotated:
        repair = _look_beside(folder, key, history, finding)
    reaches = _reaches(folder, history, sequence)
    log = _attach(folder, key, history, sequence, whole=reaches and restored is None and finding.is_usable)
    database = Database(path, key, log)
    if (restored and restored.missing != 0) or (repair and repair.missing != 0):
        _give_up_numbers(database)
    unproved = history.settled < history.last and path.stat().st_size > PROVED_AT_ONCE  # killed, and too large to prove
    return Opened(database, repair, urgent=not reaches or newest != HEAD or unproved)


def _look_beside(folder: Path, key: bytes, history: History, finding: Finding) -> Repair | None:
    """What is damaged beside a database that is whole, set aside."""
    spoilt = _spoilt_backup(folder, key)
    damaged = bool(history.foreign) or history.end is End.DAMAGED or finding.state is not State.WHOLE
    damaged = (damaged and finding.state is not State.NEW) or not _reaches(folder, history, finding.sequence or 0)
    missing = history.last_known - (finding.sequence or 0) if finding.state is State.BEHIND else 0
    if not (spoilt or damaged):
        return None
    place = _set_aside(folder, history, spoilt)
    code = BACKUP_DAMAGED if spoilt and not missing else LOG_DAMAGED
    return Repair(clock.stamp(), code, missing=missing, kept=str(place))


def _prove_key(path: Path, key: bytes, history: History, finding: Finding) -> None:
    """Only what opens with the key shows that the key is right, and so that the database is damaged."""
    if history.key_is_right or finding.state is not State.UNREADABLE:
        return
    if not any(proved_sequence(each.path, key) is not None for each in list_backups(path.parent / BACKUPS)):
        raise CannotOpen(path=path)


def _reaches(folder: Path, history: History, sequence: int) -> bool:
    """Whether the newest backup and the log together lead to the change with this number."""
    newest = next(iter(list_backups(folder / BACKUPS)), None)
    if newest is None and history.first not in {1, None}:
        return False
    start = newest.sequence if newest else 0
    numbers = [record.sequence for record in history.changes(after=start)]
    return start + len(numbers) >= sequence and numbers == list(range(start + 1, start + len(numbers) + 1))


def _attach(folder: Path, key: bytes, history: History, sequence: int, *, whole: bool) -> ChangeLog:
    """The log, open for the change after ``sequence``. The database's file holds everything up to it by itself."""
    log = ChangeLog(folder / CHANGES, key)
    newest = history.files[-1] if history.files else None
    if whole and newest and newest[1].end is End.WHOLE and newest[1].schema == HEAD and history.last == sequence:
        log.go_on(newest[0], sequence, history.settled)
        if history.settled == sequence:
            return log
    else:
        log.begin(sequence + 1, HEAD)
    log.settle()
    return log


def _give_up_numbers(database: Database) -> None:
    """Numbers given in changes that are lost must not be given twice: synchronization brings fresh ones."""
    with database.write() as connection:
        connection.execute(update(number_block).values(next=number_block.c.last + 1))


def _spoilt_backup(folder: Path, key: bytes) -> list[Path]:
    """The newest backup if it is not whole: it must be known before it is needed. A large one is not read here."""
    newest = next(iter(list_backups(folder / BACKUPS)), None)
    if newest is None or newest.path.stat().st_size > PROVED_AT_ONCE:
        return []
    return [newest.path] if proved_sequence(newest.path, key, journal="DELETE") is None else []


def _set_aside(folder: Path, history: History, spoilt: list[Path]) -> Path:
    try:
        place = place_for(folder)
        set_logs_aside(place, history)
        for backup in spoilt:
            backup.replace(place / backup.name)
    except OSError as problem:
        raise failure_of_disk(problem, folder) from problem
    return place


def _told(finding: Finding, restored: Restored) -> Repair | None:
    if restored.kept is None:
        return None
    return Repair(
        clock.stamp(),
        f"restored_{finding.state.value}",
        backup_at=restored.backup_at.isoformat() if restored.backup_at else "",
        repeated=restored.repeated,
        missing=restored.missing,
        kept=str(restored.kept),
    )
