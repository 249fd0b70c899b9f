"""The server's time is its last word and the time since; the laptop's clock moves neither it nor the cut-off."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from localapp import clock
from localapp.store.server_clock import ServerClock
from localapp.store.store import Store
from tests.store.made_up import open_store, welcomed

SERVER = datetime(2026, 11, 25, 19, 30, tzinfo=UTC)  # 20:30 in Prague
CUTOFF = datetime(2026, 11, 25, 20, tzinfo=UTC)
SAYS = welcomed(server_time=SERVER.isoformat(), cutoff_at=CUTOFF.isoformat())


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that have passed; only the test moves them."""
    seconds = [1000.0]
    monkeypatch.setattr(clock, "elapsed", lambda: seconds[-1])
    return seconds


@pytest.fixture
def wrong_laptop() -> Iterator[datetime]:
    """A laptop whose clock is three years behind."""
    with clock.moved_to(SERVER - timedelta(days=1100)) as _:
        yield clock.now()


def test_a_laptop_with_a_wrong_clock_shows_the_servers_time(passed: list[float], wrong_laptop: datetime) -> None:
    server = ServerClock(timedelta)
    assert (server.is_heard, server.now()) == (False, wrong_laptop)
    server.heard(SAYS)
    passed.append(1000.0 + 24 * 60)
    assert server.is_heard
    assert server.now() == SERVER + timedelta(minutes=24)
    assert server.cutoff() == CUTOFF


def test_the_clock_set_while_the_application_runs_changes_nothing(passed: list[float]) -> None:
    server = ServerClock(timedelta)
    server.heard(SAYS)
    passed.append(1060.0)
    with clock.moved_to(SERVER + timedelta(days=400)):
        assert server.now() == SERVER + timedelta(minutes=1)


def test_after_the_named_cut_off_the_next_one_is_tomorrows(passed: list[float]) -> None:
    server = ServerClock(timedelta)
    server.heard(SAYS)
    passed.append(1000.0 + 30 * 60)
    assert server.now() == CUTOFF
    assert server.cutoff() == CUTOFF + timedelta(days=1)


def test_the_named_cut_off_counts_even_if_it_is_not_the_usual_one(passed: list[float]) -> None:
    server, early = ServerClock(timedelta), SERVER + timedelta(minutes=5)
    server.heard(welcomed(server_time=SERVER.isoformat(), cutoff_at=early.isoformat()))
    assert (passed, server.cutoff()) == ([1000.0], early)


def test_after_a_start_without_a_network_the_last_known_difference_sets_the_clock_right(tmp_path: Path) -> None:
    with clock.moved_to(SERVER):
        store = open_store(tmp_path)
        enrolment = store.sync.enrolment()
        assert enrolment is not None
        store.sync.welcome(enrolment.id, SAYS, ahead=timedelta(hours=2))
        assert store.sync.server_clock.now() == SERVER
        store.close()
        again: Store = open_store(tmp_path)
        assert not again.sync.server_clock.is_heard
        assert again.sync.server_clock.now() == SERVER - timedelta(hours=2)
        again.close()


def test_the_real_time_that_passes_only_grows() -> None:
    first = clock.elapsed()
    assert clock.elapsed() >= first > 0
