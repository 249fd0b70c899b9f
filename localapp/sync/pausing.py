"""For how long an endpoint asks to be left alone. Read by its own clock, never by this computer's."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

LONGEST = 15 * 60.0
"""Seconds; whoever asks for more is asked again after that."""

_UNTOLD = 60.0
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


def pause_asked(headers: Mapping[str, str]) -> float | None:
    """The seconds of ``Retry-After``, at most 15 minutes; None without one. Names of the headers are in lower case.

    A date counts from the answer's own ``Date``; where one of the two cannot be read, a minute.
    """
    asked = headers.get("retry-after", "").strip()
    if not asked:
        return None
    if _SECONDS.fullmatch(asked):
        return min(float(asked), LONGEST)
    until, now = _moment(asked), _moment(headers.get("date", ""))
    if until is None or now is None:
        return _UNTOLD
    return min(max((until - now).total_seconds(), 0.0), LONGEST)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
