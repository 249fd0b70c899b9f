"""The partner number and the advisor's data, as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localapp.domain.sync.enrolment import (
    LONGEST,
    REQUIRED,
    AdvisorRefused,
    advisor_from,
    advisor_identity,
    clean_partner_number,
    is_doubtful_cnb_number,
)

ALENA = {
    "first_name": "Alena",
    "last_name": "Nováková",
    "advisor_code": "anovakova",
    "cnb_registration_number": "012345PPZ",
}


@pytest.mark.parametrize("typed", ["900001", " 900 001 ", "900\u00a0001", "90000", "900000001"])
def test_a_partner_number_may_be_typed_in_groups(typed: str) -> None:
    assert clean_partner_number(typed) == typed.replace(" ", "").replace("\u00a0", "")


@pytest.mark.parametrize("typed", ["", "800001", "9000", "9000000010", "90000a", "９00001", "HR900001", "-900001"])
def test_what_does_not_start_with_nine_or_has_no_five_to_nine_digits_is_no_partner_number(typed: str) -> None:
    assert clean_partner_number(typed) is None


@given(some.text())
def test_any_text_is_a_partner_number_or_not(typed: str) -> None:
    found = clean_partner_number(typed)
    assert found is None or (found.isascii() and found.isdecimal() and found[0] == "9")


def test_the_same_advisor_is_known_whatever_the_case_and_spaces_of_the_code() -> None:
    assert advisor_identity(" A Novakova ") == advisor_identity("anovakova")
    assert advisor_from(ALENA | {"advisor_code": "A Novakova"}).identity == advisor_from(ALENA).identity
    assert advisor_identity("STRASSE") == advisor_identity("straße")


def test_data_are_trimmed_and_travel_whole() -> None:
    advisor = advisor_from(ALENA | {"first_name": "  Alena \n Marie ", "phone": "777 123 456"})
    assert (advisor.first_name, advisor.phone, advisor.email) == ("Alena Marie", "777 123 456", "")
    assert advisor_from(advisor.as_json()) == advisor


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("typed", ["", "   ", None, 7, "x" * (LONGEST + 1), "a\0b", "a\u202eb"])
def test_a_missing_overlong_or_unprintable_field_is_named(name: str, typed: object) -> None:
    with pytest.raises(AdvisorRefused) as found:
        advisor_from(ALENA | {name: typed})
    assert found.value.field == name


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(AdvisorRefused) as found:
        advisor_from(ALENA | {"password": "x"})
    assert found.value.field == "password"


@given(some.dictionaries(some.sampled_from([*ALENA, "title"]), some.none() | some.text() | some.integers()))
def test_any_data_are_an_advisor_or_refused(data: dict[str, object]) -> None:
    with suppress(AdvisorRefused):
        advisor = advisor_from(ALENA | data)
        assert all(getattr(advisor, name) for name in REQUIRED)


def test_an_unusual_registration_number_is_doubtful_and_a_usual_one_is_not() -> None:
    usual = ("012345PPZ", "012 345 ppz", "012345VZ", "47452820")
    assert [is_doubtful_cnb_number(each) for each in usual] == [False] * 4
    assert [is_doubtful_cnb_number(each) for each in ("12345", "PPZ", "0123456PPZ", "neznám")] == [True] * 4
