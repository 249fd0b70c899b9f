"""Attacks 15, 26, 27: headers on every answer, and requests that the server itself refuses."""

import socket

import pytest

from tests.running import Answer, RunningDesk

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def assert_protected(answer: Answer, status: int) -> None:
    """The status, all security headers, and nothing that names the server or lets others in."""
    assert answer.status == status
    assert HEADERS.items() <= dict(answer.headers).items()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] in {"no-store", "private, no-cache"}
    assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    assert not {"server", "via", "x-powered-by"} & set(answer.headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "waitress" not in answer.text.lower()
    assert "traceback" not in answer.text.lower()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 303),
        ("GET", "/static/tokens.css", 200),
        ("HEAD", "/static/tokens.css", 200),
        ("PUT", "/unlock", 405),
        ("GET", "/static/none", 404),
        ("GET", "/no/such/page", 404),
        ("GET", "/open/used", 401),
        ("DELETE", "/", 405),
        ("TRACE", "/", 405),
    ],
)
def test_15_every_answer_carries_the_headers(target: RunningDesk, method: str, path: str, status: int) -> None:
    assert_protected(target.ask(method, path, [("Origin", target.origin)]), status)


def test_15_refusals_carry_them_too(target: RunningDesk) -> None:
    assert_protected(target.ask("GET", "/", session=False), 401)
    assert_protected(target.ask("GET", "/", host="evil.example"), 421)
    assert_protected(target.ask("POST", "/unlock", [("Origin", "null")], b"a=b"), 403)


def test_15_and_an_unchanged_file(target: RunningDesk) -> None:
    etag = target.ask("GET", "/static/tokens.css").headers["etag"]
    assert_protected(target.ask("GET", "/static/tokens.css", [("If-None-Match", etag)]), 304)


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"get / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 4, 5\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nConnection: close\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nConnection: close\r\n\r\n", 431),
    ],
)
def test_15_26_27_what_the_server_refuses_by_itself_is_as_silent(
    target: RunningDesk, request_bytes: bytes, status: int
) -> None:
    assert_protected(target.send(request_bytes), status)


def test_26_more_than_two_megabytes_are_refused_in_words(target: RunningDesk) -> None:
    form = [("Origin", target.origin), ("Content-Type", "application/x-www-form-urlencoded")]
    answer = target.ask("POST", "/unlock/code", form, b"last_group=" + b"a" * (2 * 1024 * 1024))
    assert_protected(answer, 413)
    assert "nejvýše 2\u00a0MB" in answer.text


def test_26_an_endless_body_is_cut_off(target: RunningDesk) -> None:
    head = f"POST /unlock HTTP/1.1\r\nHost: {target.authority}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", target.port), timeout=15) as line:
        line.sendall(head)
        with pytest.raises(ConnectionError):
            line.sendall(chunk * 20)
    assert target.ask("GET", "/static/tokens.css").status == 200


def test_27_a_smuggled_request_is_not_answered(target: RunningDesk) -> None:
    head = (
        f"POST /unlock HTTP/1.1\r\nHost: {target.authority}\r\nCookie: {target.cookie}\r\nOrigin: {target.origin}\r\n"
    )
    smuggled = f"GET /static/tokens.css HTTP/1.1\r\nHost: {target.authority}\r\nCookie: {target.cookie}\r\n\r\n"
    both = f"Content-Length: {5 + len(smuggled)}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = target.send((head + both + "0\r\n\r\n" + smuggled).encode())
    assert answer.status in {303, 400}
    assert b"HTTP/1.1" not in answer.body
