"""Numbers of companies: company id (IČO) and VAT id (DIČ)."""

import re
from datetime import date

from stdnum.cz import dic
from stdnum.exceptions import ValidationError

from localapp.domain.fields.birth_numbers import parse_birth_number
from localapp.domain.fields.parsed import Parsed, refused, value, without_blanks

_COMPANY_ID = re.compile(r"[0-9]{1,8}")
_VAT_ID = re.compile(r"(?:CZ)?([0-9]{8,10})", re.IGNORECASE)


def parse_company_id(text: str) -> Parsed:
    """A company id of eight digits; leading zeros may be left out.

    Refuses with ``company_id_unreadable`` or ``company_id_invalid`` (check digit; weights 8 to 2, modulo 11).
    """
    compact = without_blanks(text)
    if not _COMPANY_ID.fullmatch(compact):
        return refused("company_id_unreadable", typed=text)
    padded = compact.zfill(8)
    return value(padded) if is_company_id(padded) else refused("company_id_invalid", typed=padded)


def is_company_id(digits: str) -> bool:
    """Whether eight digits end with the right check digit."""
    rest = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=False)) % 11
    return int(digits[7]) == (11 - rest) % 10


def parse_vat_id(text: str, today: date) -> Parsed:
    """A VAT id as ``CZ`` with 8 digits of a company, or 9 or 10 of a person or of a group.

    Refuses with ``vat_id_unreadable`` or ``vat_id_invalid``.
    """
    found = _VAT_ID.fullmatch(without_blanks(text).replace("/", ""))
    if not found:
        return refused("vat_id_unreadable", typed=text)
    canonical = f"CZ{found[1]}"
    return value(canonical) if _is_vat_number(found[1], today) else refused("vat_id_invalid", typed=canonical)


def _is_vat_number(digits: str, today: date) -> bool:
    """Nine digits that start with 6 are persons without a birth number and groups; other 9 and 10 are birth numbers."""
    if len(digits) == 8:
        return is_company_id(digits) and not digits.startswith("9")
    if len(digits) == 9 and digits.startswith("6"):
        return _passes_stdnum(digits)
    return parse_birth_number(digits, today).value is not None


def _passes_stdnum(digits: str) -> bool:
    try:
        dic.validate(digits)
    except ValidationError:
        return False
    return True
