"""Numbers of identity documents: Czech identity card, passport, residence permit; or the lines of the card, pasted."""

import re
from datetime import date
from typing import Final

from localapp.domain.fields import machine_readable
from localapp.domain.fields.parsed import Parsed, refused, value, without_blanks

IDENTITY_CARD, PASSPORT, RESIDENCE_PERMIT = "identity_card", "passport", "residence_permit"
KINDS: Final = (IDENTITY_CARD, PASSPORT, RESIDENCE_PERMIT)
"""The values of the choice that a form puts beside the number."""
_NUMBERS: Final = {
    # nine digits; six digits and a series of two letters or older the letters first, without limit of validity
    IDENTITY_CARD: re.compile(r"[0-9]{9}|[0-9]{6}[A-Z]{2}(?:[0-9]{2})?|[A-Z]{2}[0-9]{6}"),
    PASSPORT: re.compile(r"(?=.*[0-9])[A-Z0-9]{6,9}"),  # ICAO 9303: up to nine letters and digits
    RESIDENCE_PERMIT: re.compile(r"(?=.*[0-9])[A-Z0-9]{6,12}"),
}


def parse_identity_document(text: str, today: date) -> Parsed:
    """The number of an identity document, without blanks in capitals. Pasted machine-readable lines give their parts.

    Refuses with ``identity_document_unreadable``, or for pasted lines with the codes of ``machine_readable``.
    """
    compact = without_blanks(text).upper()
    if machine_readable.looks_like(compact):
        return machine_readable.parse(compact, today)
    number = compact.replace("-", "").replace("/", "")
    fits = any(pattern.fullmatch(number) for pattern in _NUMBERS.values())
    return value(number) if fits else refused("identity_document_unreadable", typed=text)


def wrong_for_kind(number: str, kind: str) -> str | None:
    """The problem code when a number cannot be of a document of that kind; other kinds have no rule."""
    pattern = _NUMBERS.get(kind)
    return None if pattern is None or pattern.fullmatch(number) else f"{kind}_number_invalid"
