"""When the screen is locked, for which session, and since when.

A lock locks every session at once; each unlocks by itself. Locks are numbered: a session is unlocked when it was
unlocked after the last one. Nothing is decided before the store is open, and with a PIN the desk begins locked.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from localapp import clock
from localapp.web.pin import Pin
from localapp.web.sessions import Session

if TYPE_CHECKING:
    from localapp.store.store import Store

IDLE_MINUTES = (2, 5, 10, 15, 30)
DEFAULT_IDLE = 10
LATE_TYPING = 15.0  # seconds after a lock in which a page may still save what was typed before it
_IDLE, _SUGGESTION = "lock.idle_minutes", "lock.suggestion"

log = logging.getLogger("smartclient.lock")


@dataclass(frozen=True)
class Locked:
    """Since when, and by what: hand, idle or start."""

    since: datetime
    why: str


class ScreenLock:
    """The screen lock of one desk. Safe for many threads."""

    def __init__(self, store: "Callable[[], Store]", elapsed: Callable[[], float] = clock.since_boot) -> None:
        self._open_store = store
        self._elapsed = elapsed
        self._lock = threading.RLock()
        self._number = 1
        self._loaded: Pin | None = None
        self._in_force: Locked | None = None
        self._locked_at = self._last = 0.0
        self._minutes = DEFAULT_IDLE

    @property
    def pin(self) -> Pin:
        """The PIN of the open store. Raises Locked of the desk before it is open."""
        with self._lock:
            if self._loaded is None:
                store = self._open_store()
                pin = Pin(self._open_store, self._elapsed)
                self._minutes = int(store.setting(_IDLE) or DEFAULT_IDLE)
                self._last = self._elapsed()
                self._loaded = pin
                if pin.is_set:
                    self.lock("start")
            return self._loaded

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without a person the screen locks itself."""
        return self._minutes

    @property
    def in_force(self) -> Locked | None:
        """The last lock, until a session has been unlocked after it."""
        return self._in_force

    def is_locked(self, session: Session) -> bool:
        """Whether the session may see the lock page only. One that is first seen while nothing is locked is not."""
        with self._lock:
            if not self.pin.is_set:
                session.opened = self._number
                return False
            if self._in_force is None and self._elapsed() - self._last >= self._minutes * 60:
                self.lock("idle")
            if session.opened is None:
                session.opened = 0 if self._in_force else self._number
            return session.opened != self._number

    def has_waited(self, session: Session) -> None:
        """The session was there before the desk was open, so it has to prove itself once the desk is."""
        if self._loaded is None:
            session.opened = 0

    def takes_late_typing(self, session: Session) -> bool:
        """Whether the session was locked so shortly ago that its page may still be sending what was typed."""
        with self._lock:
            return session.opened == self._number - 1 and self._elapsed() - self._locked_at < LATE_TYPING

    def active(self) -> None:
        """Somebody is at the desk."""
        self._last = self._elapsed()

    def lock(self, why: str) -> None:
        """Lock every session; without a PIN there is nothing to unlock with, so nothing happens."""
        with self._lock:
            if not self.pin.is_set or (self._in_force and why != "start"):
                return
            self._number += 1
            self._locked_at = self._elapsed()
            self._in_force = Locked(clock.now(), why)
        log.info("locked: %s", why)

    def unlock(self, session: Session, how: str) -> None:
        """Unlock one session, which has proved itself by its PIN, passphrase or recovery code."""
        with self._lock:
            self.pin.proved_otherwise()
            session.opened = self._number
            self._in_force = None
            self.active()
        log.info("unlocked: %s", how)

    def choose_idle(self, minutes: int) -> None:
        """Lock after so many minutes; one of IDLE_MINUTES. Raises ValueError for another number."""
        if minutes not in IDLE_MINUTES:
            raise ValueError(minutes)
        with self._lock:
            self._open_store().set_setting(_IDLE, str(minutes))
            self._minutes = minutes
            self.active()

    @property
    def suggests_pin(self) -> bool:
        """Whether to suggest a PIN: there is none, and nobody has said no yet."""
        return not self.pin.is_set and not self._open_store().setting(_SUGGESTION)

    def suggest_no_more(self) -> None:
        """The advisor has read the suggestion."""
        self._open_store().set_setting(_SUGGESTION, "declined")
