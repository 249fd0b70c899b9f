"""The scheduler rings at start, and whatever a bell meets, the next one comes."""

import threading
from collections.abc import Iterator

import pytest

from endpoint.application import Endpoint
from endpoint.export.nightly import Nightly


@pytest.fixture
def rung(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, threading.Event]]:
    """A scheduler that runs, and what it has done."""
    done = {"export": threading.Event(), "hourly": threading.Event()}

    def export() -> None:
        done["export"].set()
        raise OSError("disk full")

    monkeypatch.setattr(endpoint.exporter, "run_due", export)
    nightly = Nightly(endpoint.exporter, done["hourly"].set)
    nightly.start()
    yield done
    nightly.stop()


def test_at_start_what_was_missed_is_run(rung: dict[str, threading.Event]) -> None:
    assert rung["export"].wait(20)
    assert rung["hourly"].wait(20)


def test_jobs_are_single_and_coalesced(endpoint: Endpoint) -> None:
    nightly = Nightly(endpoint.exporter, lambda: None)
    nightly._scheduler.start(paused=True)
    jobs = nightly._scheduler.get_jobs()
    assert {(job.id, job.coalesce, job.max_instances, job.misfire_grace_time) for job in jobs} == {
        ("cutoff", True, 1, None),
        ("often", True, 1, None),
        ("hourly", True, 1, None),
    }
    nightly.stop()


def test_a_failed_run_does_not_stop_the_bell(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise OSError("disk full")

    monkeypatch.setattr(endpoint.exporter, "run_due", fail)
    nightly = Nightly(endpoint.exporter, lambda: None)
    nightly.ring()
    nightly.ring()
    assert len(calls) == 2
