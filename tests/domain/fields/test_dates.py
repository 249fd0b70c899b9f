"""Dates are read as advisors type them; a year of two digits means the year they mean."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.fields.dates import EARLIEST, LATEST, parse_date

TODAY = date(2026, 11, 25)
quick = settings(deadline=None, database=None, max_examples=200)


@pytest.mark.parametrize(
    "typed",
    [
        "1.5.1990",
        "01.05.1990",
        "1. 5. 1990",
        "1.\u00a05.\u00a01990",
        "1 5 1990",
        "1/5/1990",
        "1-5-1990",
        "01051990",
        "1990-05-01",
        "1.5.90",
        "010590",
        "1 5 90",
        " 1.5.1990. ",
    ],
)
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert parse_date(typed, TODAY, past=True).value == "1990-05-01"


@pytest.mark.parametrize(
    ("typed", "past", "day"),
    [
        ("24.11.26", True, "2026-11-24"),
        ("25.11.26", True, "2026-11-25"),
        ("26.11.26", True, "1926-11-26"),
        ("31.12.26", True, "1926-12-31"),
        ("1.1.27", True, "1927-01-01"),
        ("1.1.00", True, "2000-01-01"),
        ("1.1.27", False, "2027-01-01"),
        ("1.1.99", False, "2099-01-01"),
    ],
)
def test_two_digits_of_a_birth_date_mean_the_latest_day_that_has_been(typed: str, past: bool, day: str) -> None:
    assert parse_date(typed, TODAY, past=past).value == day


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "date_unreadable"),
        ("zítra", "date_unreadable"),
        ("1.5.", "date_unreadable"),
        ("1.5.190", "date_unreadable"),
        ("151990", "date_impossible"),
        ("١.٥.١٩٩٠", "date_unreadable"),
        ("1.5.1990 10:00", "date_unreadable"),
        ("31.2.1990", "date_impossible"),
        ("29.2.1900", "date_impossible"),
        ("0.5.1990", "date_impossible"),
        ("1.13.1990", "date_impossible"),
        ("31.12.1899", "date_out_of_range"),
        ("1.1.2200", "date_out_of_range"),
        ("0000-01-01", "date_out_of_range"),
        ("9999-12-31", "date_out_of_range"),
    ],
)
def test_what_is_no_day_says_why(typed: str, code: str) -> None:
    found = parse_date(typed, TODAY, past=True)
    assert (found.code, found.value, found.facts) == (code, None, {"typed": typed})


@quick
@given(st.dates(EARLIEST, LATEST), st.booleans())
def test_every_day_reads_back_from_every_way_of_writing_it(day: date, past: bool) -> None:
    for written in (
        day.isoformat(),
        f"{day.day}. {day.month}. {day.year}",
        f"{day:%d%m%Y}",
        f"{day.day}.\u00a0{day.month}.\u00a0{day.year}",
    ):
        assert parse_date(written, TODAY, past=past).value == day.isoformat()


@quick
@given(st.dates(date(1927, 1, 1), TODAY))
def test_the_short_year_of_somebody_younger_than_a_hundred_is_right(born: date) -> None:
    assert parse_date(f"{born:%d.%m.%y}", TODAY, past=True).value == born.isoformat()


@settings(deadline=None, database=None, max_examples=500)
@given(st.text() | st.from_regex(r"[0-9./ -]{0,12}", fullmatch=True), st.booleans())
def test_any_text_gives_a_day_or_a_problem(typed: str, past: bool) -> None:
    found = parse_date(typed, TODAY, past=past)
    assert (found.value is None) is (found.code is not None)
    if found.value is not None:
        assert date.fromisoformat(str(found.value)).isoformat() == found.value
