"""When a desk synchronizes by itself, rule by rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from localapp.domain.cutoff import PRAGUE, cutoff_of
from localapp.domain.sync.timing import EVERY, LONGEST_BACK_OFF, Timing, back_off, evening_moments

NOON = datetime(2026, 11, 25, 12, tzinfo=PRAGUE).astimezone(UTC)
QUIET = Timing("installation", looked_at=NOON, at_once="")
DESKS = [f"installation-{number}" for number in range(2000)]


def test_a_desk_that_has_just_started_synchronizes_at_once() -> None:
    assert Timing("installation", looked_at=NOON).following(5.0, NOON) == (0.0, "start")


def test_after_one_the_next_comes_in_five_minutes() -> None:
    begun = Timing("installation", looked_at=NOON).begun(10.0, NOON)
    ended = begun.ended(12.0, failed=False, chance=0.5)
    assert ended.following(12.0, NOON) == (EVERY, "schedule")
    assert EVERY == 300


def test_many_completions_in_a_row_make_one_synchronization_two_seconds_after_the_last() -> None:
    timing = QUIET
    for passed in (100.0, 101.0, 102.5):
        timing = timing.completed(passed)
    assert timing.following(103.0, NOON) == (1.5, "completion")
    begun = timing.begun(104.5, NOON)
    assert begun.following(104.5, NOON) == (EVERY, "schedule")


def test_completions_without_a_pause_are_sent_after_ten_seconds_all_the_same() -> None:
    timing = QUIET
    for passed in range(100, 112):
        timing = timing.completed(float(passed))
    wait, cause = timing.following(110.0, NOON)
    assert (wait, cause) == (0.0, "completion")


def test_failures_in_a_row_wait_longer_and_longer_and_never_over_fifteen_minutes() -> None:
    assert [back_off(failures, 0.5) for failures in range(1, 6)] == [2, 4, 8, 16, 32]
    assert {back_off(failures, chance) for failures in (10, 11, 50) for chance in (0.5, 1.0)} == {LONGEST_BACK_OFF}
    assert (back_off(3, 0.0), back_off(3, 1.0)) == pytest.approx((6.4, 9.6))
    timing = QUIET
    for passed in (10.0, 20.0, 30.0):
        timing = timing.ended(passed, failed=True, chance=0.5)
    assert timing.following(30.0, NOON) == (8.0, "schedule")
    assert timing.ended(40.0, failed=False, chance=0.5).following(40.0, NOON) == (EVERY, "schedule")


def test_a_completion_does_not_wait_for_the_back_off() -> None:
    failing = replace(QUIET, failures=9).ended(10.0, failed=True, chance=0.5)
    assert failing.completed(20.0).following(20.0, NOON) == (2.0, "completion")


def test_nothing_happens_before_the_endpoint_wants_to_be_asked_again() -> None:
    barred = QUIET.ended(10.0, failed=True, chance=0.5, retry_after=120.0).completed(11.0)
    assert barred.following(15.0, NOON)[0] == 115.0
    assert barred.following(130.0, NOON)[0] <= 0


def test_a_computer_that_woke_up_asks_at_once_and_its_failures_are_forgotten() -> None:
    woken = replace(QUIET, failures=7, next_at=800.0).resumed()
    assert woken.following(10.0, NOON) == (0.0, "resume")
    assert woken.begun(10.0, NOON).ended(11.0, failed=True, chance=0.5).following(11.0, NOON) == (2.0, "schedule")


def test_around_the_cut_off_a_desk_asks_twice_before_it_and_once_after_it() -> None:
    moments = [each.astimezone(PRAGUE).time() for each in evening_moments("installation", date(2026, 11, 25))]
    assert time(20, 40) <= moments[0] < time(20, 50)
    assert time(20, 52) <= moments[1] < time(20, 58)
    assert time(21, 5) <= moments[2] < time(21, 45)


def test_a_desk_asks_at_the_same_places_every_evening_and_each_moment_once() -> None:
    timing, asked = QUIET, []
    now = NOON
    for _ in range(6):
        wait, cause = timing.following(0.0, now)
        now += timedelta(seconds=wait)
        asked.append((now, cause))
        timing = replace(timing.begun(0.0, now), next_at=None)
    today, tomorrow = (evening_moments("installation", date(2026, 11, day)) for day in (25, 26))
    assert asked == [(each, "schedule") for each in (*today, *tomorrow)]
    assert [each + timedelta(days=1) for each in today] == list(tomorrow)


def test_an_evening_that_was_slept_through_is_made_up_for_once() -> None:
    morning = NOON + timedelta(hours=20)
    wait, cause = QUIET.following(0.0, morning)
    assert (wait <= 0, cause) == (True, "schedule")
    assert QUIET.begun(0.0, morning).following(0.0, morning) == (EVERY, "schedule")


def test_a_clock_that_was_a_year_ahead_and_is_set_right_loses_no_evening() -> None:
    ahead = replace(QUIET, looked_at=NOON + timedelta(days=365)).of("other", NOON)
    first = evening_moments("other", date(2026, 11, 25))[0]
    assert ahead.following(0.0, NOON) == ((first - NOON).total_seconds(), "schedule")


def test_no_herd_comes_at_any_minute_around_the_cut_off() -> None:
    day = date(2026, 11, 25)
    found = [each for desk in DESKS for each in evening_moments(desk, day)]
    minutes: dict[datetime, int] = {}
    for each in found:
        minute = each.replace(second=0, microsecond=0)
        minutes[minute] = minutes.get(minute, 0) + 1
    assert max(minutes.values()) < len(DESKS) / 4
    quiet = cutoff_of(day) - timedelta(minutes=2)
    assert not [each for each in found if quiet <= each < quiet + timedelta(minutes=7)]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_nights_on_which_the_clocks_change_have_their_three_moments(day: date) -> None:
    assert [each.astimezone(PRAGUE).hour for each in evening_moments("installation", day)] == [20, 20, 21]
