"""The endpoint's socket: waitress on it, with limits for whoever sends too much, too slowly or from too many lines."""

import contextlib
import socket
import sys
import threading
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from endpoint.http.answers import HEADERS, JSON_TYPE, refused
from endpoint.http.bodies import LARGEST_BODY
from endpoint.refusal import RequestRefused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOPBACK = "127.0.0.1"
_NEVER_TO_DISK = 256 * 1024 * 1024
_SLOWEST = 4096
"""Bytes in a second below which a request is too slow in the long run."""
_SETTINGS = {
    "threads": 8,
    "ident": None,
    "connection_limit": 1000,
    "channel_timeout": 30,
    "cleanup_interval": 5,
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": True,
    "max_request_body_size": LARGEST_BODY,
    "max_request_header_size": 64 * 1024,
    "inbuf_overflow": _NEVER_TO_DISK,  # an overflowing buffer would be a plain temporary file with answers in it
    "outbuf_overflow": _NEVER_TO_DISK,
}


class PortTaken(Exception):  # noqa: N818 - a state of the machine
    """The port cannot be listened on."""


class _RefusalTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """What waitress refuses by itself is refused in the endpoint's shape."""

    def execute(self) -> None:
        """Write the whole answer and close the connection."""
        status = int(self.request.error.code)
        known = RequestRefused("too_large", size="–", limit=str(LARGEST_BODY)) if status == 413 else None
        answer = refused(known or RequestRefused("malformed", status=min(status, 499), reason="HTTP"))
        body = answer.get_data()
        self.status = answer.status
        self.response_headers.extend([*HEADERS, ("Content-Type", JSON_TYPE), ("Content-Length", str(len(body)))])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """One connection. A request that drips is given the channel's time, and a second for each of ``_SLOWEST`` bytes."""

    error_task_class = _RefusalTask
    last_activity: float
    _began: float | None = None
    _came = 0

    def received(self, data: bytes) -> bool:
        """Take what came; ``last_activity``, by which silent connections are closed, moves with the bytes only."""
        taken = bool(super().received(data))
        if self.requests:  # a whole one came; empty lines are none
            self._began, self._came = None, 0
            return taken
        self._began = self.last_activity if self._began is None else self._began
        self._came += len(data)
        self.last_activity = min(self.last_activity, self._began + self._came / _SLOWEST)
        return taken


def bind(port: int, host: str = LOOPBACK) -> socket.socket:
    """A listening socket, on the loopback interface unless told; ``port`` 0 means any. Raises PortTaken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except OSError as problem:
        listener.close()
        raise PortTaken(f"port {port}: {problem.strerror}") from problem
    return listener


class Server:
    """Serves the application in threads of its own; ``limits`` replace those of waitress."""

    def __init__(self, listener: socket.socket, application: "WSGIApplication", **limits: float) -> None:
        self._map: dict[int, object] = {}
        self._server = create_server(application, map=self._map, sockets=[listener], **{**_SETTINGS, **limits})
        self._server.channel_class = _Channel
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="server", daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def stop(self) -> None:
        """No new requests; running ones may finish within seconds."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._server.pull_trigger()
        self._thread.join(timeout=2)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
        self._server.trigger.close()
        wasyncore.close_all(self._map, ignore_all=True)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)
