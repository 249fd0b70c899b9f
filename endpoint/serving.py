"""The endpoint as a process: one socket, worker and scheduler beside."""

import logging
import os
import signal
import socket
import sys
import threading
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
    server = Server(listener, endpoint.app)
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
