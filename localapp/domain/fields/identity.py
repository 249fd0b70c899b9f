"""Czech identifiers: birth number, e-mail, telephone, postal code.

The birth number follows python-stdnum and is stricter where measurements showed gaps: months 21-32 and 71-82 only from
2004 on, no other offsets, not in the future, serial 000 never for nine digits.
"""

import re
from datetime import date

from stdnum.cz import rc
from stdnum.exceptions import ValidationError

from localapp.domain.fields.parsed import Parsed, refused, value

_BIRTH_NUMBER = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{3,4})")
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")
_PHONE = re.compile(r"(?:\+|00)?[\d]{9,15}")
_POSTAL_CODE = re.compile(r"[1-9]\d{4}")


def parse_birth_number(text: str, today: date) -> Parsed:
    """A Czech birth number as ``YYMMDD/XXXX``. Refuses with ``birth_number_unreadable`` or ``birth_number_invalid``."""
    compact = re.sub(r"[\s\u00a0/-]", "", text)
    found = _BIRTH_NUMBER.fullmatch(compact)
    if not found:
        return refused("birth_number_unreadable", typed=text)
    born = birth_date_of(compact)
    nine_without_serial = len(compact) == 9 and found[4] == "000"
    if born is None or born > today or nine_without_serial or not _passes_stdnum(compact):
        return refused("birth_number_invalid", typed=text)
    return value(f"{compact[:6]}/{compact[6:]}")


def birth_date_of(birth_number: str) -> date | None:
    """The day of birth that a birth number says, or None when it says none."""
    digits = birth_number.replace("/", "")
    if not digits.isdigit() or len(digits) not in {9, 10}:
        return None
    month, day = int(digits[2:4]), int(digits[4:6])
    year = 1900 + int(digits[:2])
    if len(digits) == 9:
        year -= 100 if year >= 1980 else 0
    elif year < 1954:
        year += 100
    month -= 50 if month > 50 else 0
    month -= 20 if month > 20 and year >= 2004 else 0
    if len(digits) == 9 and year > 1953:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _passes_stdnum(compact: str) -> bool:
    try:
        rc.validate(compact)
    except ValidationError:
        return False
    return True


def parse_email(text: str) -> Parsed:
    """An e-mail address. Refuses with ``email_invalid``."""
    compact = text.strip()
    return value(compact) if _EMAIL.fullmatch(compact) else refused("email_invalid", typed=text)


def parse_phone(text: str) -> Parsed:
    """A telephone number in E.164; nine digits are Czech. Refuses with ``phone_invalid``."""
    compact = re.sub(r"[\s\u00a0().-]", "", text)
    if not _PHONE.fullmatch(compact):
        return refused("phone_invalid", typed=text)
    digits = compact.lstrip("+").removeprefix("00")
    if len(digits) == 9:
        return value("+420" + digits) if digits[0] not in "01" else refused("phone_invalid", typed=text)
    return value("+" + digits) if len(digits) > 9 else refused("phone_invalid", typed=text)


def parse_postal_code(text: str) -> Parsed:
    """A Czech or Slovak postal code as ``110 00``. Refuses with ``postal_code_invalid``."""
    compact = re.sub(r"[\s\u00a0]", "", text)
    if not _POSTAL_CODE.fullmatch(compact):
        return refused("postal_code_invalid", typed=text)
    return value(f"{compact[:3]} {compact[3:]}")
