"""Accounts and IBAN: read however they are typed, kept in one form, refused with what is wrong in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum.cz import bankaccount

from localapp.domain.fields.accounts import (
    account_of,
    bank_of,
    iban_of,
    parse_bank_account,
    parse_iban,
    parse_sipo_number,
)
from localapp.domain.fields.bank_codes import BANKS

quick = settings(deadline=None, database=None, max_examples=100)
IBAN = "CZ6508000000192000145399"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19-2000145399/0800", "19-2000145399/0800"),
        (" 19 - 2000145399 / 0800 ", "19-2000145399/0800"),
        ("19\u20132000145399/0800", "19-2000145399/0800"),
        ("19\u22122000145399/0800", "19-2000145399/0800"),
        ("19-2000\u00a0145\u00a0399/0800", "19-2000145399/0800"),
        ("000019-2000145399/0800", "19-2000145399/0800"),
        ("000000-2000145399/0800", "2000145399/0800"),
        ("0-2000145399/0800", "2000145399/0800"),
        ("2000145399/0800", "2000145399/0800"),
        ("0000000019/0100", "19/0100"),
        ("19/0100", "19/0100"),
        ("107-123457/0300", "107-123457/0300"),
        ("35-19/2010", "35-19/2010"),
        ("721-86035/0710", "721-86035/0710"),
        (IBAN, "19-2000145399/0800"),
        ("cz65 0800 0000 1920 0014 5399", "19-2000145399/0800"),
    ],
)
def test_an_account_is_read_however_it_is_typed(typed: str, kept: str) -> None:
    assert parse_bank_account(typed).value == kept
    assert parse_bank_account(kept).value == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "bank_account_unreadable"),
        ("účet", "bank_account_unreadable"),
        ("9/0800", "bank_account_unreadable"),
        ("12345678901/0800", "bank_account_unreadable"),
        ("1234567-2000145399/0800", "bank_account_unreadable"),
        ("19-2000145399/080", "bank_account_unreadable"),
        ("19-2000145399/08000", "bank_account_unreadable"),
        ("19-2000145399/", "bank_account_unreadable"),
        ("-2000145399/0800", "bank_account_unreadable"),
        ("19--2000145399/0800", "bank_account_unreadable"),
        ("19/2000145399/0800", "bank_account_unreadable"),
        ("19-2000145399\\0800", "bank_account_unreadable"),
        ("19-2000145399/0800\nx", "bank_account_unreadable"),
        ("\u0661\u0669-2000145399/0800", "bank_account_unreadable"),
        ("DE89370400440532013000", "bank_account_unreadable"),
        ("19-2000145399", "bank_code_missing"),
        ("2000145399", "bank_code_missing"),
        ("19-2000145399/9999", "bank_code_unknown"),
        ("19-2000145399/0000", "bank_code_unknown"),
        ("10/0800", "bank_account_too_short"),
        ("5000000000/0800", "bank_account_too_short"),
        ("18-2000145399/0800", "bank_account_prefix_invalid"),
        ("91-2000145399/0800", "bank_account_prefix_invalid"),
        ("19-2000145398/0800", "bank_account_invalid"),
        ("19-2000145939/0800", "bank_account_invalid"),
        ("CZ6608000000192000145399", "iban_invalid"),
        ("CZ9208000000192000145398", "iban_account_invalid"),
    ],
)
def test_a_wrong_account_says_what_is_wrong_in_it(typed: str, code: str) -> None:
    assert (parse_bank_account(typed).value, parse_bank_account(typed).code) == (None, code)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (IBAN, IBAN),
        ("CZ65 0800 0000 1920 0014 5399", IBAN),
        ("cz65\u00a00800\u00a00000\u00a01920\u00a00014\u00a05399", IBAN),
        ("IBAN: CZ65 0800 0000 1920 0014 5399", IBAN),
        ("IBAN CZ6508000000192000145399", IBAN),
        ("CZ65-0800-0000-1920-0014-5399", IBAN),
        ("19-2000145399/0800", IBAN),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("SK31 1200 0000 1987 4263 7541", "SK3112000000198742637541"),
        ("AT611904300234573201", "AT611904300234573201"),
        ("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("PL61109010140000071219812874", "PL61109010140000071219812874"),
    ],
)
def test_an_iban_is_read_however_it_is_typed(typed: str, kept: str) -> None:
    assert parse_iban(typed).value == kept
    assert parse_iban(kept).value == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "iban_unreadable"),
        ("CZ", "iban_unreadable"),
        ("6508000000192000145399", "iban_unreadable"),
        ("CZ65 0800 0000 1920 0014 5399 účet", "iban_unreadable"),
        ("CZ6608000000192000145399", "iban_invalid"),
        ("CZ5608000000192000145399", "iban_invalid"),
        ("CZ650800000019200014539", "iban_invalid"),
        ("CZ65080000001920001453990", "iban_invalid"),
        ("DE89370400440532013001", "iban_invalid"),
        ("DE8937040044053201300", "iban_invalid"),
        ("XX89370400440532013000", "iban_invalid"),
        ("CZ9208000000192000145398", "iban_account_invalid"),
        ("19-2000145398/0800", "bank_account_invalid"),
        ("19-2000145399/9999", "bank_code_unknown"),
    ],
)
def test_a_wrong_iban_says_what_is_wrong_in_it(typed: str, code: str) -> None:
    assert (parse_iban(typed).value, parse_iban(typed).code) == (None, code)


def test_the_right_check_digits_do_not_save_an_account_of_no_bank() -> None:
    inner = "99990000192000145399"
    check = 98 - int(f"{inner}123500") % 97
    assert parse_iban(f"CZ{check:02}{inner}").code == "iban_account_invalid"


@pytest.mark.parametrize(
    ("number", "bank"),
    [
        ("19-2000145399/0800", "Česká spořitelna, a.s."),
        (IBAN, "Česká spořitelna, a.s."),
        ("2000145399/0100", "Komerční banka, a.s."),
        ("2000145399/2010", "Fio banka, a.s."),
        ("DE89370400440532013000", None),
    ],
)
def test_the_bank_is_named(number: str, bank: str | None) -> None:
    assert bank_of(number) == bank


@pytest.mark.parametrize("code", BANKS)
def test_every_bank_has_a_code_of_four_digits_and_a_name(code: str) -> None:
    assert len(code) == 4
    assert code.isdigit()
    assert parse_bank_account(f"2000145399/{code}").value == f"2000145399/{code}"


@st.composite
def accounts(draw: st.DrawFn) -> str:
    """A right account: digits drawn at random, the last one mended where some last digit fits."""
    prefix = draw(st.integers(0, 99999).map(_mended).filter(lambda each: each is not None))
    number = draw(st.integers(10, 999_999_999).map(_mended).filter(lambda each: each and len(set(each) - {"0"}) > 0))
    assert number
    bank = draw(st.sampled_from(sorted(BANKS)))
    if len(number.replace("0", "")) < 2:
        number = "2000145399"
    return f"{prefix}-{number}/{bank}" if prefix and prefix.strip("0") else f"{number}/{bank}"


def _mended(start: int) -> str | None:
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    rest = sum(weight * int(digit) for weight, digit in zip(weights[1:], reversed(str(start)), strict=False)) % 11
    return None if rest == 1 else f"{start}{(11 - rest) % 11}".lstrip("0")


@quick
@given(accounts())
def test_an_account_and_its_iban_say_each_other(account: str) -> None:
    assert parse_bank_account(account).value == account
    whole = iban_of(account)
    assert stdnum_iban.is_valid(whole)
    assert (account_of(whole), parse_iban(whole).value) == (account, whole)
    assert parse_iban(account).value == whole
    assert parse_bank_account(whole).value == account
    assert bankaccount.is_valid(account)


@quick
@given(st.text() | st.from_regex(r"[0-9/-]{0,24}", fullmatch=True) | st.from_regex(r"CZ[0-9 ]{0,30}", fullmatch=True))
def test_any_text_gives_a_value_or_a_problem(typed: str) -> None:
    for parse in (parse_bank_account, parse_iban, parse_sipo_number):
        found = parse(typed)
        assert (found.value is None) is (found.code is not None)
        assert found.value is None or parse(str(found.value)) == found


@pytest.mark.parametrize("typed", ["1234567890", "12 3456 7890", "12\u00a03456\u00a07890"])
def test_a_sipo_number_has_ten_digits(typed: str) -> None:
    assert parse_sipo_number(typed).value == "1234567890"


@pytest.mark.parametrize("typed", ["", "123456789", "12345678901", "12345678a0", "\u0661234567890"])
def test_what_has_not_ten_digits_is_no_sipo_number(typed: str) -> None:
    assert parse_sipo_number(typed).code == "sipo_number_invalid"
