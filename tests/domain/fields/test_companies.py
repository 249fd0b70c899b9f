"""Company ids and VAT ids: filled up, checked, kept in one form."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cz import dic

from localapp.domain.fields.companies import parse_company_id, parse_vat_id

TODAY = date(2026, 11, 25)
quick = settings(deadline=None, database=None, max_examples=100)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("47452820", "47452820"),
        ("474 52 820", "47452820"),
        ("47\u00a045\u00a028\u00a020", "47452820"),
        ("45317054", "45317054"),
        ("27082440", "27082440"),
        ("25123891", "25123891"),
        ("00177041", "00177041"),
        ("177041", "00177041"),
        ("6947", "00006947"),
        ("00006947", "00006947"),
    ],
)
def test_a_company_id_has_eight_digits(typed: str, kept: str) -> None:
    assert parse_company_id(typed).value == kept
    assert parse_company_id(kept).value == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "company_id_unreadable"),
        ("IČO", "company_id_unreadable"),
        ("474528201", "company_id_unreadable"),
        ("4745282O", "company_id_unreadable"),
        ("-47452820", "company_id_unreadable"),
        ("\u0664\u0667452820", "company_id_unreadable"),
        ("47452821", "company_id_invalid"),
        ("47452280", "company_id_invalid"),
        ("6948", "company_id_invalid"),
        ("0", "company_id_invalid"),
        ("00000000", "company_id_invalid"),
    ],
)
def test_a_wrong_company_id_says_whether_it_is_one_at_all(typed: str, code: str) -> None:
    assert (parse_company_id(typed).value, parse_company_id(typed).code) == (None, code)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("CZ47452820", "CZ47452820"),
        ("cz 474 52 820", "CZ47452820"),
        ("47452820", "CZ47452820"),
        ("CZ7103192745", "CZ7103192745"),
        ("CZ710319/2745", "CZ7103192745"),
        ("CZ640903926", "CZ640903926"),
        ("CZ699000761", "CZ699000761"),
        ("CZ530101123", "CZ530101123"),
    ],
)
def test_a_vat_id_has_its_country(typed: str, kept: str) -> None:
    assert parse_vat_id(typed, TODAY).value == kept
    assert parse_vat_id(kept, TODAY).value == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "vat_id_unreadable"),
        ("CZ", "vat_id_unreadable"),
        ("SK47452820", "vat_id_unreadable"),
        ("CZ4745282", "vat_id_unreadable"),
        ("CZ47452820123", "vat_id_unreadable"),
        ("CZ47452821", "vat_id_invalid"),
        ("CZ91234567", "vat_id_invalid"),
        ("CZ640903927", "vat_id_invalid"),
        ("CZ7103192746", "vat_id_invalid"),
        ("CZ540101123", "vat_id_invalid"),
    ],
)
def test_a_wrong_vat_id_says_whether_it_is_one_at_all(typed: str, code: str) -> None:
    assert (parse_vat_id(typed, TODAY).value, parse_vat_id(typed, TODAY).code) == (None, code)


@quick
@given(st.integers(0, 9_999_999), st.integers(0, 9))
def test_exactly_one_last_digit_is_right_and_the_library_agrees(start: int, digit: int) -> None:
    typed = f"{start:07}{digit}"
    accepted = parse_company_id(typed).value is not None
    assert accepted is (f"{start:07}{dic.calc_check_digit_legal(f'{start:07}')}" == typed)


@quick
@given(st.text() | st.from_regex(r"(CZ)?[0-9 ]{0,12}", fullmatch=True))
def test_any_text_gives_a_value_or_a_problem(typed: str) -> None:
    for found in (parse_company_id(typed), parse_vat_id(typed, TODAY)):
        assert (found.value is None) is (found.code is not None)
