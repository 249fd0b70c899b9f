"""Amounts and numbers are read as advisors type them; what cannot be read is refused and never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.fields.amounts import parse_decimal, parse_integer, parse_money

quick = settings(deadline=None, database=None, max_examples=200)
UNREADABLE = [
    "",
    "třicet",
    "30 let",
    "1e5",
    "٣٠",
    "３０",
    "²",
    "0x1F",
    "1_000",
    "--5",
    "+",
    "1.5.1990",
    "\ud800",
    "9" * 16,
]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1500000", 1_500_000),
        ("1 500 000", 1_500_000),
        ("1\u00a0500\u00a0000\u00a0Kč", 1_500_000),
        ("1\u202f500\u202f000 kc", 1_500_000),
        ("1.500.000,-", 1_500_000),
        ("1,500,000 CZK", 1_500_000),
        ("1 500 000,--", 1_500_000),
        ("1,5m", 1_500_000),
        ("1.5 mil.", 1_500_000),
        ("500t", 500_000),
        ("500 tis.", 500_000),
        ("2k", 2000),
        ("0", 0),
        ("\u2212500", -500),
        ("0,0005m", 500),
    ],
)
def test_an_amount_is_read_as_it_is_typed(typed: str, amount: int) -> None:
    assert parse_money(typed).value == amount
    assert parse_money(typed).code is None


@pytest.mark.parametrize("typed", [*UNREADABLE, "1500,50", "1,50", "1,5", "0,0000001m", "1.50.000", "1.500,000", "Kč"])
def test_an_amount_that_is_not_in_whole_crowns_is_refused_with_what_was_typed(typed: str) -> None:
    assert parse_money(typed).code == "amount_unreadable"
    assert parse_money(typed).facts == {"typed": typed}
    assert parse_money(typed).value is None


@pytest.mark.parametrize(
    "typed", ["99999999999999m", "9999999999999t", "1000000000m", "9" * 16, "9 999 999 999 999 999"]
)
def test_an_amount_too_long_to_stay_exact_everywhere_is_refused(typed: str) -> None:
    assert parse_money(typed).code == "amount_unreadable"


@pytest.mark.parametrize(
    ("typed", "number"), [("30", 30), (" 1 000 ", 1000), ("-2", -2), ("+7", 7), ("1,000", 1000), ("007", 7)]
)
def test_a_whole_number_is_read(typed: str, number: int) -> None:
    assert parse_integer(typed).value == number


@pytest.mark.parametrize("typed", [*UNREADABLE, "4,5", "30t", "30 Kč"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    assert parse_integer(typed).code == "number_unreadable"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("4,5", "4.5"),
        ("4.50 %", "4.5"),
        ("0,0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("10", "10"),
        ("0,0000000001", "0.0000000001"),
    ],
)
def test_a_decimal_number_has_one_canonical_text(typed: str, canonical: str) -> None:
    assert parse_decimal(typed).value == canonical


@pytest.mark.parametrize("typed", [*UNREADABLE, "1,2,3", ",5", "5,", "NaN", "Infinity", "1,00000000001"])
def test_what_is_no_decimal_number_is_refused(typed: str) -> None:
    assert parse_decimal(typed).code == "number_unreadable"


@quick
@given(st.integers(-(10**14), 10**14), st.sampled_from([" ", "\u00a0", "\u202f", ".", ",", ""]))
def test_an_amount_written_in_groups_reads_back(amount: int, between: str) -> None:
    written = f"{amount:,}".replace(",", between)
    assert parse_money(written).value == amount
    assert parse_integer(written).value == amount
    assert parse_money(f"{written} Kč").value == amount


@quick
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**11), max_value=10**11))
def test_a_decimal_reads_back_from_its_canonical_text(number: object) -> None:
    once = parse_decimal(str(number)).value
    assert once is not None
    assert parse_decimal(str(once)).value == once


@settings(deadline=None, database=None, max_examples=500)
@given(st.text() | st.from_regex(r"[-+0-9., kmtKč\u00a0]{0,20}", fullmatch=True))
def test_any_text_gives_a_value_or_a_problem_never_both(typed: str) -> None:
    for parse in (parse_money, parse_integer, parse_decimal):
        found = parse(typed)
        assert (found.value is None) is (found.code is not None)
        if isinstance(found.value, int):
            assert abs(found.value) < 10**15
