"""What python-stdnum 2.2 was measured to accept, and ours refuses or tells. Measured again with each run."""

from collections.abc import Callable
from datetime import date

import pytest
from stdnum import iban
from stdnum.cz import bankaccount, dic, rc

from localapp.domain.fields.accounts import parse_bank_account, parse_iban
from localapp.domain.fields.birth_numbers import birth_date_of, parse_birth_number
from localapp.domain.fields.companies import parse_company_id, parse_vat_id
from localapp.domain.fields.parsed import Parsed

TODAY = date(2026, 11, 25)
Reading = Callable[[str], Parsed]


def birth_number(text: str) -> Parsed:
    return parse_birth_number(text, TODAY)


def vat_id(text: str) -> Parsed:
    return parse_vat_id(text, TODAY)


@pytest.mark.parametrize(
    ("lenient", "read", "typed", "code"),
    [
        (rc, birth_number, "8521011004", "birth_number_date_impossible"),  # months 21 to 32 before 2004
        (rc, birth_number, "8532011004", "birth_number_date_impossible"),
        (rc, birth_number, "8571011009", "birth_number_date_impossible"),  # months 71 to 82 before 2004
        (rc, birth_number, "8582011009", "birth_number_date_impossible"),
        (rc, birth_number, "9041011001", "birth_number_date_impossible"),  # months 41 to 49 in any year
        (rc, birth_number, "9049011004", "birth_number_date_impossible"),
        (rc, birth_number, "0441011010", "birth_number_date_impossible"),
        (rc, birth_number, "0499011007", "birth_number_date_impossible"),
        (rc, birth_number, "9091011006", "birth_number_date_impossible"),  # months 91 to 99 in any year
        (rc, birth_number, "9099011009", "birth_number_date_impossible"),
        (rc, birth_number, "5301011001", "birth_number_in_future"),  # born in 2053
        (rc, birth_number, "5351011006", "birth_number_in_future"),
        (rc, birth_number, "2712311008", "birth_number_in_future"),
        (rc, birth_number, "530101000", "birth_number_without_serial"),
        (rc, birth_number, "805101000", "birth_number_without_serial"),
        (dic, vat_id, "8521011004", "vat_id_invalid"),  # a VAT id of a person is a birth number
        (dic, vat_id, "5301011001", "vat_id_invalid"),
        (bankaccount, parse_bank_account, "19-2000145399/0800abc", "bank_account_unreadable"),
        (bankaccount, parse_bank_account, "19-2000145399/0800999", "bank_account_unreadable"),
        (bankaccount, parse_bank_account, "00/0800", "bank_account_too_short"),
        (bankaccount, parse_bank_account, "0000/0800", "bank_account_too_short"),
        (iban, parse_iban, "CZ9208000000192000145398", "iban_account_invalid"),
    ],
)
def test_a_number_that_the_library_accepts_is_refused(lenient: object, read: Reading, typed: str, code: str) -> None:
    assert lenient.is_valid(typed)  # type: ignore[attr-defined]  # a module of stdnum
    assert (read(typed).value, read(typed).code) == (None, code)


@pytest.mark.parametrize("typed", ["1201011010", "8601011090"])
def test_a_rest_of_ten_after_1985_is_kept_with_a_warning(typed: str) -> None:
    assert rc.is_valid(typed)
    found = birth_number(typed)
    assert (found.value, found.code, found.level) == (f"{typed[:6]}/{typed[6:]}", "birth_number_doubtful", "warning")


def test_a_rest_of_ten_until_1985_is_nothing_to_speak_of() -> None:
    assert birth_number("8501011080") == Parsed("850101/1080")


@pytest.mark.parametrize(("typed", "born"), [("805101123", 1880), ("990101123", 1899), ("000101123", 1900)])
def test_nine_digits_from_80_on_are_of_the_nineteenth_century(typed: str, born: int) -> None:
    found = birth_date_of(typed)
    assert found is not None
    assert found.year == born


@pytest.mark.parametrize("typed", ["6947", "06947", "006947", "0006947", "00006947"])
def test_a_company_id_is_filled_up_with_zeros_which_the_library_does_not_do(typed: str) -> None:
    assert parse_company_id(typed).value == "00006947"
    assert dic.is_valid(typed) is (typed == "00006947")
