"""The sessions of one run: each redeemed opening address gets a value of its own, and none is ever taken from outside.

Standard library only: this is on the way to the first page.
"""

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field

MOST = 32


@dataclass(eq=False)
class Session:
    """One window or browser profile. ``opened``: the number of the lock after which it was unlocked, None at first."""

    digest: bytes = field(repr=False)
    opened: int | None = None


class Sessions:
    """Issues, finds and renews sessions. Keeps digests only; beyond ``MOST`` the one that was used longest ago ends."""

    def __init__(self) -> None:
        self._live: list[Session] = []  # the last used one last
        self._lock = threading.Lock()

    def issue(self) -> str:
        """The value of a new session."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            self._live = [*self._live[1 - MOST :], Session(_digest(value))]
        return value

    def renew(self, session: Session) -> str:
        """A fresh value for a session, at a change of what it may do; the value known until now is worth nothing."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            session.digest = _digest(value)
        return value

    def find(self, value: str) -> Session | None:
        """The session of a value, None for a stranger's. All are compared, whatever the first ones say."""
        asked = _digest(value)
        with self._lock:
            matches = [each for each in self._live if hmac.compare_digest(asked, each.digest)]
            if not matches:
                return None
            self._live.remove(matches[0])
            self._live.append(matches[0])
            return matches[0]


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).digest()
