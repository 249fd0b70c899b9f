"""Every rule of Czech data that the research lists, by name: what it takes, what it refuses, and in which words.

Source: the table of issue 6's findings, "Validation of Czech data". What python-stdnum was measured to take wrongly is
in ``tests/domain/fields/test_measured_gaps.py``; the edges of each rule stand beside its type.
"""

from datetime import date

import pytest

from localapp.domain.fields.parsed import Parsed
from localapp.domain.forms.agreement import DISTINCT, PAIRS
from localapp.domain.forms.definition import Field, FieldType
from localapp.domain.forms.reading import read_text

TODAY = date(2026, 11, 25)

TAKEN = [
    ("birth number, nine digits to 1953", FieldType.BIRTH_NUMBER, "535101/123", "535101/123"),
    ("birth number, ten digits from 1954", FieldType.BIRTH_NUMBER, "9005011235", "900501/1235"),
    ("birth number, woman's month + 50", FieldType.BIRTH_NUMBER, "9155121008", "915512/1008"),
    ("birth number, man's month + 20 from 2004", FieldType.BIRTH_NUMBER, "0421011008", "042101/1008"),
    ("birth number, woman's month + 70 from 2004", FieldType.BIRTH_NUMBER, "0471011002", "047101/1002"),
    ("birth number, rest ten to 1985", FieldType.BIRTH_NUMBER, "8501011080", "850101/1080"),
    ("company id, filled up to eight digits", FieldType.COMPANY_ID, "6947", "00006947"),
    ("VAT id of a company", FieldType.VAT_ID, "cz 00006947", "CZ00006947"),
    ("VAT id of a person", FieldType.VAT_ID, "CZ7103192745", "CZ7103192745"),
    ("account with a prefix", FieldType.BANK_ACCOUNT, "19-2000145399/0800", "19-2000145399/0800"),
    ("account typed as an IBAN", FieldType.BANK_ACCOUNT, "CZ65 0800 0000 1920 0014 5399", "19-2000145399/0800"),
    ("IBAN typed as an account", FieldType.IBAN, "19-2000145399/0800", "CZ6508000000192000145399"),
    ("postal code, Czech", FieldType.POSTAL_CODE, "11000", "110 00"),
    ("postal code, Slovak", FieldType.POSTAL_CODE, "81102", "811 02"),
    ("telephone with its country", FieldType.PHONE, "777 123 456", "+420777123456"),
    ("e-mail of another alphabet", FieldType.EMAIL, "jan@Háčkyčárky.cz", "jan@háčkyčárky.cz"),
    ("PPZ", FieldType.CNB_REGISTRATION_NUMBER, "012345ppz", "012345PPZ"),
    ("PPZ as a company id", FieldType.CNB_REGISTRATION_NUMBER, "00006947", "00006947"),
    ("HR", FieldType.PARTNER_NUMBER, "900 001", "900001"),
    ("policy number", FieldType.POLICY_NUMBER, "700 123 4567", "7001234567"),
    ("identity card, nine digits", FieldType.IDENTITY_DOCUMENT, "123 456 789", "123456789"),
    ("identity card, six digits and two letters", FieldType.IDENTITY_DOCUMENT, "123456ab", "123456AB"),
    ("share, in hundredths", FieldType.SHARE, "33,34 %", 3334),
]
REFUSED = [
    ("birth number, months 21 to 32 before 2004", FieldType.BIRTH_NUMBER, "8521011004", "birth_number_date_impossible"),
    ("birth number, months 41 to 49", FieldType.BIRTH_NUMBER, "9041011001", "birth_number_date_impossible"),
    ("birth number, months 91 to 99", FieldType.BIRTH_NUMBER, "9091011006", "birth_number_date_impossible"),
    ("birth number, born in the future", FieldType.BIRTH_NUMBER, "5301011001", "birth_number_in_future"),
    ("birth number, serial 000", FieldType.BIRTH_NUMBER, "530101000", "birth_number_without_serial"),
    ("company id of zeros", FieldType.COMPANY_ID, "00000000", "company_id_invalid"),
    (
        "account with something behind the bank",
        FieldType.BANK_ACCOUNT,
        "19-2000145399/0800abc",
        "bank_account_unreadable",
    ),
    ("account with a longer bank", FieldType.BANK_ACCOUNT, "19-2000145399/0800999", "bank_account_unreadable"),
    ("account of zeros", FieldType.BANK_ACCOUNT, "00/0800", "bank_account_too_short"),
    ("account at no bank", FieldType.BANK_ACCOUNT, "19-2000145399/0801", "bank_code_unknown"),
    ("IBAN whose account is wrong", FieldType.IBAN, "CZ9208000000192000145398", "iban_account_invalid"),
    ("postal code of four digits", FieldType.POSTAL_CODE, "1100", "postal_code_invalid"),
    ("telephone from 0 or 1", FieldType.PHONE, "077 123 456", "phone_invalid"),
    ("e-mail without a domain", FieldType.EMAIL, "jan@", "email_invalid"),
    ("HR from another digit", FieldType.PARTNER_NUMBER, "800001", "partner_number_invalid"),
    ("policy number from another digit", FieldType.POLICY_NUMBER, "6001234567", "policy_number_not_seven"),
    ("share beyond the whole", FieldType.SHARE, "100,01", "share_unreadable"),
]
TOLD = [
    ("birth number, rest ten after 1985", FieldType.BIRTH_NUMBER, "1201011010", "birth_number_doubtful"),
    ("e-mail with a slip", FieldType.EMAIL, "jan@seznan.cz", "email_mistyped"),
    (
        "PPZ of another shape never blocks",
        FieldType.CNB_REGISTRATION_NUMBER,
        "DPZ-1",
        "cnb_number_doubtful",
    ),
]


def read(kind: FieldType, typed: str) -> Parsed:
    return read_text(Field("answer", kind, {"cs": "x", "en": "x"}, 1), typed, (), TODAY)


@pytest.mark.parametrize(("kind", "typed", "kept"), [row[1:] for row in TAKEN], ids=[row[0] for row in TAKEN])
def test_what_is_right_is_kept_in_one_way_of_writing(kind: FieldType, typed: str, kept: str | int) -> None:
    assert read(kind, typed) == Parsed(kept)


@pytest.mark.parametrize(("kind", "typed", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_wrong_is_refused_with_its_reason(kind: FieldType, typed: str, code: str) -> None:
    found = read(kind, typed)
    assert (found.value, found.code, found.level) == (None, code, "error")


@pytest.mark.parametrize(("kind", "typed", "code"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_what_is_doubtful_is_kept_and_told(kind: FieldType, typed: str, code: str) -> None:
    found = read(kind, typed)
    assert found.value is not None
    assert (found.code, found.level) == (code, "warning")


def test_what_a_birth_number_says_must_agree_and_nobody_has_anothers() -> None:
    assert {(FieldType.DATE, FieldType.BIRTH_NUMBER), (FieldType.CHOICE, FieldType.BIRTH_NUMBER)} <= {*PAIRS}
    assert FieldType.BIRTH_NUMBER in DISTINCT
