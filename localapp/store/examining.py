"""What the database's file is found to be, before anything relies on it."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sqlcipher3 import dbapi2

from localapp.store.change_log import History
from localapp.store.engine import connected, failure_of
from localapp.store.failures import CannotOpen, StoreFailure
from localapp.store.integrity import prove, sequence_of

PROVED_AT_ONCE = 16 * 1024 * 1024  # bytes; a larger file is proved while the advisor works


class State(Enum):
    """The state of the file. The values are parts of stable codes."""

    WHOLE = "whole"
    NEW = "new"  # there is nothing yet
    MISSING = "missing"
    UNREADABLE = "unreadable"  # the first page does not open: another key, or damage
    DAMAGED = "damaged"
    BEHIND = "behind"  # logged changes are not in it
    INTERRUPTED = "interrupted"  # the last logged change is not in it: its commit was under way, nothing is damaged
    AHEAD = "ahead"  # changes in it are not in the log


@dataclass(frozen=True)
class Finding:
    """The state, and the number of the last change in the file where it can be read."""

    state: State
    sequence: int | None = None

    @property
    def is_damage(self) -> bool:
        """Whether the advisor has to be told."""
        return self.state in {State.MISSING, State.UNREADABLE, State.DAMAGED, State.BEHIND, State.AHEAD}

    @property
    def is_usable(self) -> bool:
        """Whether the file can be worked with as it is."""
        return self.state in {State.WHOLE, State.NEW, State.AHEAD}


def examine(path: Path, key: bytes, history: History, *, has_backups: bool, thoroughly: bool) -> Finding:
    """Look at the file. Raises NotWritable, StoreBusy and such for what is no damage."""
    nothing = State.MISSING if history.exists or has_backups else State.NEW
    if not path.exists() or not path.stat().st_size:
        return Finding(nothing)
    try:
        found = _look(path, key, history, thoroughly=thoroughly or path.stat().st_size <= PROVED_AT_ONCE)
        return found or Finding(nothing)
    except dbapi2.Error as error:
        failure = failure_of(error, path)
        if isinstance(failure, CannotOpen):
            return Finding(State.UNREADABLE if type(failure) is CannotOpen else State.DAMAGED)
        if isinstance(failure, StoreFailure):
            raise failure from error
        return Finding(State.DAMAGED)  # no such table and the like: the pages are not what was written


def _look(path: Path, key: bytes, history: History, *, thoroughly: bool) -> Finding | None:
    """None for a file without tables."""
    with connected(path, key) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return None
        sequence = sequence_of(connection)
        moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]
        behind = bool(history.files) and sequence < history.last
        ahead = not history.files or sequence > history.last
        lost_log = history.settled < history.last and moved <= 0
        if (thoroughly or behind or ahead or lost_log) and prove(connection):
            return Finding(State.DAMAGED)
    by_one = sequence == history.last - 1 and (moved > 0 or history.settled == sequence)
    if behind and not by_one:
        return Finding(State.BEHIND, sequence)
    if behind or lost_log:
        return Finding(State.INTERRUPTED, sequence)
    return Finding(State.AHEAD if ahead else State.WHOLE, sequence)
