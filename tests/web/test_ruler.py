"""The day ruler: how much of the day is left until the export, in Prague, on any night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localapp.web.ruler import Ruler, ruler

PRAGUE = ZoneInfo("Europe/Prague")


def at(*moment: int) -> Ruler:
    return ruler(datetime(*moment, tzinfo=PRAGUE))  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("moment", "left", "soon", "closed"),
    [
        ((2026, 11, 25, 7, 0), "14 h 0 min", False, False),
        ((2026, 11, 25, 17, 46), "3 h 14 min", False, False),
        ((2026, 11, 25, 20, 30), "30 min", True, False),
        ((2026, 11, 25, 20, 59), "1 min", True, False),
        ((2026, 11, 25, 21, 0), "24 h 0 min", False, True),
        ((2026, 11, 25, 23, 59), "21 h 1 min", False, True),
        ((2026, 10, 24, 21, 0), "25 h 0 min", False, True),
        ((2026, 3, 28, 21, 0), "23 h 0 min", False, True),
    ],
)
def test_what_is_left_is_told_in_words_also_over_nights_of_another_length(
    moment: tuple[int, ...], left: str, *, soon: bool, closed: bool
) -> None:
    drawn = at(*moment)
    assert (drawn.left.replace("\u00a0", " "), drawn.soon, drawn.closed) == (left, soon, closed)


def test_the_present_has_its_place_and_label_between_seven_and_nine_in_the_evening() -> None:
    assert (at(2026, 11, 25, 14, 0).now, at(2026, 11, 25, 14, 0).now_label) == ("50.00%", "14:00")
    assert (at(2026, 11, 25, 5, 0).now, at(2026, 11, 25, 5, 0).now_label) == ("0.00%", "")
    assert (at(2026, 11, 25, 22, 0).now, at(2026, 11, 25, 22, 0).now_label) == ("100.00%", "")


def test_the_cut_off_that_the_server_names_is_the_one_that_is_drawn() -> None:
    now = datetime(2026, 11, 25, 17, 46, tzinfo=PRAGUE)
    drawn = ruler(now, now + timedelta(minutes=24))
    assert (drawn.left.replace("\u00a0", " "), drawn.soon) == ("24 min", True)


def test_the_day_is_named_as_in_prague() -> None:
    assert at(2026, 11, 25, 0, 30).day.replace("\u00a0", " ") == "Středa 25. 11. 2026"


@given(some.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=some.just(PRAGUE)))  # noqa: DTZ001 - of Prague
def test_at_any_moment_labels_do_not_touch_and_the_drawing_stays_within_its_ends(now: datetime) -> None:
    drawn = ruler(now)
    place = float(drawn.now.removesuffix("%"))
    assert 0 <= place <= 100
    assert len(drawn.ticks) == 15
    assert all(abs(float(each.x.removesuffix("%")) - place) > 5 for each in drawn.ticks if each.label)
    assert not (drawn.soon and drawn.closed)
    assert now + timedelta(minutes=1)
