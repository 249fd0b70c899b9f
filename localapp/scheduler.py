"""What runs by itself while the desk is open: synchronization at start, on a schedule, and after the computer resumes;
a backup when one is due.

No decision hangs on the laptop's clock: it only says when to ask. Nothing runs at 21:00 sharp; after it the desks ask
spread over time.
"""

from datetime import timedelta
from time import monotonic

from apscheduler.schedulers.background import BackgroundScheduler

from localapp import clock
from localapp.domain.sync.activation import Step
from localapp.web.activation import step_of
from localapp.web.desk import Desk

EVERY = timedelta(minutes=15)
JITTER = 120
HEARTBEAT = 30
BACKUP_CHECK = 60  # how often to look whether one is due; they are made once a day
_RESUMED_AFTER = timedelta(seconds=3 * HEARTBEAT)
_PRAGUE = "Europe/Prague"
_JOB_DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Schedule:
    """The scheduler of one desk. Only the holder of the instance lock makes one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._started = False
        self._beat = clock.now()
        self._waking = monotonic()
        self._scheduler = BackgroundScheduler(timezone=_PRAGUE, job_defaults=_JOB_DEFAULTS)
        self._scheduler.add_job(
            self._synchronize, "interval", seconds=EVERY.total_seconds(), jitter=JITTER, args=("schedule",)
        )
        self._scheduler.add_job(self._notice_resume, "interval", seconds=HEARTBEAT)
        self._scheduler.add_job(desk.care.back_up_if_due, "interval", seconds=BACKUP_CHECK)
        for hour, minute, jitter in ((20, 40, 60), (20, 55, 60), (21, 20, 900)):
            self._scheduler.add_job(
                self._synchronize, "cron", hour=hour, minute=minute, jitter=jitter, args=("schedule",)
            )

    def start(self) -> None:
        """Begin, with a synchronization at start."""
        self._scheduler.start()
        self._synchronize_at_start()

    def stop(self) -> None:
        """End; a job that goes on is not waited for."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _synchronize_at_start(self) -> None:
        """Once, as soon as the desk is open and activated; a desk that waits for its passphrase has not started."""
        if not self._started and self._synchronize("start"):
            self._started = True

    def _synchronize(self, cause: str) -> bool:
        """Whether the desk is open and activated, so that synchronizing was worth a try."""
        if not self._desk.is_open or step_of(self._desk) is not Step.DONE:
            return False
        self._desk.synchronizer.start(cause)
        return True

    def _notice_resume(self) -> None:
        """Wall time that ran far ahead of the time awake means that the computer slept."""
        now, waking = clock.now(), monotonic()
        slept = (now - self._beat) - timedelta(seconds=waking - self._waking)
        late = waking - self._waking > _RESUMED_AFTER.total_seconds()
        self._beat, self._waking = now, waking
        if not self._started:
            self._synchronize_at_start()
        elif slept > _RESUMED_AFTER or late:
            self._synchronize("resume")
