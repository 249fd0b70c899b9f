"""The PIN that unlocks the screen. It protects the screen, not the disk: no key hangs on it.

The store keeps its argon2id hash and the number of wrong tries, noted before a try is judged: whoever kills the desk
in between has lost the try all the same.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from localapp.web.patience import Patience

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from localapp.store.store import Store

SHORTEST, LONGEST, FEWEST_DISTINCT = 6, 12, 3
MOST_WRONG = 10  # then only the passphrase or the recovery code unlock
_PIN, _WRONG = "lock.pin", "lock.wrong"
_DATES = {6: ("%d%m%y", "%y%m%d"), 8: ("%d%m%Y", "%Y%m%d")}

log = logging.getLogger("smartclient.lock")


class PinFailure(Exception):  # noqa: N818 - decisions, not defects
    """Something about the PIN that a person has to know; ``code`` is stable and names its text in ``lock.json``."""

    code = "pin_failure"


class UnfitPin(PinFailure):
    """A PIN that would be guessed soon. ``code`` is pin_length, pin_plain or pin_date."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class WrongPin(PinFailure):
    """Not the PIN; ``left`` tries are left."""

    code = "pin_wrong"

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(self.code)


class PinBlocked(PinFailure):
    """Too many wrong tries: the PIN is not taken any more, not even the right one."""

    code = "pin_blocked"


class Pin:
    """The PIN of one desk. Safe for many threads; tries come one after the other.

    The store is asked for each time: a change of keys opens another one.
    """

    def __init__(self, store: "Callable[[], Store]", elapsed: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._hash = store().setting(_PIN) or ""
        self._patience = Patience(elapsed, int(store().setting(_WRONG) or 0))
        self._lock = threading.Lock()

    @property
    def is_set(self) -> bool:
        """Whether there is a PIN."""
        return bool(self._hash)

    @property
    def is_blocked(self) -> bool:
        """Whether only the passphrase or the recovery code unlock."""
        return self._patience.wrong >= MOST_WRONG

    @property
    def wrong(self) -> int:
        """Wrong tries since the last right one."""
        return self._patience.wrong

    def choose(self, pin: str) -> None:
        """Make this the PIN. Raises UnfitPin."""
        check_fit(pin)
        with self._lock:
            hashed = _hasher().hash(pin)
            self._store().set_setting(_PIN, hashed)
            self._hash = hashed
            self._forget()

    def remove(self) -> None:
        """Have no PIN from now on."""
        with self._lock:
            self._store().set_setting(_PIN, "")
            self._hash = ""
            self._forget()

    def check(self, pin: str) -> None:
        """Return only for the right PIN. Raises PinBlocked, MustWait, WrongPin."""
        with self._lock:
            if self.is_blocked:
                raise PinBlocked
            self._patience.ask()
            self._store().set_setting(_WRONG, str(self.wrong + 1))
            if not _fits(self._hash, pin):
                self._patience.failed()
                log.warning("wrong PIN, %s so far", self.wrong)
                raise PinBlocked if self.is_blocked else WrongPin(MOST_WRONG - self.wrong)
            self._forget()

    def proved_otherwise(self) -> None:
        """Forget the wrong tries: the passphrase or the recovery code was right."""
        with self._lock:
            if self.wrong:
                self._forget()

    def _forget(self) -> None:
        self._store().set_setting(_WRONG, "0")
        self._patience.succeeded()


def check_fit(pin: str) -> None:
    """Raise UnfitPin with the rule that is broken: digits and their number, a pattern, a date."""
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()):
        raise UnfitPin("pin_length")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeated = any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2, 3))
    if steps <= {1} or steps <= {9} or repeated or len(set(pin)) < FEWEST_DISTINCT:
        raise UnfitPin("pin_plain")
    if any(_reads_as(pin, form) for form in _DATES.get(len(pin), ())):
        raise UnfitPin("pin_date")


def _reads_as(pin: str, form: str) -> bool:
    try:
        found = datetime.strptime(pin, form)  # noqa: DTZ007 - only whether it is a date at all
    except ValueError:
        return False
    return 1900 <= found.year < 2100


def _fits(hashed: str, pin: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as in ``_hasher``

    try:
        return _hasher().verify(hashed, pin)
    except (VerificationError, InvalidHashError):
        return False


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher, Type  # noqa: PLC0415 - nobody waits for it on the way to the first page

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
