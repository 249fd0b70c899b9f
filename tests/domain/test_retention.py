"""Documents stay for six months after their last edit or fact; what is still needed stays longer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localapp.domain.lifecycle import Facts, Kind
from localapp.domain.retention import NOTICE, Held, Kept, months_after, retention

EDITED = datetime(2026, 1, 31, 12, tzinfo=UTC)
LATER = datetime(2026, 2, 10, 12, tzinfo=UTC)
OVER = datetime(2026, 8, 31, tzinfo=UTC)
EXPORTED = Facts(Kind.OFFER, completed_at=EDITED, backed_up_at=EDITED, exported_at=LATER)


def test_six_months_count_from_the_last_edit_or_fact() -> None:
    assert retention(EXPORTED, Held(EDITED)).leaves_at == datetime(2026, 8, 10, 12, tzinfo=UTC)
    kept = Held(EDITED, kept_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert retention(EXPORTED, kept).leaves_at == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("months", "expected"),
    [(1, "2026-02-28"), (5, "2026-06-30"), (6, "2026-07-31"), (11, "2026-12-31"), (-2, "2025-11-30")],
)
def test_a_month_that_is_shorter_ends_on_its_last_day(months: int, expected: str) -> None:
    assert months_after(EDITED, months).date().isoformat() == expected


@given(st.integers(0, 30_000), st.integers(0, 40))
def test_months_later_is_never_earlier_and_never_skips_a_month(days: int, months: int) -> None:
    moment = EDITED + timedelta(days=days)
    later = months_after(moment, months)
    assert (later.year - moment.year) * 12 + later.month - moment.month == months
    assert later.day <= moment.day


def test_it_leaves_thirty_days_after_it_was_announced_at_the_earliest() -> None:
    told = Held(EDITED, told_at=OVER)
    assert retention(EXPORTED, told).leaves_at == OVER + NOTICE
    assert not retention(EXPORTED, told).is_over(OVER + NOTICE - timedelta(seconds=1))
    assert retention(EXPORTED, told).is_over(OVER + NOTICE)


def test_it_is_announced_thirty_days_ahead() -> None:
    found = retention(EXPORTED, Held(EDITED))
    assert not found.is_announced(found.leaves_at - NOTICE - timedelta(seconds=1))
    assert found.is_announced(found.leaves_at - NOTICE)


DRAFT = Facts(Kind.OFFER, working_copy_at=EDITED)
COMPLETED = Facts(Kind.OFFER, completed_at=EDITED)
BACKED_UP = replace(COMPLETED, backed_up_at=EDITED)
KEPT: list[tuple[Facts, Held, Kept | None]] = [
    (EXPORTED, Held(EDITED), None),
    (EXPORTED, Held(EDITED, waits=True), Kept.WAITING),
    (EXPORTED, Held(EDITED, in_conflict=True), Kept.CONFLICT),
    (COMPLETED, Held(EDITED, confirmed_at=OVER), Kept.WAITING),
    (replace(COMPLETED, cancelled_at=EDITED), Held(EDITED), None),
    (BACKED_UP, Held(EDITED, confirmed_at=OVER), Kept.NOT_EXPORTED),
    (replace(BACKED_UP, kind=Kind.OTHER), Held(EDITED), None),
    (replace(BACKED_UP, signed_at=EDITED), Held(EDITED), Kept.NOT_EXPORTED),
    (DRAFT, Held(EDITED), Kept.UNCONFIRMED),
    (DRAFT, Held(EDITED, confirmed_at=LATER), None),
    (DRAFT, Held(LATER, confirmed_at=EDITED), Kept.UNCONFIRMED),
    (replace(BACKED_UP, returned_at=EDITED), Held(EDITED), Kept.UNCONFIRMED),
    (replace(EXPORTED, working_copy_at=EDITED), Held(EDITED), Kept.UNCONFIRMED),
]


@pytest.mark.parametrize(("facts", "held", "kept"), KEPT)
def test_what_is_still_needed_stays(facts: Facts, held: Held, kept: Kept | None) -> None:
    assert retention(facts, held).kept is kept
    assert retention(facts, held).is_over(OVER) == (kept is None)
