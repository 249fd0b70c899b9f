"""Dates as Czech advisors type them: ``1.5.90``, ``010590``, ``1 5 1990``, ``1990-05-01``."""

import re
from datetime import date, datetime

from localapp.domain.fields.parsed import Parsed, refused, value

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_CZECH = re.compile(r"([0-9]{1,2})[.\s/-]+([0-9]{1,2})[.\s/-]+([0-9]{2}|[0-9]{4})\.?")
_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2}|[0-9]{4})")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def parse_moment(text: str) -> Parsed:
    """A moment with its zone as programs write it, ``2026-11-25T12:00:00+00:00``. Refuses with ``date_unreadable``."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return refused("date_unreadable", typed=text)
    return value(text) if found.tzinfo is not None else refused("date_unreadable", typed=text)


def parse_date(text: str, today: date, *, past: bool) -> Parsed:
    """A day in ISO text. A year of two digits is of this century, or if ``past`` the latest one not after ``today``.

    Refuses with ``date_unreadable`` (no date can be read), ``date_out_of_range`` or ``date_impossible`` (no such day).
    """
    compact = text.strip()
    found = _ISO.fullmatch(compact)
    if found:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        found = _CZECH.fullmatch(compact) or _DIGITS.fullmatch(compact)
        if not found:
            return refused("date_unreadable", typed=text)
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if len(found[3]) == 2:
            year += 1900 if past and (2000 + year, month, day) > (today.year, today.month, today.day) else 2000
    if not EARLIEST.year <= year <= LATEST.year:
        return refused("date_out_of_range", typed=text)
    try:
        return value(date(year, month, day).isoformat())
    except ValueError:
        return refused("date_impossible", typed=text)
