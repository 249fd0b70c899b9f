"""Numbers of identity documents, and the machine-readable lines of cards and passports."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.fields.identity_documents import KINDS, parse_identity_document, wrong_for_kind
from localapp.domain.fields.machine_readable import check_digit

TODAY = date(2026, 11, 25)
quick = settings(deadline=None, database=None, max_examples=100)
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
SMALL = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
"""The specimens of ICAO Doc 9303, parts 5, 6 and 4."""
ANNA = {"last_name": "Eriksson", "first_name": "Anna Maria", "birth_date": "1974-08-12", "expires_on": "2012-04-15",
        "sex": "female"}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("123456789", "123456789"),
        ("123 456 789", "123456789"),
        ("123\u00a0456\u00a0789", "123456789"),
        ("123456ab", "123456AB"),
        ("123456 AB 12", "123456AB12"),
        ("AB 123456", "AB123456"),
        ("38123456", "38123456"),
        ("L898902C3", "L898902C3"),
        ("c01x00t47", "C01X00T47"),
        ("ZR 123-456/7", "ZR1234567"),
    ],
)
def test_a_number_is_kept_without_blanks_in_capitals(typed: str, kept: str) -> None:
    assert parse_identity_document(typed, TODAY).value == kept
    assert parse_identity_document(kept, TODAY).value == kept


@pytest.mark.parametrize(
    "typed", ["", "12345", "OBČANKA", "ABCDEFGH", "1234567890123", "12345678*", "\u0661\u0662345678"]
)
def test_what_is_no_number_of_a_document_is_refused(typed: str) -> None:
    assert parse_identity_document(typed, TODAY).code == "identity_document_unreadable"


@pytest.mark.parametrize(
    ("number", "fitting"),
    [
        ("123456789", {"identity_card", "passport", "residence_permit"}),
        ("123456AB", {"identity_card", "passport", "residence_permit"}),
        ("AB123456", {"identity_card", "passport", "residence_permit"}),
        ("123456AB12", {"identity_card", "residence_permit"}),
        ("38123456", {"passport", "residence_permit"}),
        ("L898902C3", {"passport", "residence_permit"}),
        ("AB1234567890", {"residence_permit"}),
    ],
)
def test_a_number_fits_its_kind_of_document(number: str, fitting: set[str]) -> None:
    assert {kind for kind in KINDS if wrong_for_kind(number, kind) is None} == fitting


def test_a_kind_of_document_that_is_not_known_has_no_rule() -> None:
    assert wrong_for_kind("X", "driving_licence") is None


@pytest.mark.parametrize(
    ("lines", "number", "kind"),
    [(CARD, "D23145890", "identity_card"), (SMALL, "D23145890", "identity_card"), (PASSPORT, "L898902C3", "passport")],
)
@pytest.mark.parametrize("between", ["", "\n", "\r\n", " "])
def test_pasted_lines_say_the_number_and_the_person(
    lines: tuple[str, ...], number: str, kind: str, between: str
) -> None:
    found = parse_identity_document(between.join(lines), TODAY)
    assert (found.value, found.code) == (number, None)
    assert found.parts == {"kind": kind, **ANNA}


def test_a_residence_permit_is_known_by_its_first_letters() -> None:
    permit = "IR" + CARD[0][2:]
    assert parse_identity_document("".join((permit, *CARD[1:])), TODAY).parts["kind"] == "residence_permit"


def _card(number: str, born: str, expires: str, names: str, nationality: str = "CZE") -> str:
    """A Czech card with the check digits that belong to it."""
    first = f"IDCZE{number:<9}{check_digit(f'{number:<9}'.replace(' ', '<'))}".ljust(30, "<").replace(" ", "<")
    second = f"{born}{check_digit(born)}F{expires}{check_digit(expires)}{nationality:<3}".replace(" ", "<").ljust(
        29, "<"
    )
    whole = check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    return first + second + whole + names.ljust(30, "<")


def test_a_czech_card_says_the_nationality_too() -> None:
    found = parse_identity_document(_card("123456789", "905501", "350101", "NOVAKOVA<<ALENA"), TODAY)
    assert found.code == "mrz_date_impossible"  # a month of 55: the lines say days, not birth numbers
    found = parse_identity_document(_card("123456789", "900501", "350101", "NOVAKOVA<<ALENA"), TODAY)
    assert found.value == "123456789"
    assert found.parts == {"kind": "identity_card", "last_name": "Novakova", "first_name": "Alena", "sex": "female",
                           "birth_date": "1990-05-01", "expires_on": "2035-01-01", "nationality": "CZE"}  # fmt: skip


@pytest.mark.parametrize(("short", "code"), [("D", "DEU"), ("GBR", "GBR"), ("RKS", "XKX"), ("XXX", None)])
def test_the_nationality_of_the_lines_may_be_short(short: str, code: str | None) -> None:
    found = parse_identity_document(_card("123456789", "900501", "350101", "NOVAK<<CYRIL", short), TODAY)
    assert found.parts.get("nationality") == code


@pytest.mark.parametrize(
    ("born", "day"), [("261125", "2026-11-25"), ("261126", "1926-11-26"), ("270101", "1927-01-01")]
)
def test_a_year_of_birth_of_two_digits_is_not_in_the_future(born: str, day: str) -> None:
    assert parse_identity_document(_card("1", born, "350101", "X<<Y"), TODAY).parts["birth_date"] == day


def test_a_number_too_long_for_its_place_goes_on_behind_it() -> None:
    """ICAO 9303 part 5, note j: a filler in the place of the check digit, the rest and the digit follow."""
    long = "D23145890734"
    first = f"I<UTO{long[:9]}<{long[9:]}{check_digit(long)}".ljust(30, "<")
    second = "7408122F1204159UTO".ljust(29, "<")
    whole = check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    assert parse_identity_document(first + second + whole + CARD[2], TODAY).value == long


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("".join(PASSPORT)[:-1], "mrz_unreadable"),
        ("".join(PASSPORT) + "<", "mrz_unreadable"),
        ("".join(PASSPORT).replace("ANNA", "ANN*"), "mrz_unreadable"),
        ("P<<", "mrz_unreadable"),
        ("".join(PASSPORT).replace("L898902C3", "L898902C4"), "mrz_check_digit"),
        ("".join(PASSPORT).replace("740812", "740813"), "mrz_check_digit"),
        ("".join(PASSPORT).replace("120415", "120416"), "mrz_check_digit"),
        ("".join(PASSPORT).replace("ZE184226B", "ZE184226C"), "mrz_check_digit"),
        ("".join(PASSPORT)[:-1] + "1", "mrz_check_digit"),
        ("".join(CARD).replace("<6E", "<7E"), "mrz_check_digit"),
        (_card("123456789", "901301", "350101", "NOVAK<<CYRIL"), "mrz_date_impossible"),
        (_card("123456789", "900501", "350230", "NOVAK<<CYRIL"), "mrz_date_impossible"),
        (_card("123456789", "<<<<<<", "350101", "NOVAK<<CYRIL"), "mrz_date_impossible"),
    ],
)
def test_lines_that_are_not_right_fill_nothing(lines: str, code: str) -> None:
    found = parse_identity_document(lines, TODAY)
    assert (found.value, found.code, found.parts) == (None, code, {})


@quick
@given(st.sampled_from([CARD, SMALL, PASSPORT]), st.integers(0, 89), st.sampled_from("0123456789ABCXYZ<"))
def test_one_mistyped_digit_of_a_number_or_a_day_never_passes(lines: tuple[str, ...], at: int, letter: str) -> None:
    """Names, countries and the sex have no check digit; everything else has."""
    whole = "".join(lines)
    at %= len(whole)
    changed = whole[:at] + letter + whole[at + 1 :]
    found = parse_identity_document(changed, TODAY)
    days = (found.parts.get("birth_date"), found.parts.get("expires_on"))
    same_days = days == (ANNA["birth_date"], ANNA["expires_on"])
    same_value = ord(letter) % 10 == ord(whole[at]) % 10 or _worth(letter) % 10 == _worth(whole[at]) % 10
    assert found.code is not None or same_days or same_value


def _worth(letter: str) -> int:
    return 0 if letter == "<" else "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter)


@quick
@given(st.text(max_size=100) | st.from_regex(r"[A-Z0-9<]{88}|[A-Z0-9<]{90}|[A-Z0-9<]{72}", fullmatch=True))
def test_any_text_gives_a_value_or_a_problem(typed: str) -> None:
    found = parse_identity_document(typed, TODAY)
    assert (found.value is None) is (found.code is not None)
