"""The one outgoing socket: no redirect is followed, every answer has a largest size and a time, strangers are told."""

import gzip
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from localapp.sync.transport import HttpTransport, Reply, TransportFailed
from tests.sync.serving import Answer, answer_of, served


@contextmanager
def line_to(answer: Answer, *, whole: float = 20.0, seconds: float = 5.0) -> Iterator[HttpTransport]:
    with served(answer) as address:
        transport = HttpTransport(address, seconds=seconds, whole=whole)
        yield transport
        transport.close()


def ask(transport: HttpTransport, most: int = 1000) -> Reply:
    return transport.ask("POST", "/v1/sync/hello", {}, b"{}", most=most)


def failure_of(answer: Answer, *, whole: float = 20.0, seconds: float = 5.0) -> str:
    with line_to(answer, whole=whole, seconds=seconds) as transport, pytest.raises(TransportFailed) as found:
        ask(transport)
    return found.value.refusal.code


def test_an_endpoints_answer_comes_with_its_headers_in_lower_case() -> None:
    with line_to(answer_of("409 Conflict", b'{"a":1}', "Retry-After: 7")) as transport:
        reply = ask(transport)
    assert (reply.status, reply.body, reply.headers["retry-after"]) == (409, b'{"a":1}', "7")


PAGE = "Content-Type: text/html; charset=utf-8"
STRANGERS = [
    ("200 OK", PAGE, "network_login"),
    ("302 Found", "Location: http://login.hotel.example/", "network_login"),
    ("307 Moved", "Location: /login", "network_login"),
    ("511 Network Authentication Required", PAGE, "network_login"),
    ("200 OK", "Content-Type: application/json", "endpoint_not_recognized"),
    ("302 Found", PAGE, "endpoint_not_recognized"),
    ("404 Not Found", PAGE, "endpoint_not_recognized"),
    ("502 Bad Gateway", PAGE, "endpoint_not_recognized"),
]


@pytest.mark.parametrize(("status", "header", "code"), STRANGERS)
def test_what_somebody_else_answers_is_told(status: str, header: str, code: str) -> None:
    assert failure_of(answer_of(status, b"<html>Log in</html>", header, ours=False)) == code


def test_a_name_that_leads_away_from_this_computer_is_left_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    class Elsewhere(socket.socket):
        def getpeername(self) -> tuple[str, int]:
            return ("192.0.2.7", 80)

        def sendall(self, data: Any, *_flags: int) -> None:  # noqa: ANN401 - as the socket has it
            heard.append(bytes(data))

    def connect(*_args: object, **_options: object) -> socket.socket:
        return Elsewhere()

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    transport = HttpTransport("http://localhost:8700")
    with pytest.raises(TransportFailed) as found:
        ask(transport)
    transport.close()
    assert (found.value.refusal.code, heard) == ("endpoint_unreachable", [])


def test_a_failed_endpoint_is_told_with_its_status() -> None:
    with line_to(answer_of("503 Busy")) as transport, pytest.raises(TransportFailed) as found:
        ask(transport)
    assert (found.value.refusal.code, found.value.refusal.facts) == ("endpoint_failed", {"status": "503"})


def test_a_redirect_is_not_followed() -> None:
    asked: list[bytes] = []

    def other(line: socket.socket) -> None:
        asked.append(b"asked")
        answer_of("200 OK", b"{}")(line)

    with served(other) as elsewhere, line_to(answer_of("307 Moved", b"", f"Location: {elsewhere}/x")) as transport:
        assert ask(transport).status == 307
    assert asked == []


@pytest.mark.parametrize("body", [b"a" * 1001, b"a" * 5_000_000])
def test_an_oversized_answer_is_not_taken(body: bytes) -> None:
    assert failure_of(answer_of("200 OK", body)) == "endpoint_not_recognized"


@pytest.mark.parametrize("packed", [b"", b"Content-Encoding: gzip\r\n"], ids=["plain", "packed"])
def test_37_an_answer_of_ten_gigabytes_is_left_at_the_limit(packed: bytes) -> None:
    sent = []

    def flooding(line: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nSmartClient-Endpoint: 1\r\nContent-Length: 10000000000\r\n"
        line.sendall(head + packed + b"\r\n")
        bomb = zlib.compressobj(9, wbits=31)
        for _ in range(10_000):
            piece = bytes(1_000_000)
            line.sendall(bomb.compress(piece) + bomb.flush(zlib.Z_SYNC_FLUSH) if packed else piece)
            sent.append(len(piece))

    assert failure_of(flooding) == "endpoint_not_recognized"
    assert len(sent) < 1000


def test_a_small_answer_that_swells_is_not_taken() -> None:
    swelling = gzip.compress(b"a" * 5_000_000)
    assert failure_of(answer_of("200 OK", swelling, "Content-Encoding: gzip")) == "endpoint_not_recognized"


def test_an_answer_of_the_largest_size_is_taken() -> None:
    with line_to(answer_of("200 OK", b"a" * 1000)) as transport:
        assert len(ask(transport).body) == 1000


@pytest.mark.parametrize(
    "answer",
    [
        answer_of("200 OK", b"{}", length=100),
        answer_of("200 OK", b"no gzip", "Content-Encoding: gzip"),
        lambda line: line.close(),
        lambda line: line.sendall(b"HTT"),
        lambda line: line.sendall(b"\x00\x01\x02 no http\r\n\r\n"),
    ],
)
def test_a_cut_or_broken_answer_is_no_answer(answer: Answer) -> None:
    assert failure_of(answer) == "endpoint_unreachable"


def dripping(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nSmartClient-Endpoint: 1\r\nContent-Length: 100000000\r\n\r\n")
    for _ in count():
        line.sendall(b"a")


def test_an_answer_that_drips_for_ever_is_given_up() -> None:
    with line_to(dripping, whole=0.0) as transport, pytest.raises(TransportFailed) as found:
        transport.ask("GET", "/v1/", {})
    assert found.value.refusal.code == "endpoint_unreachable"


def test_a_silent_endpoint_is_given_up() -> None:
    def silent(line: socket.socket) -> None:
        line.recv(1)

    assert failure_of(silent, seconds=0.05) == "endpoint_unreachable"


def test_nobody_at_the_address_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    transport = HttpTransport(f"http://127.0.0.1:{port}")
    with pytest.raises(TransportFailed) as found:
        ask(transport)
    transport.close()
    assert found.value.refusal.code == "endpoint_unreachable"
