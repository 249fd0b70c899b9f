"""What the pages tell of the way to the insurer: how it stands, for whom, and what is open."""

from dataclasses import dataclass

from sqlalchemy import func, select

from localapp.store import enrolments, runs
from localapp.store.engine import Database
from localapp.store.enrolments import Enrolment
from localapp.store.kept import Kept
from localapp.store.runs import SyncRun
from localapp.store.sync_schema import conflict


@dataclass(frozen=True)
class Overview:
    """What the frame of every page tells: for whom the desk works, the last ended run, the number of open conflicts."""

    enrolment: Enrolment | None
    last: SyncRun | None
    conflicts: int


class Delivery:
    """One store, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept = Kept(database)

    def overview(self) -> Overview:
        """All that the frame of a page tells, in one reading."""
        return self._kept.of("overview", self._read_overview)

    def _read_overview(self) -> Overview:
        with self._database.read() as connection:
            last = next((run for run in runs.newest(connection, 2) if run.ended_at), None)
            open_conflicts = select(func.count()).select_from(conflict).where(conflict.c.resolved_at.is_(None))
            return Overview(enrolments.current(connection), last, connection.execute(open_conflicts).scalar_one())
