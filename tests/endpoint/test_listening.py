"""Whoever drips, never ends or opens too many lines is cut off, and the others are answered all the same."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from endpoint.application import Endpoint
from endpoint.listening import Server, bind
from tests.running import send

HEAD = b"POST /v1/sync/push HTTP/1.1\r\nHost: x\r\n"
ASKED = b"GET /v1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@contextmanager
def listening(endpoint: Endpoint, **limits: float) -> Iterator[int]:
    """The port of the endpoint on a real socket, patient for a second only."""
    listener = bind(0)
    server = Server(listener, endpoint.app, **{"channel_timeout": 1, "cleanup_interval": 1, **limits})
    server.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.stop()


def drip(line: socket.socket, told: bytes, piece: bytes) -> bytes:
    """Send a little every now and then until the other side has had enough; what it answered."""
    line.sendall(told)
    line.settimeout(0.2)
    answered = b""
    with suppress(OSError):
        for _ in range(600):
            line.sendall(piece)
            with suppress(TimeoutError):
                part = line.recv(65536)
                if not part:
                    return answered
                answered += part
        pytest.fail("never cut off")
    return answered


@pytest.mark.parametrize(
    ("told", "piece"),
    [
        (HEAD, b"X-More: 1\r\n"),
        (HEAD + b"Content-Length: 1000000\r\n\r\n", b"{"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n"),
        (b"", b"\r\n"),
    ],
    ids=["headers", "a body", "chunks", "empty lines"],
)
def test_a_request_that_drips_is_cut_off_without_an_answer(endpoint: Endpoint, told: bytes, piece: bytes) -> None:
    with listening(endpoint) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        assert drip(line, told, piece) == b""
        assert send(port, ASKED).status == 200


@pytest.mark.parametrize("piece", [b"X-More: 1\r\n" * 900, b"a" * 9000], ids=["headers", "one header"])
def test_headers_without_an_end_are_refused(endpoint: Endpoint, piece: bytes) -> None:
    with listening(endpoint) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        assert b" 431 " in drip(line, HEAD, piece)[:20]


def test_chunks_without_an_end_are_refused_at_the_limit_of_a_body(endpoint: Endpoint) -> None:
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    told = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    with listening(endpoint) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(told)
        with suppress(OSError):
            for _ in range(64):
                line.sendall(chunk)
        assert b" 413 " in line.recv(65536)[:20]


@pytest.mark.parametrize("said", [b"", HEAD, HEAD + b"Content-Length: 10\r\n\r\n{"], ids=["nothing", "headers", "half"])
def test_a_line_that_falls_silent_is_closed(endpoint: Endpoint, said: bytes) -> None:
    with listening(endpoint) as port, socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(said)
        assert line.recv(65536) == b""


def test_a_body_cut_off_by_its_sender_changes_nothing(endpoint: Endpoint) -> None:
    with listening(endpoint) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
            line.shutdown(socket.SHUT_WR)
            assert line.recv(65536) == b""
        assert send(port, ASKED).status == 200


def test_more_lines_than_the_limit_wait_until_the_dripping_ones_are_cut_off(endpoint: Endpoint) -> None:
    with listening(endpoint, connection_limit=10) as port, ExitStack() as lines:
        for _ in range(60):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            threading.Thread(target=drip, args=(line, HEAD, b"X: 1\r\n"), daemon=True).start()
        assert send(port, ASKED).status == 200
