"""The cut-off of the day: 21:00:00 Europe/Prague by the server's clock. Source: DOMAIN.md, "Actions".

A document acknowledged before the cut-off of a business day belongs to that day's export; one acknowledged at or after
it belongs to the next. Both nights on which the clocks change have exactly one 21:00.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")
CUTOFF = time(21, 0)
LONGEST_WAIT = timedelta(minutes=10)
"""How long the freeze waits for the evaluation of what was acknowledged before the cut-off."""


def cutoff_of(day: date) -> datetime:
    """The moment (UTC) at which the business day closes."""
    return datetime.combine(day, CUTOFF, PRAGUE).astimezone(UTC)


def business_day_of(moment: datetime) -> date:
    """The business day to which something acknowledged at this aware moment belongs."""
    local = moment.astimezone(PRAGUE)
    return local.date() if moment < cutoff_of(local.date()) else local.date() + timedelta(days=1)


def next_cutoff(now: datetime) -> datetime:
    """The next cut-off after this aware moment."""
    return cutoff_of(business_day_of(now))


def last_closed_day(now: datetime) -> date:
    """The newest business day whose cut-off has passed."""
    return business_day_of(now) - timedelta(days=1)
