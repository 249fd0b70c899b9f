"""The endpoint as a process: one socket, worker and scheduler beside."""

import gc
import logging
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType

from endpoint import durable
from endpoint.application import Endpoint, create_endpoint
from endpoint.evaluation.worker import Worker
from endpoint.export.nightly import Nightly
from endpoint.layout import Layout
from endpoint.listening import LOOPBACK, Server, bind
from endpoint.publishing.publisher import Publisher
from endpoint.tls import TlsFront, server_context


@dataclass(frozen=True)
class Place:
    """Where desks are served. With ``certificate`` and ``key`` over TLS, and then on another ``host`` too."""

    port: int
    host: str = LOOPBACK
    certificate: Path | None = None
    key: Path | None = None


def serve(data_dir: Path, place: Place, *, with_parent: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; prints the address once it answers.

    ``with_parent`` also ends it when standard input closes: a demonstration's endpoint does not outlive its desk.
    Raises PortTaken, KeyMissing, NewerStore, and OSError for a certificate or key that cannot be used.
    """
    context = server_context(place.certificate, place.key) if place.certificate and place.key else None
    listener = bind(place.port, place.host)
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
    try:
        with _answering(endpoint, listener, context) as address:
            _run(endpoint, address, stop)
    finally:
        endpoint.close()


@contextmanager
def _answering(endpoint: Endpoint, listener: socket.socket, context: ssl.SSLContext | None) -> Iterator[str]:
    """The address at which desks are answered, with TLS before it if there is a context for it."""
    inner = listener if context is None else bind(0)
    server = Server(inner, endpoint.app)
    front = None if context is None else TlsFront(listener, context, inner.getsockname()[:2])
    host, port = listener.getsockname()[:2]
    server.start()
    if front is not None:
        front.start()
    try:
        yield f"{'http' if front is None else 'https'}://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        if front is not None:
            front.stop()
        server.stop()


def _stop_at_end_of_input(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


def _run(endpoint: Endpoint, address: str, stop: threading.Event) -> None:
    worker = Worker(endpoint.parts, endpoint.evaluator)
    nightly = Nightly(endpoint.exporter, lambda: _renew_signatures(endpoint.parts.layout))
    worker.start()
    nightly.start()
    gc.collect()
    gc.freeze()  # what the program is made of stays: no use to look through it for garbage at each large push
    try:
        sys.stdout.write(f"SmartClient endpoint: {address}\n")
        sys.stdout.flush()
        while not stop.wait(0.5):  # a wait without end could not be interrupted on Windows
            pass
    finally:
        nightly.stop()
        worker.stop()


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
