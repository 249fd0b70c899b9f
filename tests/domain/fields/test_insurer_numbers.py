"""Numbers that the insurer and the Czech National Bank give."""

import pytest

from localapp.domain.fields.insurer_numbers import (
    parse_cnb_registration_number,
    parse_partner_number,
    parse_policy_number,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("7001234567", "7001234567"),
        ("700 123 45 67", "7001234567"),
        ("70\u00a001234567", "7001234567"),
        ("700123", "700123"),
        ("712345678901", "712345678901"),
    ],
)
def test_a_policy_number_starts_with_seven(typed: str, kept: str) -> None:
    assert parse_policy_number(typed).value == kept
    assert parse_policy_number(kept).value == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("6001234567", "policy_number_not_seven"),
        ("0700123456", "policy_number_not_seven"),
        ("1", "policy_number_not_seven"),
        ("", "policy_number_unreadable"),
        ("70012", "policy_number_unreadable"),
        ("7123456789012", "policy_number_unreadable"),
        ("70012345A7", "policy_number_unreadable"),
        ("sedm", "policy_number_unreadable"),
        ("7\u0660\u0660123456", "policy_number_unreadable"),
    ],
)
def test_another_number_says_why_it_is_none(typed: str, code: str) -> None:
    assert (parse_policy_number(typed).value, parse_policy_number(typed).code) == (None, code)


@pytest.mark.parametrize(("typed", "kept"), [("900001", "900001"), ("900 001", "900001"), ("90000", "90000")])
def test_a_partner_number_starts_with_nine(typed: str, kept: str) -> None:
    assert parse_partner_number(typed).value == kept


@pytest.mark.parametrize("typed", ["", "800001", "9000", "9000000001", "90000a", "\u0669\u0660\u0660001"])
def test_what_is_no_partner_number_is_refused(typed: str) -> None:
    assert parse_partner_number(typed).code == "partner_number_invalid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("012345PPZ", "012345PPZ"),
        ("012345ppz", "012345PPZ"),
        ("012 345 PPZ", "012345PPZ"),
        ("012345VZ", "012345VZ"),
        ("012345DPZ", "012345DPZ"),
        ("47452820", "47452820"),
        ("474\u00a052\u00a0820", "47452820"),
    ],
)
def test_a_registration_at_the_bank_is_a_number_with_letters_or_a_company_id(typed: str, kept: str) -> None:
    found = parse_cnb_registration_number(typed)
    assert (found.value, found.code) == (kept, None)


@pytest.mark.parametrize("typed", ["12345PPZ", "0123456PPZ", "PPZ", "47452821", "neznám", "012345"])
def test_an_unusual_registration_is_kept_with_a_warning_and_blocks_nobody(typed: str) -> None:
    found = parse_cnb_registration_number(typed)
    assert (found.value, found.code, found.level) == (typed.upper(), "cnb_number_doubtful", "warning")
