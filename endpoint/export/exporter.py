"""The runs of one endpoint: due ones, one by hand, and the files of all that are frozen."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select, update

from endpoint import audit, durable, retaining
from endpoint.export import due, files
from endpoint.export.freeze import Run, freeze, unevaluated
from endpoint.parts import Parts
from endpoint.store import schema
from localapp import clock
from localapp.domain.cutoff import LONGEST_WAIT, cutoff_of

_ROUNDS = 5
_table = schema.export_run
_log = logging.getLogger("endpoint.export")


class Exporter:
    """Freezes and writes. Several processes may do it on one folder: the run's key and the document decide."""

    def __init__(self, parts: Parts, evaluate_waiting: Callable[[], int]) -> None:
        self._parts = parts
        self._evaluate_waiting = evaluate_waiting
        self._opened = clock.now()
        self._running = threading.Lock()

    def run_due(self) -> list[Run]:
        """Freeze each closed day without a run, oldest first, and write every file that is not written yet.

        A day whose revisions are not all evaluated waits until 10 minutes after its cut-off, or after this process
        has begun if that was later; then it is frozen without them.
        """
        runs = []
        with self._running:
            for day in self._due_days():
                if self._waits(day):
                    break
                runs += self._freeze_day(day)
            self._write_frozen()
            if runs:
                self._purge()
        return runs

    def run_by_hand(self) -> Run:
        """Evaluate what waits and freeze with the cut-off now; the key is the moment."""
        with self._running:
            run = None
            for rounds_left in reversed(range(_ROUNDS)):
                self._evaluate_waiting()
                run = self._freeze_now(patient=rounds_left > 0)
                if run is not None:
                    break
            if run is None:
                raise AssertionError("the last round waits for nothing")
            self._write_frozen()
        return run

    def _purge(self) -> None:
        """With the export of the day: what is six months old."""
        retaining.purge(self._parts.database, self._parts.layout)

    def _due_days(self) -> list[date]:
        with self._parts.database.read() as connection:
            return due.due_days(connection, clock.now())

    def _waits(self, day: date) -> bool:
        """Whether the freeze still waits for evaluations. None is added any more: what comes now is deferred."""
        cutoff = cutoff_of(day)
        if clock.now() >= max(cutoff, self._opened) + LONGEST_WAIT:
            return False
        with self._parts.database.write() as connection:  # after every intake that began before the cut-off
            return unevaluated(connection, cutoff) > 0

    def _freeze_day(self, day: date) -> list[Run]:
        """The run of the day; none when another process was faster."""
        with self._parts.database.write() as connection:
            run = freeze(connection, day.isoformat(), cutoff_of(day), by_hand=False)
            if run is None:
                return []
            audit.note(connection, "exported", f"{run.key}: {run.count}, {run.left_behind} left behind")
            return [run]

    def _freeze_now(self, *, patient: bool) -> Run | None:
        """The cut-off is read inside the transaction, so that nothing is acknowledged between it and the freeze.

        It lies just after the moment: whatever has been acknowledged goes.
        """
        with self._parts.database.write() as connection:
            cutoff = clock.now() + datetime.resolution
            if patient and unevaluated(connection, cutoff):
                return None
            run = freeze(connection, key_of(cutoff), cutoff, by_hand=True)
            if run is None:
                raise AssertionError(cutoff)
            audit.note(connection, "exported_by_hand", f"{run.key}: {run.count}, {run.left_behind} left behind")
        return run

    def _write_frozen(self) -> None:
        with self._parts.database.read() as connection:
            chosen = select(_table.c.key).where(_table.c.written_at.is_(None)).order_by(_table.c.frozen_at)
            keys = list(connection.execute(chosen).scalars())
        for key in keys:
            self._write(key)

    def _write(self, key: str) -> None:
        """Write a run's file and manifest; again after a crash, with the same bytes."""
        place = files.places(durable.folder(self._parts.layout.exports), key)
        with self._parts.database.read() as connection:
            lines = files.Lines(connection, key)
            durable.write(place.data, lines)
            durable.write(place.manifest, [files.manifest(connection, key, lines)])
        written = update(_table).where(_table.c.key == key, _table.c.written_at.is_(None))
        with self._parts.database.write() as connection:
            connection.execute(written.values(written_at=clock.stamp(), sha256=lines.sha256))
        _log.info("run %s written: %s documents", key, lines.count)


def key_of(moment: datetime) -> str:
    """The key of a run by hand: its moment, as it may stand in a file's name."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
