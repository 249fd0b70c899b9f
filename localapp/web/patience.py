"""The growing delay after wrong tries of a passphrase or a PIN."""

import time
from collections.abc import Callable

LONGEST_WAIT = 60.0


class MustWait(Exception):  # noqa: N818 - a state, not a defect
    """Too many wrong tries; ``seconds`` until the next one is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Patience:
    """1, 2, 4 … 60 s from the third wrong try on. Somebody with a copy of the files is not held up by it – argon2id is
    there for that – but somebody at the keyboard is. ``wrong`` tries of an earlier run cost their whole delay anew, on
    the monotonic clock: neither a restart nor a set clock shortens it.
    """

    FREE_TRIES = 2

    def __init__(self, elapsed: Callable[[], float] = time.monotonic, wrong: int = 0) -> None:
        self._elapsed = elapsed
        self._not_before = 0.0
        self.wrong = wrong
        self._wait()

    def remaining(self) -> int:
        """Whole seconds until the next try is taken, rounded up."""
        return max(0, -int(-(self._not_before - self._elapsed()) // 1))

    def ask(self) -> None:
        """Raise MustWait as long as no try is taken."""
        if self.remaining():
            raise MustWait(self.remaining())

    def failed(self) -> None:
        """Note a wrong try."""
        self.wrong += 1
        self._wait()

    def succeeded(self) -> None:
        """Forget the wrong tries."""
        self.wrong, self._not_before = 0, 0.0

    def _wait(self) -> None:
        if self.wrong > self.FREE_TRIES:
            exponent = min(self.wrong - self.FREE_TRIES - 1, 10)
            self._not_before = self._elapsed() + min(LONGEST_WAIT, 2.0**exponent)
