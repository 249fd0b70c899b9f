"""Attacks 28 and 29: many connections at once, half-open or asking again and again, do not keep the advisor waiting."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.activating import put_activated_desk
from tests.running import OFFLINE, RunningDesk, started

HALF_OPEN = 500
POLLING = 30


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk of its own: what is done to it would slow the others down."""
    folder = tmp_path_factory.mktemp("crowded") / "desk"
    put_activated_desk(folder)
    with started(folder, *OFFLINE) as running:
        assert running.cookie
        yield running


def test_28_five_hundred_half_open_connections_do_not_stop_the_desk(crowded: RunningDesk) -> None:
    with ExitStack() as open_lines:
        for _ in range(HALF_OPEN):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", crowded.port), timeout=5))
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-a: ")
        assert crowded.ask("GET", "/documents").status == 200


def test_29_thirty_tabs_that_poll_do_not_stop_the_desk(crowded: RunningDesk) -> None:
    done = threading.Event()
    statuses: list[int] = []

    def poll() -> None:
        while not done.is_set():
            statuses.append(crowded.ask("GET", "/synchronization/progress").status)

    tabs = [threading.Thread(target=poll) for _ in range(POLLING)]
    for tab in tabs:
        tab.start()
    try:
        pages = [crowded.ask("GET", "/documents").status for _ in range(5)]
    finally:
        done.set()
        for tab in tabs:
            tab.join(timeout=20)
    assert pages == [200] * 5
    assert set(statuses) == {200}
