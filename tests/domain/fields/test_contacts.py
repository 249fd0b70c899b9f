"""E-mails, telephones and postal codes: one canonical text, or what is wrong."""

import pytest

from localapp.domain.fields.contacts import parse_email, parse_phone, parse_postal_code


@pytest.mark.parametrize("typed", ["alena@example.cz", " alena.nova+flexi@mail.example.co.uk ", "bořek@háčky.cz"])
def test_an_email_is_kept_without_the_blanks_around_it(typed: str) -> None:
    assert parse_email(typed).value == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "alena",
        "alena@",
        "@example.cz",
        "alena@example",
        "a@b@c.cz",
        "alena@example..cz",
        "alena@.cz",
        "alena@example.c",
        "alena @example.cz",
        "alena@example.cz, b@example.cz",
        "Alena <alena@example.cz>",
        "a@b.cz\r\nBcc: c@d.cz",
    ],
)
def test_what_is_no_single_address_is_refused(typed: str) -> None:
    assert parse_email(typed).code == "email_invalid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("777 123 456", "+420777123456"),
        ("+420 777 123 456", "+420777123456"),
        ("00420777123456", "+420777123456"),
        ("420777123456", "+420777123456"),
        ("(777) 123-456", "+420777123456"),
        ("777/123.456", "+420777123456"),
        ("+421 905 123 456", "+421905123456"),
        ("+298 123 456", "+298123456"),
        ("0049 30 1234567", "+49301234567"),
    ],
)
def test_a_telephone_is_kept_with_its_country(typed: str, kept: str) -> None:
    assert parse_phone(typed).value == kept
    assert parse_phone(kept).value == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "77712345",
        "7771234567",
        "077123456",
        "+0420777123456",
        "+42077712345",
        "+4207771234567",
        "٧٧٧١٢٣٤٥٦",
        "777123456 linka 5",
    ],
)
def test_a_number_that_rings_nowhere_is_refused(typed: str) -> None:
    assert parse_phone(typed).code == "phone_invalid"


@pytest.mark.parametrize(
    ("typed", "kept"), [("11000", "110 00"), ("110\u00a000", "110 00"), ("010 01", "010 01"), ("94901", "949 01")]
)
def test_a_postal_code_is_czech_or_slovak(typed: str, kept: str) -> None:
    assert parse_postal_code(typed).value == kept
    assert parse_postal_code(kept).value == kept


@pytest.mark.parametrize("typed", ["", "1100", "110000", "00000", "1100A", "١١٠٠٠"])
def test_what_is_no_postal_code_is_refused(typed: str) -> None:
    assert parse_postal_code(typed).code == "postal_code_invalid"
