"""What the pages tell of the way to the insurer: how it stands, for whom, what is open; and another try."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from localapp.domain.tonight import LastExport
from localapp.store import enrolments, nights, receipts, tonight, unsent
from localapp.store.engine import Database
from localapp.store.enrolments import Enrolment
from localapp.store.kept import Kept
from localapp.store.listing import Counts
from localapp.store.nights import Night
from localapp.store.receipts import DocumentReceipt
from localapp.store.run_history import RunHistory
from localapp.store.runs import SyncRun
from localapp.store.sync_schema import conflict
from localapp.store.tonight import Evening, Tonight
from localapp.store.unsent import Open, Unsent

MOST_LISTED = 200


@dataclass(frozen=True)
class Overview:
    """What the frame of every page tells: for whom the desk works, how it stands with the insurer.

    ``last`` is the last ended run, ``went_at`` the end of the last one in which all documents could go.
    """

    enrolment: Enrolment | None
    last: SyncRun | None
    went_at: datetime | None
    conflicts: int
    open: Open


class Delivery:
    """Of one store."""

    def __init__(self, database: Database, counts: Counts, history: RunHistory) -> None:
        self._database = database
        self._history = history
        self._counts = counts
        self._kept = Kept(database)

    @property
    def version(self) -> int:
        """Grows whenever something here may have changed."""
        return self._database.commits

    def overview(self) -> Overview:
        """All that the frame of a page tells, in one reading."""
        return self._kept.of("overview", self._read_overview)

    def _read_overview(self) -> Overview:
        with self._database.read() as connection:
            last = next((run for run in self._history.newest(connection, 2) if run.ended_at), None)
            open_conflicts = select(func.count()).select_from(conflict).where(conflict.c.resolved_at.is_(None))
            return Overview(
                enrolments.current(connection),
                last,
                self._history.last_good(connection),
                connection.execute(open_conflicts).scalar_one(),
                unsent.count(connection),
            )

    def unsent(self, most: int = MOST_LISTED) -> list[Unsent]:
        """What was not taken, then what waits; so many of each at most (``overview`` has the exact counts)."""
        with self._database.read() as connection:
            return unsent.listed(connection, most)

    def evening(self, last: LastExport) -> Evening:
        """What goes with the next export and what does not."""
        return self._kept.of(("evening", last.cutoff, last.is_heard), lambda: self._read_evening(last))

    def _read_evening(self, last: LastExport) -> Evening:
        with self._database.read() as connection:
            return tonight.evening(connection, last)

    def fate(self, document: str, last: LastExport) -> Tonight | None:
        """What becomes of one document with the next export; None when that is no question any more."""
        with self._database.read() as connection:
            return tonight.one(connection, document, last)

    def receipt(self, document: str) -> DocumentReceipt:
        """Saved, on the server, exported. Raises UnknownDocument."""
        with self._database.read() as connection:
            return receipts.read(connection, document)

    def unread_night(self) -> Night | None:
        """The newest morning report, unless it has been read."""
        return self._kept.of("night", self._read_unread_night)

    def _read_unread_night(self) -> Night | None:
        with self._database.read() as connection:
            return nights.unread(connection)

    def nights(self) -> list[Night]:
        """The last morning reports, newest first."""
        with self._database.read() as connection:
            return nights.read(connection, nights.KEPT)

    def night(self, key: str) -> Night | None:
        """The morning report of a run of the export."""
        with self._database.read() as connection:
            return nights.find(connection, key)

    def read_night(self, key: str) -> None:
        """The advisor has read this report, and with it all before."""
        with self._database.write() as connection:
            nights.note_read(connection, key)

    def one_unsent(self, operation: str) -> Unsent | None:
        """One open operation; None when it is done or unknown."""
        with self._database.read() as connection:
            return unsent.find(connection, operation)

    def try_again(self, operations: list[str]) -> int:
        """Put what was not taken into the outbox once more, where that can end differently; how many."""
        with self._database.write() as connection:
            done = sum([unsent.try_again(connection, each) for each in operations])
        self._counts.forget()
        return done
