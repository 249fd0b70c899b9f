"""Countries: typed by name or code in either language, kept as three letters, shown by name."""

import pytest

from localapp.domain.fields.countries import HOME, country_name, czech_order, parse_country
from localapp.domain.fields.country_names import COUNTRIES


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Česko", "CZE"),
        ("česko", "CZE"),
        ("CESKO", "CZE"),
        ("Česká republika", "CZE"),
        ("ČR", "CZE"),
        ("cz", "CZE"),
        ("CR", "CZE"),
        ("Kostarika", "CRI"),
        ("Surinam", "SUR"),
        ("CZE", "CZE"),
        ("Czechia", "CZE"),
        ("Czech Republic", "CZE"),
        ("Slovensko", "SVK"),
        ("SR", "SVK"),
        ("sk", "SVK"),
        ("Ukrajina", "UKR"),
        ("ukrajina ", "UKR"),
        ("Ukraine", "UKR"),
        ("Německo", "DEU"),
        ("SRN", "DEU"),
        ("D", "DEU"),
        ("Spojené státy", "USA"),
        ("U.S.A.", "USA"),
        ("Velká\u00a0Británie", "GBR"),
        ("Anglie", "GBR"),
        ("Vietnam", "VNM"),
        ("Viet Nam", "VNM"),
        ("Pobřeží slonoviny", "CIV"),
        ("Kosovo", "XKX"),
    ],
)
def test_a_country_is_read_by_its_name_or_code(typed: str, code: str) -> None:
    assert parse_country(typed).value == code


@pytest.mark.parametrize("typed", ["", "Atlantida", "ČSSR", "X", "123", "Če", "Jugoslávie"])
def test_what_is_no_country_is_refused_with_what_was_typed(typed: str) -> None:
    assert (parse_country(typed).code, parse_country(typed).facts) == ("country_unknown", {"typed": typed})


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_name_and_code_of_a_country_reads_back(code: str) -> None:
    for typed in (code, *COUNTRIES[code], country_name(code, "cs"), country_name(code, "en").upper()):
        assert parse_country(typed).value == {"CR": "CZE", "SR": "SVK"}.get(typed, code)


def test_no_two_countries_have_a_name_in_common() -> None:
    for place in range(3):
        assert len({names[place] for names in COUNTRIES.values()}) == len(COUNTRIES)


def test_the_list_begins_at_home_and_goes_on_by_the_alphabet() -> None:
    order = czech_order()
    assert order[0] == HOME
    assert order[1:4] == ["AFG", "ALA", "ALB"]
    assert sorted(order) == sorted(COUNTRIES)
