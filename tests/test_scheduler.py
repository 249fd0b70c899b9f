"""What runs by itself: at start, on a spread schedule, after the computer slept; nothing before activation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from localapp import clock
from localapp.scheduler import HEARTBEAT, Schedule
from localapp.store.records import Keys
from localapp.web.desk import Desk
from tests.store.made_up import enrolled, leave_partner

PRAGUE = ZoneInfo("Europe/Prague")
MORNING = datetime(2026, 11, 25, 8, tzinfo=PRAGUE)


class Awake:
    """The time that the computer was awake, and the wall clock beside it; only the test moves them."""

    def __init__(self) -> None:
        self.awake = 0.0

    def pass_by(self, awake: float, asleep: float = 0.0) -> None:
        self.awake += awake
        clock._moved[-1] += timedelta(seconds=awake + asleep)


@pytest.fixture
def awake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Awake]:
    moved = Awake()
    monkeypatch.setattr("localapp.scheduler.monotonic", lambda: moved.awake)
    with clock.moved_to(MORNING):
        yield moved


@pytest.fixture
def causes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the synchronizations of the open desk were begun by; none really runs."""
    begun: list[str] = []
    monkeypatch.setattr(desk.synchronizer, "start", begun.append)
    return begun


@pytest.fixture
def schedule(desk: Desk, awake: Awake) -> Iterator[Schedule]:
    assert (desk.is_open, awake.awake) == (True, 0.0)
    made = Schedule(desk)
    made._scheduler.start(paused=True)
    yield made
    made.stop()


def test_a_synchronization_runs_at_start_once(schedule: Schedule, causes: list[str], awake: Awake) -> None:
    schedule._synchronize_at_start()
    awake.pass_by(HEARTBEAT)
    schedule._notice_resume()
    assert causes == ["start"]


def test_a_computer_that_slept_is_noticed(schedule: Schedule, causes: list[str], awake: Awake) -> None:
    schedule._synchronize_at_start()
    awake.pass_by(HEARTBEAT, asleep=8 * 3600)
    schedule._notice_resume()
    awake.pass_by(HEARTBEAT)
    schedule._notice_resume()
    assert causes == ["start", "resume"]


def test_sleep_that_the_computer_counts_as_awake_is_noticed_too(
    schedule: Schedule, causes: list[str], awake: Awake
) -> None:
    schedule._synchronize_at_start()
    awake.pass_by(8 * 3600)
    schedule._notice_resume()
    assert causes == ["start", "resume"]


def test_a_clock_that_is_set_back_and_a_busy_minute_are_no_sleep(
    schedule: Schedule, causes: list[str], awake: Awake
) -> None:
    schedule._synchronize_at_start()
    for passed, asleep in ((HEARTBEAT, -3600.0), (2 * HEARTBEAT, 0.0), (HEARTBEAT, 60.0)):
        awake.pass_by(passed, asleep)
        schedule._notice_resume()
    assert causes == ["start"]


def test_nothing_runs_before_the_desk_is_unlocked_and_then_it_starts(
    locked_desk: Desk, desk_keys: Keys, awake: Awake, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    made = Schedule(locked_desk)
    made._synchronize_at_start()
    made._synchronize("schedule")
    assert not locked_desk.is_open
    locked_desk.unlock(desk_keys)
    enrolled(locked_desk.store)
    monkeypatch.setattr(locked_desk.synchronizer, "start", begun.append)
    awake.pass_by(HEARTBEAT)
    made._notice_resume()
    made.stop()
    assert begun == ["start"]


def test_nothing_runs_before_activation(desk: Desk, schedule: Schedule, causes: list[str], awake: Awake) -> None:
    leave_partner(desk.store)
    schedule._synchronize_at_start()
    schedule._synchronize("schedule")
    awake.pass_by(HEARTBEAT, asleep=8 * 3600)
    schedule._notice_resume()
    assert causes == []
    assert desk.store.sync.runs() == []


def test_missed_runs_are_one_run_and_late_is_better_than_never(schedule: Schedule) -> None:
    jobs = schedule._scheduler.get_jobs()
    assert len(jobs) == 6
    assert {(job.coalesce, job.max_instances, job.misfire_grace_time) for job in jobs} == {(True, 1, None)}


def test_no_desk_asks_at_the_cut_off_sharp_and_all_ask_spread_over_time(schedule: Schedule) -> None:
    jobs = [job for job in schedule._scheduler.get_jobs() if job.args]
    assert all(job.trigger.jitter >= 60 for job in jobs)
    daily = [job.trigger for job in jobs if isinstance(job.trigger, CronTrigger)]
    plain = [CronTrigger(**{each.name: str(each) for each in trigger.fields}, timezone=PRAGUE) for trigger in daily]
    times = sorted(trigger.get_next_fire_time(None, MORNING).time().strftime("%H:%M") for trigger in plain)
    assert times == ["20:40", "20:55", "21:20"]
    assert sum(isinstance(job.trigger, IntervalTrigger) for job in jobs) == 1


def test_a_schedule_that_was_never_started_can_be_stopped(desk: Desk) -> None:
    made = Schedule(desk)
    made.stop()
    assert not made._scheduler.running
