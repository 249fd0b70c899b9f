"""Shares as advisors type them; equal parts that make exactly the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localapp.domain.fields.shares import WHOLE, as_text, equal_shares, parse_share


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [("50", 5000), ("33,34 %", 3334), ("33.3", 3330), (" 100,00% ", 10000), ("0,01", 1), ("007", 700)],
)
def test_a_share_is_kept_in_hundredths_of_a_per_cent(typed: str, hundredths: int) -> None:
    assert parse_share(typed).value == hundredths


@pytest.mark.parametrize("typed", ["0", "100,01", "33,333", "-5", "půl", "%", "1e2", "٥٠", "1000"])
def test_what_is_no_share_is_refused_in_its_own_words(typed: str) -> None:
    refused = parse_share(typed)
    assert (refused.code, refused.facts) == ("share_unreadable", {"typed": typed})


@given(st.integers(1, WHOLE))
def test_every_share_reads_back_as_it_is_written(hundredths: int) -> None:
    assert parse_share(as_text(hundredths)).value == hundredths


@given(st.integers(1, 99))
def test_equal_shares_make_exactly_the_whole_and_only_the_first_may_differ(count: int) -> None:
    found = equal_shares(count)
    assert (len(found), sum(found)) == (count, WHOLE)
    assert len(set(found[1:])) <= 1
    assert 0 <= found[0] - found[-1] < count


def test_three_heirs_get_a_third_each_and_the_first_the_hundredth_that_is_left() -> None:
    assert equal_shares(3) == [3334, 3333, 3333]
