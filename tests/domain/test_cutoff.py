"""The business day closes at 21:00 in Prague, also in the two nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.cutoff import business_day_of, cutoff_of, last_closed_day, next_cutoff

quick = settings(deadline=None, database=None, max_examples=200)
DAYS = st.dates(date(2020, 1, 1), date(2090, 1, 1))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 1, 15), 20),
        (date(2026, 7, 15), 19),
        (date(2026, 3, 28), 20),
        (date(2026, 3, 29), 19),
        (date(2026, 10, 24), 19),
        (date(2026, 10, 25), 20),
    ],
)
def test_nine_in_the_evening_is_nine_in_summer_and_in_winter(day: date, hour: int) -> None:
    assert cutoff_of(day) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_what_arrives_at_nine_belongs_to_tomorrow() -> None:
    nine = cutoff_of(date(2026, 11, 25))
    assert business_day_of(nine - timedelta(microseconds=1)) == date(2026, 11, 25)
    assert business_day_of(nine) == date(2026, 11, 26)
    assert next_cutoff(nine) == cutoff_of(date(2026, 11, 26))
    assert last_closed_day(nine) == date(2026, 11, 25)


@quick
@given(MOMENTS)
def test_every_moment_belongs_to_the_one_day_whose_end_is_next(moment: datetime) -> None:
    day = business_day_of(moment)
    assert cutoff_of(day - timedelta(days=1)) <= moment < cutoff_of(day)
    assert next_cutoff(moment) == cutoff_of(day)
    assert last_closed_day(moment) == day - timedelta(days=1)


@quick
@given(DAYS)
def test_business_days_follow_each_other_without_gap_and_last_about_a_day(day: date) -> None:
    lasts = cutoff_of(day + timedelta(days=1)) - cutoff_of(day)
    assert lasts in {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)}
