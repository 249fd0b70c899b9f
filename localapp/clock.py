"""The one source of time. Tests and journeys move it; nothing else may read the system's clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")
_moved: list[datetime] = []


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moved[-1] if _moved else datetime.now(UTC)


def today() -> date:
    """The present day in Prague, where the insurer's day ends."""
    return now().astimezone(PRAGUE).date()


def stamp() -> str:
    """The present moment as stored: ISO 8601 in UTC with microseconds, so that texts sort as times."""
    return now().astimezone(UTC).isoformat(timespec="microseconds")


def elapsed() -> float:
    """Seconds since some moment in the past; in a moved present as many as that was moved by."""
    return _moved[-1].timestamp() if _moved else since_boot()


def since_boot() -> float:
    """Seconds that nobody can set, counted while the computer sleeps too, where the system tells them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Within the block the present is ``moment`` (aware)."""
    _moved.append(moment)
    try:
        yield
    finally:
        _moved.pop()


@contextmanager
def moved_by(step: timedelta) -> Iterator[None]:
    """Within the block the present is later by ``step`` and stands still."""
    with moved_to(now() + step):
        yield
