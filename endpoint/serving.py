"""The endpoint as a process: one socket on the loopback interface, waitress on it, worker and scheduler beside."""

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from endpoint import durable
from endpoint.application import Endpoint, create_endpoint
from endpoint.evaluation.worker import Worker
from endpoint.export.nightly import Nightly
from endpoint.http.answers import HEADERS, JSON_TYPE, refused
from endpoint.http.bodies import LARGEST_BODY
from endpoint.layout import Layout
from endpoint.publishing.publisher import Publisher
from endpoint.refusal import RequestRefused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOPBACK = "127.0.0.1"
_NEVER_TO_DISK = 256 * 1024 * 1024
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
    """One connection."""

    error_task_class = _RefusalTask


def bind(port: int) -> socket.socket:
    """A listening socket on the loopback interface; ``port`` 0 means any. Raises PortTaken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(256)
    except OSError as problem:
        listener.close()
        raise PortTaken(f"port {port}: {problem.strerror}") from problem
    return listener


class _Server:
    """Serves the application in threads of its own."""

    def __init__(self, listener: socket.socket, application: "WSGIApplication") -> None:
        self._map: dict[int, object] = {}
        self._server = create_server(application, map=self._map, sockets=[listener], **_SETTINGS)
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


def serve(data_dir: Path, port: int, *, with_parent: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; prints the address once it answers. Raises PortTaken, KeyMissing, NewerStore.

    ``with_parent`` also ends it when standard input closes: a demonstration's endpoint does not outlive its desk.
    """
    listener = bind(port)
    endpoint = create_endpoint(data_dir)
    log_to(endpoint.parts.layout.log)
    durable.sweep(durable.folder(endpoint.parts.layout.exports))
    stop = threading.Event()

    def told_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, told_to_stop)
    if with_parent:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), name="parent", daemon=True).start()
    _run(endpoint, listener, stop)


def _stop_at_end_of_input(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


def _run(endpoint: Endpoint, listener: socket.socket, stop: threading.Event) -> None:
    server = _Server(listener, endpoint.app)
    worker = Worker(endpoint.parts, endpoint.evaluator)
    nightly = Nightly(endpoint.exporter, lambda: _renew_signatures(endpoint.parts.layout))
    server.start()
    worker.start()
    nightly.start()
    try:
        sys.stdout.write(f"SmartClient endpoint: http://{LOOPBACK}:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        while not stop.wait(0.5):  # a wait without end could not be interrupted on Windows
            pass
    finally:
        server.stop()
        nightly.stop()
        worker.stop()
        endpoint.close()


def _renew_signatures(layout: Layout) -> None:
    """Keep the component repository valid; one that was never published has nothing to renew."""
    if layout.components.is_dir():
        Publisher(layout.folder).refresh()


def log_to(place: Path) -> logging.Handler:
    """Log to a file of the data folder: calls, runs and failures; never bodies, queries or values."""
    handler = RotatingFileHandler(place, maxBytes=5_000_000, backupCount=2, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("endpoint").setLevel(logging.INFO)
    return handler
