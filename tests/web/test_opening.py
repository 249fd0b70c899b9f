import io
import logging
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from localapp.web.guard import Guard
from localapp.web.opening import VALID_SECONDS, Door, OpeningAddresses

ORIGIN = "http://127.0.0.1:7000"


class Stopwatch:
    """Elapsed time that stands still until moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def token_of(address: str) -> str:
    return address.rpartition("/")[2]


def test_an_address_opens_once() -> None:
    addresses = OpeningAddresses(ORIGIN)
    token = token_of(addresses.issue())
    assert addresses.redeem(token)
    assert not addresses.redeem(token)


def test_an_address_opens_for_five_minutes() -> None:
    elapsed = Stopwatch()
    addresses = OpeningAddresses(ORIGIN, elapsed)
    early, late = token_of(addresses.issue()), token_of(addresses.issue())
    elapsed.seconds += VALID_SECONDS - 1
    assert addresses.redeem(early)
    elapsed.seconds += 1
    assert not addresses.redeem(late)
    assert VALID_SECONDS == 300


@pytest.mark.parametrize("wrong", ["", "x", "č\udcff", "A" * 43])
def test_a_wrong_address_opens_nothing_and_uses_nothing_up(wrong: str) -> None:
    addresses = OpeningAddresses(ORIGIN)
    token = token_of(addresses.issue())
    assert not addresses.redeem(wrong)
    assert addresses.redeem(token)


def test_many_addresses_push_out_the_oldest_only() -> None:
    addresses = OpeningAddresses(ORIGIN)
    tokens = [token_of(addresses.issue()) for _ in range(17)]
    assert not addresses.redeem(tokens[0])
    assert all(addresses.redeem(token) for token in tokens[1:])


def ask(door: Door, path: str, **more: str) -> tuple[str, dict[str, str], bytes]:
    """One GET request to the door."""
    seen: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _failure: object = None) -> Any:  # noqa: ANN401 - WSGI
        seen.extend((status, dict(headers)))
        return io.BytesIO().write

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.partition("?")[0],
        "REQUEST_URI": path,
        "HTTP_HOST": "127.0.0.1:7000",
    }
    body: Iterable[bytes] = door({**environ, **more}, start_response)
    return seen[0], seen[1], b"".join(body)


@pytest.fixture
def door_and_addresses() -> tuple[Door, OpeningAddresses, Guard]:
    guard, addresses = Guard("127.0.0.1:7000"), OpeningAddresses(ORIGIN)
    return Door(guard, addresses, patience=0.05), addresses, guard


def test_the_opening_page_comes_before_the_pages_are_ready(
    door_and_addresses: tuple[Door, OpeningAddresses, Guard],
) -> None:
    door, addresses, guard = door_and_addresses
    status, headers, body = ask(door, addresses.issue().removeprefix(ORIGIN))
    assert status == "200 OK"
    assert guard.session_of(headers["Set-Cookie"].partition(";")[0])
    assert headers["Set-Cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert b'content="0;url=/documents"' in body
    assert "SmartClient se otevírá…" in body.decode()


def test_a_used_address_says_the_way_on_and_gives_no_session(
    door_and_addresses: tuple[Door, OpeningAddresses, Guard],
) -> None:
    status, headers, body = ask(door_and_addresses[0], "/open/used")
    assert status == "401 Unauthorized"
    assert "Set-Cookie" not in headers
    assert "znovu z\u00a0jeho ikony" in body.decode()


def test_a_page_that_is_asked_for_too_early_waits_for_the_pages(
    door_and_addresses: tuple[Door, OpeningAddresses, Guard],
) -> None:
    _, addresses, guard = door_and_addresses
    door = Door(guard, addresses, patience=10)

    def pages(_environ: Any, start_response: Any) -> list[bytes]:  # noqa: ANN401 - WSGI
        start_response("200 OK", [])
        return [b"the list"]

    threading.Timer(0.05, door.ready, [pages]).start()
    assert ask(door, "/documents")[2] == b"the list"


def test_pages_that_do_not_come_in_time_are_excused(door_and_addresses: tuple[Door, OpeningAddresses, Guard]) -> None:
    status, _, body = ask(door_and_addresses[0], "/documents")
    assert status == "503 Service Unavailable"
    assert "se ještě otevírá" in body.decode()


def test_a_broken_start_tells_the_code_to_the_advisor_alone(
    door_and_addresses: tuple[Door, OpeningAddresses, Guard],
) -> None:
    door, _, guard = door_and_addresses
    door.broken("SC-7F3K")
    assert b"SC-7F3K" not in ask(door, "/documents")[2]
    status, _, body = ask(door, "/documents", HTTP_COOKIE=f"{guard.cookie_name}={guard.sessions.issue()}")
    assert status == "503 Service Unavailable"
    assert b"SC-7F3K" in body


def test_a_look_whether_the_screen_is_locked_is_noted_only_when_something_comes_of_it(
    door_and_addresses: tuple[Door, OpeningAddresses, Guard], caplog: pytest.LogCaptureFixture
) -> None:
    door = door_and_addresses[0]

    def pages(environ: Any, start_response: Any) -> list[bytes]:  # noqa: ANN401 - WSGI
        start_response(environ["HTTP_WANTED"], [])
        return [b""]

    door.ready(pages)
    with caplog.at_level(logging.INFO, "smartclient.access"):
        ask(door, "/lock/state", HTTP_WANTED="200 OK")
        ask(door, "/lock/state", HTTP_WANTED="401 Unauthorized")
        ask(door, "/documents", HTTP_WANTED="200 OK")
    noted = [record.getMessage().rpartition(" ")[0].rpartition(" ")[0] for record in caplog.records]
    assert noted == ["GET /lock/state 401", "GET /documents 200"]


def test_the_access_log_has_neither_queries_nor_opening_addresses_nor_forged_lines(
    door_and_addresses: tuple[Door, OpeningAddresses, Guard], caplog: pytest.LogCaptureFixture
) -> None:
    door, addresses, _ = door_and_addresses
    door.broken("SC-7F3K")
    address = addresses.issue()
    with caplog.at_level(logging.INFO, "smartclient.access"):
        ask(door, address.removeprefix(ORIGIN))
        ask(door, "/documents%0d%0aGET?name=Nov%C3%A1kov%C3%A1")
    opened, listed = (record.getMessage() for record in caplog.records)
    assert opened.startswith("GET /open/… 200 ")
    assert token_of(address) not in caplog.text
    assert listed.startswith("GET /documents%0d%0aGET 401 ")
    assert "Nov" not in caplog.text
