"""Czech birth numbers: the day and the sex that they say, and what makes one impossible.

The rules are stricter than those of python-stdnum where measurements showed gaps: months 21-32 and 71-82 count from
2004 on only, there are no other offsets, nobody is born in the future, and nine digits never end with 000.
Nine digits were given until 1953; ten digits are divisible by 11, with an exception until 1985: where the rest of the
first nine is 10, the last digit is 0. A later number of that kind is told as doubtful, not refused.
"""

import re
from datetime import date

from localapp.domain.fields.parsed import Parsed, doubtful, refused, value, without_blanks

FEMALE, MALE = "female", "male"
_BIRTH_NUMBER = re.compile(r"[0-9]{6}/?([0-9]{3,4})")
_LAST_EXCEPTION = 1985


def parse_birth_number(text: str, today: date) -> Parsed:
    """A birth number as ``YYMMDD/XXXX``.

    Refuses with ``birth_number_unreadable``, ``birth_number_date_impossible``, ``birth_number_in_future``,
    ``birth_number_without_serial`` or ``birth_number_invalid`` (check digit); ``birth_number_doubtful`` is a warning.
    """
    compact = without_blanks(text).replace("-", "/")
    found = _BIRTH_NUMBER.fullmatch(compact)
    if not found:
        return refused("birth_number_unreadable", typed=text)
    digits = compact.replace("/", "")
    born = birth_date_of(digits)
    if born is None:
        return refused("birth_number_date_impossible", typed=text)
    if born > today:
        return refused("birth_number_in_future", typed=text, born=born.isoformat(), limit=today.isoformat())
    if found[1] == "000":
        return refused("birth_number_without_serial", typed=text)
    return _checked(digits, born, text)


def _checked(digits: str, born: date, text: str) -> Parsed:
    canonical = f"{digits[:6]}/{digits[6:]}"
    if len(digits) == 9 or int(digits) % 11 == 0:
        return value(canonical)
    is_exception = int(digits[:9]) % 11 == 10 and digits[9] == "0"
    if not is_exception:
        return refused("birth_number_invalid", typed=text)
    if born.year <= _LAST_EXCEPTION:
        return value(canonical)
    return doubtful(canonical, "birth_number_doubtful", typed=canonical, limit=_LAST_EXCEPTION)


def birth_date_of(birth_number: str) -> date | None:
    """The day of birth that a birth number says, or None when it says none."""
    if not _BIRTH_NUMBER.fullmatch(birth_number):
        return None
    digits = birth_number.replace("/", "")
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


def sex_of(birth_number: str) -> str:
    """``female`` or ``male``, as the month of a valid birth number says."""
    return FEMALE if int(birth_number[2:4]) > 50 else MALE
