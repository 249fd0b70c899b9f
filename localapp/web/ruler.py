"""The day ruler: how much of the day is left until the export, drawn and in words. Source: design, "Day ruler".

Both come from the server's clock as the desk knows it; whether a document still goes is decided by the server.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from localapp.domain.cutoff import PRAGUE, next_cutoff
from localapp.domain.typography import NBSP
from localapp.web.wording import day, t, time_of_day, weekday

_FIRST_HOUR, _LAST_HOUR = 7, 21
_SOON = timedelta(minutes=30)
_TOO_NEAR = 45 / 60 / (_LAST_HOUR - _FIRST_HOUR) * 100


@dataclass(frozen=True)
class Tick:
    """One hour: its place in per cent, and its label where one is drawn."""

    x: str
    label: str
    is_long: bool


@dataclass(frozen=True)
class Ruler:
    """The drawing: place of the present in per cent, its label, the ticks, and the words beside it."""

    day: str
    now: str
    now_label: str
    ticks: tuple[Tick, ...]
    left: str
    soon: bool
    closed: bool


def ruler(now: datetime, cutoff: datetime | None = None) -> Ruler:
    """The ruler at this moment, for the cut-off that the server has named or else the usual one."""
    cutoff = cutoff or next_cutoff(now)
    local = now.astimezone(PRAGUE)
    gone = (local.hour + local.minute / 60 - _FIRST_HOUR) / (_LAST_HOUR - _FIRST_HOUR) * 100
    place = max(0.0, min(100.0, gone))
    left = cutoff - now
    closed = cutoff.astimezone(PRAGUE).date() != local.date()
    return Ruler(
        day=f"{weekday(local.date())}{NBSP}{day(local.date())}",
        now=f"{place:.2f}%",
        now_label="" if place in {0.0, 100.0} else time_of_day(now),
        ticks=tuple(_tick(hour, place) for hour in range(_FIRST_HOUR, _LAST_HOUR + 1)),
        left=in_words(left),
        soon=not closed and left <= _SOON,
        closed=closed,
    )


def _tick(hour: int, now: float) -> Tick:
    x = (hour - _FIRST_HOUR) / (_LAST_HOUR - _FIRST_HOUR) * 100
    labelled = hour % 2 == 0 and abs(x - now) > _TOO_NEAR
    return Tick(f"{x:.2f}%", f"{hour}:00" if labelled else "", hour % 2 == 0)


def in_words(left: timedelta) -> str:
    """A stretch of time in hours and whole minutes."""
    minutes = max(0, int(left.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    return t("synchronization.hours_minutes" if hours else "synchronization.minutes", hours=hours, minutes=rest)
