"""Whose turn it is: one after another, in the order in which they came.

A lock of the interpreter goes to whoever asks in the right moment: a synchronization that writes one batch after
another would take it again and again before a person's save that waits.
"""

import threading
import time
from collections import deque

LATELY = 0.2
"""Seconds: somebody who types, or saves one thing after another, comes again within them."""


class Turns:
    """A lock that is handed over. Whoever took it gives it back."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._waited_at = -LATELY

    def take(self, seconds: float) -> bool:
        """Wait for one's turn so long at most; whether it has come."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            self._waited_at = time.monotonic()
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            if mine.acquire(timeout=seconds):
                return True
        except BaseException:  # a signal: nobody waits here any more
            if not self._leave(mine):
                self.give()
            raise
        return not self._leave(mine)

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for the one whose turn it is."""
        return bool(self._waiting)

    @property
    def was_waited_for(self) -> bool:
        """Whether somebody has had to wait for another lately."""
        return time.monotonic() - self._waited_at < LATELY

    def give(self) -> None:
        """Hand it to the one that has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _leave(self, mine: threading.Lock) -> bool:
        """Wait no longer; False when the turn has come in the last moment."""
        with self._guard:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True
