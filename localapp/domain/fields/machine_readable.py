"""The machine-readable lines of identity cards (TD1, TD2) and passports (TD3). Source: ICAO Doc 9303, parts 4 to 6."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from localapp.domain.fields.countries import parse_country
from localapp.domain.fields.parsed import Parsed, Value, refused

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LINES = re.compile(r"[A-Z0-9<]+")
_FILLER = "<"
PARTS: Final = ("kind", "last_name", "first_name", "birth_date", "expires_on", "sex", "nationality")
"""What the lines say besides the number."""
_SEX: Final = {"F": "female", "M": "male"}
Span = tuple[int, int]


@dataclass(frozen=True)
class _Layout:
    """Where the parts lie in the lines put one behind the other; a check digit follows its part."""

    number: Span
    nationality: Span
    birth: Span
    sex: int
    expiry: Span
    names: Span
    checked: tuple[Span, ...]
    whole: tuple[Span, ...]
    optional: Span | None = None


_LAYOUTS: Final = {
    90: _Layout(
        (5, 14), (45, 48), (30, 36), 37, (38, 44), (60, 90), (), ((5, 30), (30, 37), (38, 45), (48, 59)), (15, 30)
    ),
    72: _Layout((36, 45), (46, 49), (49, 55), 56, (57, 63), (5, 36), (), ((36, 46), (49, 56), (57, 71))),
    88: _Layout((44, 53), (54, 57), (57, 63), 64, (65, 71), (5, 44), ((72, 86),), ((44, 54), (57, 64), (65, 87))),
}  # fmt: skip
"""By the number of characters: three lines of 30, two of 36, two of 44."""
_WHOLE_AT: Final = {90: 59, 72: 71, 88: 87}


def looks_like(compact: str) -> bool:
    """Whether a text without blanks is meant as machine-readable lines."""
    return len(compact) > 30 or "<<" in compact


def check_digit(text: str) -> str:
    """The check digit of a part: weights 7, 3, 1; letters count from 10, the filler 0."""
    values = [0 if letter == _FILLER else _ALPHABET.index(letter) for letter in text]
    return str(sum(each * (7, 3, 1)[at % 3] for at, each in enumerate(values)) % 10)


def parse(compact: str, today: date) -> Parsed:
    """The document's number, with names, birth date, sex, nationality, last day and kind as further parts.

    Refuses with ``mrz_unreadable`` (letters or length), ``mrz_check_digit`` or ``mrz_date_impossible``.
    """
    layout = _LAYOUTS.get(len(compact))
    if layout is None or not _LINES.fullmatch(compact):
        return refused("mrz_unreadable", value=len(compact))
    number = _number(compact, layout)
    if number is None or not _all_checked(compact, layout):
        return refused("mrz_check_digit", typed=compact[layout.number[0] : layout.number[1]].strip(_FILLER))
    born = _day(compact[slice(*layout.birth)], today, past=True)
    expires = _day(compact[slice(*layout.expiry)], today, past=False)
    if born is None or expires is None:
        return refused("mrz_date_impossible", typed=number)
    last_name, first_name = _names(compact[slice(*layout.names)])
    parts: dict[str, Value] = {
        "kind": _kind(compact),
        "last_name": last_name,
        "first_name": first_name,
        "birth_date": born,
        "expires_on": expires,
        "sex": _SEX.get(compact[layout.sex]),
        "nationality": parse_country(compact[slice(*layout.nationality)].strip(_FILLER)).value,
    }
    return Parsed(number, parts={name: part for name, part in parts.items() if part})


def _number(compact: str, layout: _Layout) -> str | None:
    """The number when its check digit is right; a long one goes on in the optional part of TD1."""
    text, check = compact[slice(*layout.number)], compact[layout.number[1]]
    if check == _FILLER and layout.optional:
        rest = compact[slice(*layout.optional)].partition(_FILLER)[0]
        text, check = text + rest[:-1], rest[-1:]
    return text.rstrip(_FILLER) if check_digit(text) == check else None


def _all_checked(compact: str, layout: _Layout) -> bool:
    single = (layout.birth, layout.expiry)
    whole = "".join(compact[slice(*span)] for span in layout.whole)
    return (
        all(check_digit(compact[start:end]) == compact[end] for start, end in single)
        and all(_is_optional_checked(compact, span) for span in layout.checked)
        and check_digit(whole) == compact[_WHOLE_AT[len(compact)]]
    )


def _is_optional_checked(compact: str, span: Span) -> bool:
    """An empty optional part may have a filler for its check digit."""
    text, check = compact[slice(*span)], compact[span[1]]
    return check_digit(text) == check or (check == _FILLER and not text.strip(_FILLER))


def _day(digits: str, today: date, *, past: bool) -> str | None:
    if not digits.isdigit():
        return None
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    year -= 100 if past and (year, month, day) > (today.year, today.month, today.day) else 0
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _names(text: str) -> tuple[str, str]:
    last, _, first = text.rstrip(_FILLER).partition(_FILLER * 2)
    return _capitalized(last), _capitalized(first)


def _capitalized(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split(_FILLER) if word)


def _kind(compact: str) -> str:
    if compact.startswith("P"):
        return "passport"
    return "residence_permit" if compact[1] == "R" else "identity_card"
