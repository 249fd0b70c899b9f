"""What runs by itself while the desk is open: synchronization when ``Timing`` says so, a backup when one is due.

No decision hangs on the laptop's clock, and a clock that is set back stops nothing: waiting counts seconds that pass.
Nothing runs before the store is open; the lock of the screen stops nothing.
"""

import logging
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from localapp import clock
from localapp.domain.sync.activation import Step
from localapp.domain.sync.timing import Timing
from localapp.sync.progress import Standing
from localapp.web.activation import step_of
from localapp.web.desk import Desk, Locked

HEARTBEAT = 30.0
BACKUP_CHECK = 60.0  # how often to look whether one is due; they are made once a day
_RESUMED_AFTER = 3 * HEARTBEAT
_LOG = logging.getLogger("smartclient.schedule")


class Bell:
    """A thread that looks at something, waits as long as that look says, and looks again; ``ring`` wakes it up."""

    def __init__(self, name: str, look: Callable[[], float]) -> None:
        self._look = look
        self._woken = threading.Event()
        self._ends = False
        self._thread = threading.Thread(target=self._go_on, name=name, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def ring(self) -> None:
        """Look now."""
        self._woken.set()

    def stop(self) -> None:
        """Look no more; a look that goes on is not waited for."""
        self._ends = True
        self._woken.set()

    def _go_on(self) -> None:
        while not self._ends:
            try:
                wait = self._look()
            except Exception as failure:  # noqa: BLE001 - a full disk today must not end the synchronization of tomorrow
                _LOG.error("look failed: %s", type(failure).__name__)
                wait = HEARTBEAT
            self._woken.wait(max(0.0, wait))
            self._woken.clear()


class Schedule:
    """What one desk does by itself. Only the holder of the instance lock makes one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._timing: Timing | None = None
        self._beat, self._waking = clock.now(), monotonic()
        self._synchronizing = Bell("schedule", self.look)
        self._backing_up = Bell("backups", self._back_up)
        desk.when_opened, desk.when_queued = self._synchronizing.ring, self._queued
        desk.when_synchronized, desk.next_in = self._synchronized, self.next_in

    def start(self) -> None:
        """Begin, with a synchronization as soon as the desk is open and activated."""
        self._synchronizing.start()
        self._backing_up.start()

    def stop(self) -> None:
        """End; what goes on is not waited for."""
        self._synchronizing.stop()
        self._backing_up.stop()

    def next_in(self) -> float | None:
        """In how many seconds the next synchronization is due; None while nobody knows."""
        timing = self._timing
        if timing is None or not self._desk.is_open:
            return None
        return timing.following(_passed(), self._desk.store.sync.server_clock.now())[0]

    def look(self) -> float:
        """Synchronize if it is time; in how many seconds to look again."""
        slept = self._has_slept()
        if not self._desk.is_open or step_of(self._desk) is not Step.DONE:
            return HEARTBEAT
        enrolment, now, passed = self._desk.store.sync.enrolment(), self._desk.store.sync.server_clock.now(), _passed()
        with self._lock:
            timing = self._timing or Timing("", looked_at=now)
            timing = timing.of(enrolment.installation if enrolment else "", now)
            timing = timing.resumed() if slept else timing
            wait, cause = timing.following(passed, now)
            self._timing = timing.begun(passed, now) if wait <= 0 else timing
        if wait > 0:
            return min(wait, HEARTBEAT)
        self._desk.synchronizer.start(cause)
        return 0.0

    def _queued(self) -> None:
        with self._lock:
            if self._timing is None:
                return  # the first synchronization is still to come
            self._timing = self._timing.completed(_passed())
        self._synchronizing.ring()

    def _synchronized(self, standing: Standing) -> None:
        chance = random.random()  # noqa: S311 - it spreads tries, nothing more
        failed = standing.refusal is not None and not standing.refusal.is_about_components
        try:
            now = self._desk.store.sync.server_clock.now()
        except Locked:
            return  # the desk has closed meanwhile
        with self._lock:
            timing = self._timing or Timing("", looked_at=now, at_once="")  # that of the activation
            self._timing = timing.ended(_passed(), failed=failed, chance=chance, retry_after=standing.retry_after)
        self._synchronizing.ring()

    def _has_slept(self) -> bool:
        """Wall time that ran far ahead of the time awake means that the computer slept; so does a look that is late."""
        now, waking = clock.now(), monotonic()
        awake = waking - self._waking
        slept = (now - self._beat) - timedelta(seconds=awake) > timedelta(seconds=_RESUMED_AFTER)
        self._beat, self._waking = now, waking
        return slept or awake > _RESUMED_AFTER

    def _back_up(self) -> float:
        self._desk.care.back_up_if_due()
        self._desk.care.let_old_go_if_due()
        return BACKUP_CHECK


def _passed() -> float:
    return clock.elapsed()
