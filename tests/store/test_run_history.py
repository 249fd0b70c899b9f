"""The list of synchronizations: quiet ones cost no write, are told all the same, and outlive the application."""

from datetime import timedelta

import pytest

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.store.store import Store
from tests.store.made_up import open_store

UNREACHABLE = Refusal("endpoint_unreachable", {})


def told(store: Store) -> list[tuple[str, Refusal | None]]:
    return [(run.cause, run.refusal) for run in store.sync.runs()]


def quiet(store: Store, *causes: str) -> None:
    for cause in causes:
        store.sync.note_run(cause, clock.now(), None)


def closed_and_opened(store: Store) -> Store:
    folder = store._database.path.parent
    store.close()
    return open_store(folder)


def test_a_quiet_run_of_the_schedule_is_told_though_nothing_is_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.delivery.overview()
    with monkeypatch.context() as without_disk:
        without_disk.setattr(store._database, "write", None)
        quiet(store, "start", "schedule", "schedule")
    after = store.delivery.overview()
    assert told(store) == [("schedule", None), ("start", None)]
    assert (before.went_at, after.went_at) == (None, store.sync.runs()[0].ended_at)
    assert after.last == store.sync.runs()[0]


def test_quiet_runs_outlive_the_application(store: Store) -> None:
    quiet(store, "start", "schedule")
    known = store.sync.runs()
    again = closed_and_opened(store)
    assert again.sync.runs() == known
    assert again.delivery.overview().went_at == known[0].ended_at
    again.close()


def test_they_stand_before_the_run_that_follows_them(store: Store) -> None:
    quiet(store, "schedule")
    store.sync.note_run("schedule", clock.now(), UNREACHABLE)
    quiet(store, "schedule", "schedule")
    store.sync.end_run(store.sync.begin_run("completion"), refusal=None, sent=1, received=0)
    assert told(store) == [("completion", None), ("schedule", None), ("schedule", UNREACHABLE), ("schedule", None)]


def test_a_quiet_row_that_goes_on_after_a_restart_stays_one_line(store: Store) -> None:
    quiet(store, "schedule")
    again = closed_and_opened(store)
    quiet(again, "schedule")
    assert told(again) == [("schedule", None)]
    once_more = closed_and_opened(again)
    assert told(once_more) == [("schedule", None)]
    once_more.close()


def test_what_a_person_asked_for_is_written_at_once_and_has_its_own_line(store: Store) -> None:
    commits = store._database.commits
    quiet(store, "by_hand", "by_hand")
    assert store._database.commits == commits + 2
    assert told(store) == [("by_hand", None)] * 2


def test_quiet_runs_of_many_causes_are_written_before_they_become_many(store: Store) -> None:
    quiet(store, *["start", "resume"] * 15)
    assert len(store.sync.history._quiet) < 21
    assert [cause for cause, _ in told(store)][:4] == ["resume", "start", "resume", "start"]
    assert len(store.sync.runs(100)) == 30


def test_of_two_quiet_runs_the_later_is_the_last(store: Store) -> None:
    store.sync.note_run("schedule", clock.now() - timedelta(minutes=5), None)
    first = store.sync.runs()[0]
    quiet(store, "schedule")
    assert store.sync.runs()[0].began_at > first.began_at


def test_a_run_that_only_received_is_one_line_of_its_own_with_what_came(store: Store) -> None:
    quiet(store, "schedule")
    for count in (3, 3):
        store.sync.note_run("schedule", clock.now(), None, received=count)
    quiet(store, "schedule")
    assert [run.received for run in store.sync.runs()] == [0, 3, 3, 0]
