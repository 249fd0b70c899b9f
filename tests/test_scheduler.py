"""What runs by itself: at start, after completions, on a spread schedule, after the computer slept."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.timing import evening_moments
from localapp.scheduler import HEARTBEAT, Schedule
from localapp.store.records import Keys
from localapp.sync.progress import Standing
from localapp.web.desk import Desk
from tests.store.made_up import completed_offer, enrolled, leave_partner, welcomed

PRAGUE = ZoneInfo("Europe/Prague")
MORNING = datetime(2026, 11, 25, 8, tzinfo=PRAGUE)


class Awake:
    """The time that the computer was awake, what has passed, and the wall clock; only the test moves them."""

    def __init__(self) -> None:
        self.awake = self.passed = 0.0

    def pass_by(self, awake: float, asleep: float = 0.0, set_by: float = 0.0) -> None:
        self.awake += awake
        self.passed += awake + asleep
        clock._moved[-1] += timedelta(seconds=awake + asleep + set_by)


@pytest.fixture
def awake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Awake]:
    moved = Awake()
    monkeypatch.setattr("localapp.scheduler.monotonic", lambda: moved.awake)
    monkeypatch.setattr(clock, "elapsed", lambda: moved.passed)
    with clock.moved_to(MORNING):
        yield moved


class Run:
    """A schedule that is looked at by hand, and the causes of what it has begun; none really runs."""

    def __init__(self, desk: Desk, awake: Awake, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk, self.awake = desk, awake
        self.causes: list[str] = []
        self.schedule = Schedule(desk)
        if desk.is_open:
            self.watch(monkeypatch)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(self.desk.synchronizer, "start", self.causes.append)

    def look(self, awake: float = 0.0, asleep: float = 0.0, set_by: float = 0.0) -> None:
        """Some time passes and the schedule looks; what it begins ends well at once."""
        self.awake.pass_by(awake, asleep, set_by)
        known = len(self.causes)
        self.schedule.look()
        if len(self.causes) > known:
            self.ends(None)

    def ends(self, refusal: Refusal | None, retry_after: float | None = None) -> None:
        self.desk.when_synchronized(Standing(refusal=refusal, retry_after=retry_after))

    def minutes(self, count: int) -> None:
        for _ in range(2 * count):
            self.look(HEARTBEAT)


@pytest.fixture
def run(desk: Desk, awake: Awake, monkeypatch: pytest.MonkeyPatch) -> Run:
    """An open, activated desk that has synchronized at its start."""
    made = Run(desk, awake, monkeypatch)
    made.look()
    assert made.causes == ["start"]
    return made


def test_after_the_start_it_runs_every_five_minutes(run: Run) -> None:
    run.minutes(16)
    assert run.causes == ["start", "schedule", "schedule", "schedule"]


def test_a_completion_synchronizes_once_it_has_been_quiet_for_two_seconds(run: Run) -> None:
    completed_offer(run.desk.store)
    assert run.schedule.look() == 2.0
    run.look(1.0)
    completed_offer(run.desk.store)
    run.look(1.5)
    assert run.causes == ["start"]
    run.look(0.5)
    run.look(60.0)
    assert run.causes == ["start", "completion"]


def test_a_cancellation_synchronizes_too_and_a_saved_draft_does_not(run: Run) -> None:
    document = completed_offer(run.desk.store)
    run.look(2.0)
    with run.desk.store.edit(document, "alena") as edit:
        edit.cancel()
    run.look(2.0)
    assert run.causes == ["start", "completion", "completion"]
    with run.desk.store.edit(completed_offer(run.desk.store), "alena"):
        pass
    run.look(2.0)
    run.look(2.0)
    assert len(run.causes) == 4


def test_failures_are_tried_again_soon_and_then_seldom(run: Run) -> None:
    run.ends(Refusal("endpoint_unreachable", {}))
    assert 1.6 <= run.schedule.look() <= 2.4
    for _ in range(12):
        run.ends(Refusal("endpoint_unreachable", {}))
    run.minutes(11)
    assert run.causes == ["start"]
    run.minutes(5)
    assert run.causes == ["start", "schedule"]


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.5, 0.999])
def test_after_errors_500_each_desk_comes_back_at_a_moment_of_its_own(
    run: Run, monkeypatch: pytest.MonkeyPatch, chance: float
) -> None:
    """Attack 37: an endpoint that fails is not stormed by all desks at once; twice as late each time."""
    monkeypatch.setattr("random.random", lambda: chance)
    for plain in (2.0, 4.0, 8.0, 16.0):
        known, due = len(run.causes), plain * (0.8 + 0.4 * chance)
        run.ends(Refusal("endpoint_failed", {"status": "500"}))
        run.awake.pass_by(due - 0.01)
        run.schedule.look()
        assert len(run.causes) == known
        run.awake.pass_by(0.02)
        run.schedule.look()
        assert run.causes[known:] == ["schedule"]


def test_a_library_that_was_not_taken_is_no_failure_of_the_way(run: Run) -> None:
    run.ends(Refusal("component_golden_failed", {}))
    run.minutes(4)
    assert run.causes == ["start"]


def test_what_the_endpoint_asks_to_wait_is_waited(run: Run) -> None:
    run.ends(Refusal("endpoint_failed", {"status": "503"}), retry_after=120.0)
    completed_offer(run.desk.store)
    run.look(60.0)
    assert run.causes == ["start"]
    run.look(61.0)
    assert len(run.causes) == 2


def test_the_evening_has_its_moments_by_the_servers_clock(run: Run) -> None:
    sync, enrolment = run.desk.store.sync, run.desk.store.sync.enrolment()
    assert enrolment is not None
    sync.server_clock.heard(welcomed())
    first = evening_moments(enrolment.installation, MORNING.date())[0]
    run.ends(None)
    assert run.schedule._timing is not None
    run.schedule._timing = replace(run.schedule._timing, next_at=None)  # the evening alone
    clock._moved[-1] -= timedelta(days=1000)  # somebody sets the laptop's clock
    step = 2.5 * HEARTBEAT  # no sleep yet
    while sync.server_clock.now() < first - timedelta(seconds=step):
        run.look(step)
    assert run.causes == ["start"]
    run.look(step)
    assert run.causes == ["start", "schedule"]
    assert sync.server_clock.now() - first < timedelta(seconds=step)


def test_a_computer_that_slept_is_noticed(run: Run) -> None:
    run.look(HEARTBEAT, asleep=3 * 3600)
    run.look(HEARTBEAT)
    assert run.causes == ["start", "resume"]


def test_sleep_that_the_computer_counts_as_awake_is_noticed_too(run: Run) -> None:
    run.look(3 * 3600)
    assert run.causes == ["start", "resume"]


def test_a_clock_that_is_set_back_and_a_busy_minute_are_no_sleep(run: Run) -> None:
    for passed, asleep, set_by in ((HEARTBEAT, 0.0, -3600.0), (2 * HEARTBEAT, 0.0, 0.0), (HEARTBEAT, 60.0, 0.0)):
        run.look(passed, asleep, set_by)
    assert run.causes == ["start"]


def test_a_clock_that_is_set_back_stops_nothing(run: Run) -> None:
    run.look(0.0, 0.0, -3 * 365 * 86400.0)
    run.minutes(6)
    assert run.causes == ["start", "schedule"]


def test_nothing_runs_before_the_desk_is_unlocked_and_then_it_starts(
    locked_desk: Desk, desk_keys: Keys, awake: Awake, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(locked_desk, awake, monkeypatch)
    run.look()
    run.look(HEARTBEAT)
    assert (run.causes, locked_desk.is_open) == ([], False)
    locked_desk.unlock(desk_keys)
    assert run.schedule._synchronizing._woken.is_set()  # it looks at once
    enrolled(locked_desk.store)
    run.watch(monkeypatch)
    run.look()
    assert run.causes == ["start"]


def test_the_lock_of_the_screen_stops_nothing(run: Run) -> None:
    run.desk.screen_lock.pin.choose("482619")
    run.desk.screen_lock.lock("hand")
    completed_offer(run.desk.store)
    run.look(2.0)
    assert run.causes == ["start", "completion"]


def test_nothing_runs_before_activation(desk: Desk, awake: Awake, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_partner(desk.store)
    run = Run(desk, awake, monkeypatch)
    run.look()
    run.look(HEARTBEAT, asleep=8 * 3600)
    assert run.causes == []
    assert desk.store.sync.runs() == []


def test_the_synchronization_of_an_activation_is_not_followed_by_one_at_start(
    desk: Desk, awake: Awake, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(desk, awake, monkeypatch)
    run.ends(None)
    run.minutes(4)
    assert run.causes == []


def test_a_completed_document_wakes_the_real_schedule_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: dict[str, threading.Event] = {"start": threading.Event(), "completion": threading.Event()}
    monkeypatch.setattr(desk.synchronizer, "start", lambda cause: begun[cause].set())
    schedule = Schedule(desk)
    schedule.start()
    try:
        assert begun["start"].wait(30)
        completed_offer(desk.store)
        assert begun["completion"].wait(30)
    finally:
        schedule.stop()


def test_a_look_that_fails_is_followed_by_another(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert tmp_path
    tried, again = [], threading.Event()

    def fail() -> Schedule:
        tried.append(1)
        if len(tried) > 1:
            again.set()
        raise OSError

    schedule = Schedule(desk)
    monkeypatch.setattr(desk.synchronizer, "start", lambda _: fail())
    schedule.start()
    try:
        while not again.wait(0.05):
            schedule._timing = None  # due at once again
            schedule._synchronizing.ring()
    finally:
        schedule.stop()
    assert len(tried) > 1


def test_a_schedule_that_was_never_started_can_be_stopped(desk: Desk) -> None:
    made = Schedule(desk)
    made.stop()
    assert not made._synchronizing._thread.is_alive()
