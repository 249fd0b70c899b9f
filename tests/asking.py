"""Requests as the desk's own pages send them: over a kept connection to a real desk, or to one in this process."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Protocol
from urllib.parse import urlencode

from flask.testing import FlaskClient

from tests.running import RunningDesk


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def acknowledged(self) -> bool:
        """Whether the desk said that it has done what was asked."""
        return self.status in {200, 303}


class Asking(Protocol):
    """Somebody who can ask a desk."""

    def get(self, target: str) -> Page:
        """Read a page."""

    def post(self, target: str, form: Mapping[str, str], *, fragments: bool = True) -> Page:
        """Send a form; with ``fragments`` as the page's script does, else as a plain form."""


class _Merging(HTTPConnection):
    """Sends the head with its small body in one piece, as Chromium does; the library's own way is two."""

    def _send_output(self, message_body: bytes | None = None, encode_chunked: bool = False) -> None:  # noqa: ARG002 - as the library has it
        head = b"\r\n".join([*self._buffer, b"", b""])
        self._buffer.clear()
        self.send(head + (message_body or b""))

    _buffer: list[bytes]


class OverHttp:
    """A browser's connection to a running desk. Raises OSError or HTTPException when the desk goes away."""

    def __init__(self, running: RunningDesk) -> None:
        self._connection = _Merging("127.0.0.1", running.port, timeout=30)
        self._headers = {"Host": running.authority, "Cookie": running.cookie, "Sec-Fetch-Site": "same-origin"}
        self._origin = running.origin

    def get(self, target: str) -> Page:
        """Read a page."""
        return self._ask("GET", target, {}, None)

    def post(self, target: str, form: Mapping[str, str], *, fragments: bool = True) -> Page:
        """Send a form."""
        headers = {"Origin": self._origin, "Content-Type": "application/x-www-form-urlencoded"}
        if fragments:
            headers["HX-Request"] = "true"
        return self._ask("POST", target, headers, urlencode(form))

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _ask(self, method: str, target: str, headers: Mapping[str, str], body: str | None) -> Page:
        self._connection.request(method, target, body, {**self._headers, **headers})
        answer = self._connection.getresponse()
        cookie = answer.headers.get("Set-Cookie")  # who unlocks gets another session
        if cookie:
            self._headers["Cookie"] = cookie.partition(";")[0]
        return Page(answer.status, answer.headers.get("Location", ""), answer.read().decode())


class InProcess:
    """The same to a desk in this process, by its WSGI application."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, target: str) -> Page:
        """Read a page."""
        answer = self._client.get(target)
        return Page(answer.status_code, answer.headers.get("Location", ""), answer.text)

    def post(self, target: str, form: Mapping[str, str], *, fragments: bool = True) -> Page:
        """Send a form."""
        headers = {"HX-Request": "true"} if fragments else {}
        answer = self._client.post(target, data=dict(form), headers=headers)
        return Page(answer.status_code, answer.headers.get("Location", ""), answer.text)
