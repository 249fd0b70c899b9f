"""Countries: kept as the three letters of ISO 3166, typed as a code or a name in Czech or English."""

import unicodedata
from functools import cache

from localapp.domain.fields.country_names import COUNTRIES
from localapp.domain.fields.parsed import Parsed, refused, value

HOME = "CZE"
_ALSO = {
    "ČR": "CZE", "Česká republika": "CZE", "Czech Republic": "CZE", "SR": "SVK", "Slovenská republika": "SVK",
    "Velká Británie": "GBR", "Anglie": "GBR", "Británie": "GBR", "UK": "GBR", "Great Britain": "GBR",
    "Spojené státy americké": "USA", "Amerika": "USA", "United States of America": "USA", "Holandsko": "NLD",
    "Holland": "NLD", "Barma": "MMR", "Burma": "MMR", "Makedonie": "MKD", "Ruská federace": "RUS",
    "Russian Federation": "RUS", "Korea": "KOR", "Moldávie": "MDA", "Türkiye": "TUR", "D": "DEU", "RKS": "XKX",
    "SRN": "DEU", "Čínská lidová republika": "CHN", "Viet Nam": "VNM", "Bílá Rus": "BLR", "Taiwan": "TWN",
}  # fmt: skip


def parse_country(text: str) -> Parsed:
    """A country as ``CZE``. Refuses with ``country_unknown``."""
    found = _by_name().get(_folded(text))
    return value(found) if found else refused("country_unknown", typed=text)


def country_name(code: str, language: str) -> str:
    """The country's name in Czech or English. Raises KeyError for an unknown code."""
    return COUNTRIES[code][1 if language == "cs" else 2]


def czech_order() -> list[str]:
    """All codes: home first, then by their Czech names with letters as people look for them."""
    return sorted(COUNTRIES, key=lambda code: (code != HOME, _folded(country_name(code, "cs"))))


@cache
def _by_name() -> dict[str, str]:
    """What people here mean comes first: ČR is not Costa Rica (CR), and SR is Slovakia, not Suriname."""
    found = {_folded(name): code for code, names in COUNTRIES.items() for name in (code, *names)}
    return found | {_folded(name): code for name, code in _ALSO.items()}


def _folded(name: str) -> str:
    """The letters alone, without case and marks: ``Česká republika`` is ``ceskarepublika``."""
    apart = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in apart if letter.isalnum())
