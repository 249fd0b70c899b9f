"""E-mails, telephones and postal codes: one canonical text, or what is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Alena.Nova@SEZNAM.CZ", "Alena.Nova@seznam.cz"),
        ("bořek@Háčky.CZ", "bořek@háčky.cz"),
        ("borek@xn--hky-ela4t.cz", "borek@háčky.cz"),
        ("cyril@straße.de", "cyril@strasse.de"),
        ("o'neil_1-x@mail.example.co.uk", "o'neil_1-x@mail.example.co.uk"),
        ("\u00a0alena@example.cz\u00a0", "alena@example.cz"),
    ],
)
def test_the_domain_is_kept_in_small_letters_as_people_read_it(typed: str, kept: str) -> None:
    assert parse_email(typed).value == kept
    assert parse_email(kept).value == kept


@pytest.mark.parametrize(
    "typed",
    [
        ".alena@example.cz",
        "alena.@example.cz",
        "a..b@example.cz",
        "alena@-example.cz",
        "alena@example-.cz",
        "alena@exa_mple.cz",
        "alena@127.0.0.1",
        "alena@[127.0.0.1]",
        "alena@example.cz.",
        f"{'a' * 65}@example.cz",
        f"alena@{'a' * 64}.cz",
        f"alena@{'a.' * 130}cz",
        "alena\u200b@example.cz\ud800",
        "mailto:alena@example.cz",
    ],
)
def test_an_address_that_no_post_office_takes_is_refused(typed: str) -> None:
    assert parse_email(typed).code == "email_invalid"


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("seznan.cz", "seznam.cz"),
        ("sezman.cz", "seznam.cz"),
        ("senzam.cz", "seznam.cz"),
        ("seznam.cy", "seznam.cz"),
        ("seznamm.cz", "seznam.cz"),
        ("sznam.cz", "seznam.cz"),
        ("seznam.com", "seznam.cz"),
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmali.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.cz", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("email.cy", "email.cz"),
        ("centum.cz", "centrum.cz"),
        ("centrun.cz", "centrum.cz"),
        ("volnny.cz", "volny.cz"),
        ("outlok.com", "outlook.com"),
        ("hotmial.com", "hotmail.com"),
        ("iclod.com", "icloud.com"),
        ("yaho.com", "yahoo.com"),
    ],
)
def test_a_slip_in_a_well_known_domain_is_kept_and_told(domain: str, meant: str) -> None:
    found = parse_email(f"alena@{domain}")
    assert (found.value, found.code, found.level) == (f"alena@{domain}", "email_mistyped", "warning")
    assert found.facts == {"typed": domain, "meant": meant}


@pytest.mark.parametrize(
    "domain",
    ["seznam.cz", "gmail.com", "email.cz", "email.com", "mail.com", "post.cz", "centrum.sk", "atlas.sk", "azet.sk",
     "zoznam.sk", "firma.cz", "outlook.cz", "example.com", "vzp.cz"],
)  # fmt: skip
def test_a_domain_of_its_own_is_no_slip(domain: str) -> None:
    assert parse_email(f"alena@{domain}").code is None


@pytest.mark.parametrize("typed", ["+421 90512345", "+4219051234567", "+420 177 123 456", "+421 005 123 456"])
def test_a_number_that_its_country_does_not_have_is_refused(typed: str) -> None:
    assert parse_phone(typed).code == "phone_invalid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("CZ-110 00", "110 00"), ("CZ 11000", "110 00"), ("sk 811 01", "811 01"), (" 1 1 0 0 0 ", "110 00")],
)
def test_a_postal_code_may_have_its_country_before_it(typed: str, kept: str) -> None:
    assert parse_postal_code(typed).value == kept


@settings(deadline=None, database=None, max_examples=200)
@given(st.text() | st.from_regex(r"[a-z.]{1,8}@[a-zčř.-]{1,12}", fullmatch=True))
def test_any_text_gives_a_value_or_a_problem(typed: str) -> None:
    for parse in (parse_email, parse_phone, parse_postal_code):
        found = parse(typed)
        assert (found.value is None) is (found.code is not None and found.level == "error")
        if found.value is not None:
            assert parse(str(found.value)) == found
