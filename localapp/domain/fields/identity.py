"""Czech identifiers: birth number, e-mail, telephone, postal code.

The birth number follows python-stdnum and is stricter where measurements showed gaps: months 21-32 and 71-82 only from
2004 on, no other offsets, not in the future, serial 000 never for nine digits.
"""

import re
from datetime import date

from stdnum.cz import rc
from stdnum.exceptions import ValidationError

from localapp.domain.fields.parsed import Parsed, refused, value

_BIRTH_NUMBER = re.compile(r"[0-9]{6}([0-9]{3,4})")
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@(?:[^@\s,;<>\"().]+\.)+[^@\s,;<>\"().]{2,}")
_PHONE = re.compile(r"(?P<prefix>\+|00)?(?P<digits>[0-9]{8,15})")
_POSTAL_CODE = re.compile(r"(?!00)[0-9]{5}")  # Czech ones start with 1 to 7, Slovak ones with 0, 8 or 9


def parse_birth_number(text: str, today: date) -> Parsed:
    """A Czech birth number as ``YYMMDD/XXXX``. Refuses with ``birth_number_unreadable`` or ``birth_number_invalid``."""
    compact = re.sub(r"[\s/-]", "", text)
    found = _BIRTH_NUMBER.fullmatch(compact)
    if not found:
        return refused("birth_number_unreadable", typed=text)
    born = birth_date_of(compact)
    nine_without_serial = len(compact) == 9 and found[1] == "000"
    if born is None or born > today or nine_without_serial or not _passes_stdnum(compact):
        return refused("birth_number_invalid", typed=text)
    return value(f"{compact[:6]}/{compact[6:]}")


def birth_date_of(birth_number: str) -> date | None:
    """The day of birth that a birth number says, or None when it says none."""
    digits = birth_number.replace("/", "")
    if not _BIRTH_NUMBER.fullmatch(digits):
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
    """A telephone number in E.164. Nine digits are Czech; a foreign one starts with + or 00. Else ``phone_invalid``."""
    found = _PHONE.fullmatch(re.sub(r"[\s()./-]", "", text))
    if not found:
        return refused("phone_invalid", typed=text)
    digits = found["digits"]
    if not found["prefix"]:
        digits = digits if len(digits) == 12 and digits.startswith(("420", "421")) else "420" + digits
    is_czech_but_wrong = digits.startswith("420") and (len(digits) != 12 or digits[3] in "01")
    if is_czech_but_wrong or digits.startswith("0"):
        return refused("phone_invalid", typed=text)
    return value("+" + digits)


def parse_postal_code(text: str) -> Parsed:
    """A Czech or Slovak postal code as ``110 00``. Refuses with ``postal_code_invalid``."""
    compact = re.sub(r"\s", "", text)
    if not _POSTAL_CODE.fullmatch(compact):
        return refused("postal_code_invalid", typed=text)
    return value(f"{compact[:3]} {compact[3:]}")
