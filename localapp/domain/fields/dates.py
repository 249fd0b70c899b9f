"""Dates as Czech advisors type them: ``1.5.90``, ``010590``, ``1 5 1990``, ``1990-05-01``."""

import re
from datetime import date

from localapp.domain.fields.parsed import Parsed, refused, value

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CZECH = re.compile(r"(\d{1,2})[.\s/-]+(\d{1,2})[.\s/-]+(\d{2}|\d{4})\.?")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def parse_date(text: str, today: date, *, past: bool) -> Parsed:
    """A day in ISO text. A year of two digits is the latest one not after ``today`` if ``past``, else of this century.

    Refuses with ``date_unreadable`` (no date can be read), ``date_impossible`` (no such day) or ``date_out_of_range``.
    """
    compact = text.replace("\u00a0", " ").strip()
    found = _ISO.fullmatch(compact)
    if found:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        found = _CZECH.fullmatch(compact) or _DIGITS.fullmatch(compact)
        if not found:
            return refused("date_unreadable", typed=text)
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if len(found[3]) == 2:
            year += 1900 if past and 2000 + year > today.year else 2000
    try:
        read = date(year, month, day)
    except ValueError:
        return refused("date_impossible", typed=text)
    if not EARLIEST <= read <= LATEST:
        return refused("date_out_of_range", typed=text)
    return value(read.isoformat())
