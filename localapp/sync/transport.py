"""The one outgoing socket of the desk: HTTP to the endpoint fixed at activation, and nowhere else.

Plain HTTP goes to the loopback interface only. There are no redirects, and every answer has a largest size and a time.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import urllib3

from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.signing import ENDPOINT_HEADER
from localapp.sync.address import clean_address
from localapp.sync.pausing import pause_asked

SECONDS = 10.0
WHOLE_SECONDS = 60.0
"""A whole answer takes this long at most, however steadily its bytes drip."""
LARGEST_ANSWER = 16 * 1024 * 1024
_CONNECT_SECONDS = 3.0


class TransportFailed(Exception):  # noqa: N818 - a state of the network
    """No answer of the endpoint came: ``refusal`` is ``endpoint_unreachable``, ``_failed``, ``_busy`` or
    ``_not_recognized``. ``retry_after`` are the seconds for which it asked to be left alone.
    """

    def __init__(self, code: str, *, retry_after: float | None = None, **facts: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)
        self.retry_after = retry_after


def busy(seconds: float) -> Refusal:
    """An endpoint that asked to be left alone, and for how long still."""
    return Refusal("endpoint_busy", {"minutes": str(max(1, ceil(seconds / 60)))})


@dataclass(frozen=True)
class Reply:
    """One answer of the endpoint; names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Asks one endpoint. In tests the endpoint itself answers, in the same process."""

    @property
    def address(self) -> str:
        """The endpoint's address without a slash at its end, e.g. ``http://127.0.0.1:8700``."""

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        """One request to ``target`` (path and query). Raises TransportFailed."""


class HttpTransport:
    """The endpoint over the network. Thread-safe; keeps its connections until ``close``."""

    def __init__(self, address: str, *, seconds: float = SECONDS, whole: float = WHOLE_SECONDS) -> None:
        self._address, self._whole = clean_address(address), whole
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=min(seconds, _CONNECT_SECONDS), read=seconds), retries=False, maxsize=4
        )

    @property
    def address(self) -> str:
        """The endpoint's address."""
        return self._address

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        """One request; see ``Transport``."""
        try:
            answer = self._pool.request(
                method,
                self._address + target,
                headers=dict(headers),
                body=body or None,
                redirect=False,
                preload_content=False,
            )
            try:
                found, headers = answer.status, dict(answer.headers)
                checked(found, headers, b"")  # a stranger's body is not read
                return checked(found, headers, _read(answer, most, self._whole))
            except TransportFailed:
                answer.close()  # the rest of it stays unread
                raise
            finally:
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise TransportFailed("endpoint_unreachable") from error

    def close(self) -> None:
        """Close the kept connections."""
        self._pool.clear()


def checked(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """The reply if an endpoint gave it. Raises TransportFailed for a stranger's answer and for a failed endpoint."""
    lowered = {name.lower(): value for name, value in headers.items()}
    if ENDPOINT_HEADER.lower() not in lowered:
        raise TransportFailed("endpoint_not_recognized")
    if status >= 500:
        raise _failed(status, pause_asked(lowered))
    return Reply(status, lowered, body)


def _failed(status: int, pause: float | None) -> TransportFailed:
    if pause is None:
        return TransportFailed("endpoint_failed", status=str(status))
    refusal = busy(pause)
    return TransportFailed(refusal.code, retry_after=pause, **refusal.facts)


def _read(answer: urllib3.BaseHTTPResponse, most: int, seconds: float) -> bytes:
    parts, size, until = [], 0, time.monotonic() + seconds
    while part := answer.read1(65536):
        size += len(part)
        if size > most:
            raise TransportFailed("endpoint_not_recognized")
        if time.monotonic() > until:
            raise TransportFailed("endpoint_unreachable")
        parts.append(part)
    return b"".join(parts)
