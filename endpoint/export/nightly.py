"""The scheduler: it only rings. What is due is decided by the server's clock, so a bell too many does nothing."""

import logging
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from endpoint.export.exporter import Exporter
from localapp import clock
from localapp.domain.cutoff import CUTOFF, PRAGUE

SECONDS_BETWEEN = 15
"""The freeze waits for evaluations, and a machine may sleep through the cut-off: it is looked again this often."""

_log = logging.getLogger("endpoint.export")


def at_cutoff() -> CronTrigger:
    """The cut-off of each day, once also in the nights when the clocks change."""
    return CronTrigger(hour=CUTOFF.hour, minute=CUTOFF.minute, second=CUTOFF.second, timezone=PRAGUE)


class Nightly:
    """Runs the due exports: at start for missed days, at each cut-off, and while a freeze waits."""

    def __init__(self, exporter: Exporter, hourly: Callable[[], object]) -> None:
        """``hourly`` is what else has to be done by the hour, at start too."""
        self._exporter, self._hourly = exporter, hourly
        settings = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(timezone=PRAGUE, job_defaults=settings)
        self._scheduler.add_job(self.ring, at_cutoff(), id="cutoff")
        often = IntervalTrigger(seconds=SECONDS_BETWEEN, timezone=PRAGUE)
        self._scheduler.add_job(self.ring, often, id="often", next_run_time=clock.now())
        each_hour = IntervalTrigger(hours=1, timezone=PRAGUE)
        self._scheduler.add_job(self._ring_hourly, each_hour, id="hourly", next_run_time=clock.now())

    def start(self) -> None:
        """Ring from now on; the first time at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop when a run that has begun is done."""
        self._scheduler.shutdown(wait=True)

    def ring(self) -> None:
        """Run what is due. A failure is noted and tried again at the next bell."""
        _noting("export", self._exporter.run_due)

    def _ring_hourly(self) -> None:
        _noting("hourly work", self._hourly)


def _noting(what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as failure:  # noqa: BLE001 - the next bell must come whatever happened to this one
        _log.error("%s failed: %s", what, type(failure).__name__)
