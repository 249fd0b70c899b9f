"""The insurer's time as this desk knows it: what the last welcome said, and how long ago that was.

It says when to ask and what to show (a countdown, a warning). It decides nothing: that is the endpoint's, by its own
clock. Source: docs/sync-protocol.md, "The day".
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from localapp import clock
from localapp.domain.cutoff import next_cutoff
from localapp.domain.sync.messages import Welcome
from localapp.store.moments import as_moment


@dataclass(frozen=True)
class _Heard:
    server_time: datetime
    cutoff_at: datetime
    elapsed: float


class ServerClock:
    """Of one store. ``ahead`` gives by how much this computer's clock was ahead at the last welcome that was kept."""

    def __init__(self, ahead: Callable[[], timedelta]) -> None:
        self._ahead = ahead
        self._lock = threading.Lock()
        self._heard: _Heard | None = None

    def heard(self, welcome: Welcome) -> None:
        """A welcome has just come."""
        found = _Heard(as_moment(welcome.server_time), as_moment(welcome.cutoff_at), clock.elapsed())
        with self._lock:
            self._heard = found

    @property
    def is_heard(self) -> bool:
        """Whether the server has spoken since the application was started; else the laptop's clock has to do."""
        return self._last() is not None

    @property
    def heard_at(self) -> datetime | None:
        """The server's time at its last word since the application was started."""
        last = self._last()
        return None if last is None else last.server_time

    def now(self) -> datetime:
        """The server's time (aware, UTC): its last word and the time since, which nobody can set.

        Before the first word of a run it is the laptop's clock, set right by the difference that was last found.
        """
        last = self._last()
        if last is None:
            return clock.now() - self._ahead()
        return last.server_time + timedelta(seconds=max(0.0, clock.elapsed() - last.elapsed))

    def cutoff(self) -> datetime:
        """The next cut-off (aware, UTC): the one that the server named while it is ahead, then the next by the rule."""
        last, now = self._last(), self.now()
        return last.cutoff_at if last is not None and last.cutoff_at > now else next_cutoff(now)

    def _last(self) -> _Heard | None:
        with self._lock:
            return self._heard
