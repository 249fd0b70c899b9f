"""An endpoint that asks to be left alone is: by seconds, by a date of its own clock, a quarter of an hour at most."""

from datetime import UTC, datetime, timedelta

import pytest

from endpoint.application import Endpoint
from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.timing import BY_HAND
from localapp.sync.component_report import Told
from localapp.sync.pausing import pause_asked
from localapp.sync.synchronizer import Synchronizer
from localapp.sync.transport import Reply, Transport, checked
from tests.store.made_up import completed_offer
from tests.sync.answering import OURS, Change, Computer, refuses

DATE = "Wed, 25 Nov 2026 20:00:00 GMT"
START = datetime(2026, 11, 25, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("0", 0), ("900", 900), ("901", 900), ("99999999", 900),
        ("Wed, 25 Nov 2026 20:05:00 GMT", 300), ("Wed, 25 Nov 2026 19:00:00 GMT", 0),
        ("Thu, 26 Nov 2026 20:00:00 GMT", 900),
        ("soon", 60), ("-5", 60), ("1e3", 60), ("12345678901234567890", 60), ("Wed, 99 Nov 2026 20:05:00 GMT", 60),
    ],
)  # fmt: skip
def test_a_pause_is_read_by_the_endpoints_own_clock(asked: str, seconds: float) -> None:
    with clock.moved_to(datetime(1999, 1, 1, tzinfo=UTC)):
        assert pause_asked({"retry-after": asked, "date": DATE}) == seconds


def test_without_a_readable_date_a_date_means_a_minute() -> None:
    for date in ({}, {"date": "yesterday"}, {"date": ""}):
        assert pause_asked({"retry-after": DATE, **date}) == 60
    assert pause_asked({"date": DATE}) is None
    assert pause_asked({"retry-after": "  "}) is None


def busy(seconds: str, status: int = 503) -> Change:
    """An overloaded endpoint, or whoever stands before it."""
    return lambda _: Reply(status, {**OURS, "retry-after": seconds}, b"{}")


def synchronizer_of(computer: Computer) -> Synchronizer:
    def no_components(_: Transport, __: Told) -> None:
        return None

    return Synchronizer(computer.store.sync, lambda: computer.line, no_components)


@pytest.mark.parametrize("call", ["/hello", "/push", "/changes"])
def test_as_long_as_it_asks_nothing_is_asked_of_it(alena: Computer, endpoint: Endpoint, call: str) -> None:
    synchronizer = synchronizer_of(alena)
    with clock.moved_to(START):
        completed_offer(alena.store)
        alena.synchronize()
        endpoint.evaluate_waiting()  # there is something to pull
        completed_offer(alena.store)
        alena.line.answers(call, busy("120"))
        standing = synchronizer.run("schedule")
        assert standing.refusal == Refusal("endpoint_busy", {"minutes": "2"})
        assert standing.retry_after == 120
        alena.line.asked.clear()
    with clock.moved_to(START + timedelta(seconds=70)):
        assert not synchronizer.start("schedule")
        assert not synchronizer.start(BY_HAND)
        assert synchronizer.run(BY_HAND).refusal == Refusal("endpoint_busy", {"minutes": "1"})
        assert alena.line.asked == []
    with clock.moved_to(START + timedelta(seconds=121)):
        assert synchronizer.run("schedule").refusal is None
        assert alena.store.outbox() == []


def test_a_refusal_for_load_is_obeyed_too(alena: Computer) -> None:
    synchronizer = synchronizer_of(alena)

    def too_many(reply: Reply) -> Reply:
        refused = refuses("link_code_wait", 429, seconds="30")(reply)
        return Reply(refused.status, {**refused.headers, "retry-after": "30"}, refused.body)

    alena.line.answers("/hello", too_many)
    assert synchronizer.run("schedule").retry_after == 30
    alena.line.asked.clear()
    synchronizer.run("schedule")
    assert alena.line.asked == []


def test_a_failure_without_a_pause_is_tried_again_when_it_is_time(alena: Computer) -> None:
    synchronizer = synchronizer_of(alena)
    alena.line.answers("/hello", lambda _: Reply(503, OURS, b"{}"))
    standing = synchronizer.run("schedule")
    assert (standing.refusal, standing.retry_after) == (Refusal("endpoint_failed", {"status": "503"}), None)
    assert synchronizer.run("schedule").refusal is None


def test_an_ordinary_answer_has_no_pause() -> None:
    assert checked(200, OURS, b"{}").body == b"{}"
