"""One-time opening addresses, and the door that every request comes through.

The door answers an opening address at once, with the standard library alone, and lets all else wait until the pages
have been loaded. It writes the access log: method, path, status and time; never a query, never an opening address.
Pages look every few seconds whether the screen was locked; as long as nothing comes of it, that is not noted.
"""

import hashlib
import hmac
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from localapp.web import plain
from localapp.web.guard import Asked, Guard, Verdict

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/open/"
VALID_SECONDS = 300.0
MOST_AT_ONCE = 16
QUIET = "/lock/state"
LARGEST_HEAD = 32 * 1024
PATIENCE = 10.0  # seconds a request waits for the pages to be ready

access_log = logging.getLogger("smartclient.access")


class OpeningAddresses:
    """Issues and redeems opening addresses. Keeps digests only; time is monotonic: no set clock revives an address."""

    def __init__(self, origin: str, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._origin = origin
        self._elapsed = elapsed
        self._live: list[tuple[bytes, float]] = []
        self._lock = threading.Lock()

    def issue(self) -> str:
        """A fresh address, valid for five minutes and once. The oldest of too many gives way."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._live = [*self._live[1 - MOST_AT_ONCE :], (_digest(token), self._elapsed() + VALID_SECONDS)]
        return f"{self._origin}{PREFIX}{token}"

    def redeem(self, token: str) -> bool:
        """Whether the token opens the desk; it never does so again."""
        asked = _digest(token)
        with self._lock:
            now = self._elapsed()
            self._live = [one for one in self._live if now < one[1]]
            matches = [hmac.compare_digest(asked, digest) for digest, _ in self._live]
            self._live = [one for one, matched in zip(self._live, matches, strict=True) if not matched]
        return any(matches)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


class Door:
    """The WSGI application of the desk from its first moment; pages come in with ``ready``, or ``broken`` says not."""

    def __init__(self, guard: Guard, addresses: OpeningAddresses, patience: float = PATIENCE) -> None:
        self._guard = guard
        self._addresses = addresses
        self._patience = patience
        self._pages: WSGIApplication | None = None
        self._settled = threading.Event()
        self._broken_code = ""

    def ready(self, pages: "WSGIApplication") -> None:
        """Hand all further requests to the pages."""
        self._pages = pages
        self._settled.set()

    def broken(self, code: str) -> None:
        """The pages will not come; say so, with the code under which the reason was logged."""
        self._broken_code = code
        self._settled.set()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request and note it in the access log."""
        began = time.perf_counter()
        noted = "-"

        def noting(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Any:  # noqa: ANN401 - as WSGI has it
            nonlocal noted
            noted = status[:3]
            return start_response(status, headers, failure)

        try:
            return self._answer(environ, noting)
        finally:
            elapsed = (time.perf_counter() - began) * 1000
            if noted != "200" or environ.get("PATH_INFO") != QUIET:
                access_log.info("%s %s %s %.0f ms", environ["REQUEST_METHOD"], _loggable(environ), noted, elapsed)

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if _head_size(environ) > LARGEST_HEAD:
            status, headers, body = refusal_page(Verdict(431, "door.head"))
        elif environ.get("PATH_INFO", "").startswith(PREFIX):
            status, headers, body = self._open(environ)
        elif not self._settled.wait(self._patience):
            status, headers, body = plain.message_page(503, "busy")
        elif self._pages is None:
            status, headers, body = self._guarded_failure(environ)
        else:
            return self._pages(environ, start_response)
        start_response(status, headers)
        return [body]

    def _open(self, environ: "WSGIEnvironment") -> plain.Response:
        verdict = self._guard.decide_opening(Asked.from_environ(environ))
        if not verdict.passed:
            return refusal_page(verdict)
        if self._addresses.redeem(environ["PATH_INFO"].removeprefix(PREFIX)):
            return plain.opening_page(self._guard.cookie(self._guard.sessions.issue()))
        return plain.message_page(401, "used")

    def _guarded_failure(self, environ: "WSGIEnvironment") -> plain.Response:
        verdict = self._guard.decide(Asked.from_environ(environ))
        return plain.message_page(503, "broken", code=self._broken_code) if verdict.passed else refusal_page(verdict)


def refusal_page(verdict: Verdict) -> plain.Response:
    """What a refused request gets: the way on, and nothing about the desk."""
    keys = {400: "malformed", 401: "session", 413: "malformed", 431: "malformed", 500: "failed", 501: "malformed"}
    return plain.message_page(verdict.status, keys.get(verdict.status, "foreign"))


def _head_size(environ: "WSGIEnvironment") -> int:
    headers = sum(len(name) + len(value) for name, value in environ.items() if name.startswith("HTTP_"))
    return headers + len(environ.get("REQUEST_URI", ""))


def _loggable(environ: "WSGIEnvironment") -> str:
    """The path as sent (percent signs and all, so that no line can be forged), without query and opening token."""
    path: str = environ.get("REQUEST_URI", "").partition("?")[0]
    return f"{PREFIX}…" if environ.get("PATH_INFO", "").startswith(PREFIX) else path[:200]
