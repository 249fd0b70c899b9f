"""The one outgoing socket of the desk: HTTP to the endpoint fixed at activation, and nowhere else.

Plain HTTP goes to the loopback interface only, whatever a name resolves to in the moment. HTTPS believes the insurer's
authority only. There are no redirects, no settings of the environment, and every answer has a largest size and a time.
"""

import ipaddress
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.signing import ENDPOINT_HEADER
from localapp.sync.address import clean_address
from localapp.sync.pausing import pause_asked
from localapp.sync.proxy import Proxy
from localapp.sync.proxy_login import wants_account_of_windows
from localapp.sync.tls import Authorities, client_context, judged

SECONDS = 10.0
WHOLE_SECONDS = 60.0
"""A whole answer takes this long at most, however steadily its bytes drip."""
LARGEST_ANSWER = 16 * 1024 * 1024
_CONNECT_SECONDS = 3.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TUNNEL_STATUS = re.compile(r"Tunnel connection failed: ([1-5][0-9][0-9])\b")


class TransportFailed(Exception):  # noqa: N818 - a state of the network
    """No answer of the endpoint came; ``refusal`` is one of ``line_refusals.NO_CONNECTION``, or says whose it was.

    ``retry_after`` are the seconds for which the endpoint asked to be left alone.
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


class _LoopbackConnection(HTTPConnection):
    """A plain connection that looks whom it has reached before it says anything."""

    def connect(self) -> None:
        """Connect. Raises OSError when it leads away from this computer."""
        super().connect()
        if not ipaddress.ip_address(self.sock.getpeername()[0]).is_loopback:
            self.close()
            raise OSError("not this computer")


class _LoopbackPool(HTTPConnectionPool):
    ConnectionCls = _LoopbackConnection


class HttpTransport:
    """The endpoint over the network. Thread-safe; keeps its connections until ``close``.

    Without an authority no HTTPS server is believed. A proxy is for HTTPS; what stays on this computer needs none.
    """

    def __init__(
        self,
        address: str,
        authorities: Authorities = Authorities(),  # noqa: B008 - it cannot change
        proxy: Proxy | None = None,
        *,
        seconds: float = SECONDS,
        whole: float = WHOLE_SECONDS,
    ) -> None:
        self._address, self._whole = clean_address(address), whole
        self._authorities = authorities
        self._proxy = proxy if self._address.startswith("https:") else None
        timeout = urllib3.Timeout(connect=min(seconds, _CONNECT_SECONDS), read=seconds)
        self._pool = _pool(client_context(authorities.pinned), timeout, self._proxy)

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
            refusal = self._why(error)
            raise TransportFailed(refusal.code, retry_after=None, **refusal.facts) from error

    def _why(self, error: Exception) -> Refusal:
        """Why no answer came."""
        if isinstance(error, urllib3.exceptions.ProxyError) and self._proxy:
            return _of_the_proxy(error.original_error, self._proxy, self._address)
        inner = error.args[0] if isinstance(error, urllib3.exceptions.SSLError) and error.args else error
        if isinstance(inner, ssl.SSLError):
            return judged(inner, self._address, self._authorities, self._proxy)
        return Refusal("endpoint_unreachable", {})

    def close(self) -> None:
        """Close the kept connections."""
        self._pool.clear()


def _pool(context: ssl.SSLContext, timeout: urllib3.Timeout, proxy: Proxy | None) -> urllib3.PoolManager:
    """Connections that follow nothing and repeat nothing."""
    if proxy:
        return urllib3.ProxyManager(
            f"http://{proxy.address}",
            proxy_headers=proxy.headers(),
            ssl_context=context,
            timeout=timeout,
            retries=False,
            maxsize=4,
        )
    found = urllib3.PoolManager(ssl_context=context, timeout=timeout, retries=False, maxsize=4)
    found.pool_classes_by_scheme = {**found.pool_classes_by_scheme, "http": _LoopbackPool}
    return found


def _of_the_proxy(error: Exception, proxy: Proxy, address: str) -> Refusal:
    """What the proxy did instead of letting the connection through."""
    answered = _TUNNEL_STATUS.search(str(error))
    if not answered:
        return Refusal("proxy_unreachable", {"proxy": proxy.address})
    host = address.removeprefix("https://")
    if answered[1] == "407":
        if wants_account_of_windows(proxy, host):
            return Refusal("proxy_login_windows", {"proxy": proxy.address, "host": host})
        return Refusal("proxy_login", {"proxy": proxy.address})
    return Refusal("proxy_refused", {"proxy": proxy.address, "host": host, "status": answered[1]})


def checked(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """The reply if an endpoint gave it. Raises TransportFailed for a stranger's answer and for a failed endpoint."""
    lowered = {name.lower(): value for name, value in headers.items()}
    if ENDPOINT_HEADER.lower() not in lowered:
        raise TransportFailed("network_login" if _wants_login(status, lowered) else "endpoint_not_recognized")
    if status >= 500:
        raise _failed(status, pause_asked(lowered))
    return Reply(status, lowered, body)


def _failed(status: int, pause: float | None) -> TransportFailed:
    if pause is None:
        return TransportFailed("endpoint_failed", status=str(status))
    refusal = busy(pause)
    return TransportFailed(refusal.code, retry_after=pause, **refusal.facts)


def _wants_login(status: int, headers: Mapping[str, str]) -> bool:
    """Whether a stranger's answer is how networks ask for a login: a page instead of data, or the way to one."""
    is_page = status == 200 and headers.get("content-type", "").lower().startswith("text/html")
    return is_page or status == 511 or (status in _REDIRECTS and "location" in headers)


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
