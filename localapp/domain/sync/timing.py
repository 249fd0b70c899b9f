"""When a desk synchronizes by itself: pure rules over the time that has passed and the server's time.

At start and on resume at once; two seconds after the last of some completions; five minutes after the last
synchronization, sooner after one that failed; and three times around the cut-off, spread by installation.
Source: issue "Synchronization that never loses a keystroke", "Automatic"; docs/adr/0016.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from localapp.domain.cutoff import PRAGUE

START, RESUME, COMPLETION, SCHEDULE, BY_HAND = "start", "resume", "completion", "schedule", "by_hand"
EVERY = 300.0  # seconds from the end of one to the next
DEBOUNCE, LONGEST_DEBOUNCE = 2.0, 10.0  # seconds after the last completion, and after the first of a long row of them
FIRST_BACK_OFF, LONGEST_BACK_OFF, JITTER = 2.0, 900.0, 0.2
EVENING = (
    (time(20, 40), timedelta(minutes=10)),
    (time(20, 52), timedelta(minutes=6)),
    (time(21, 5), timedelta(minutes=40)),
)
"""From when and over how long the desks spread: twice before the cut-off, once after it for the locks."""


@dataclass(frozen=True)
class Timing:
    """What the next moment depends on. Numbers are seconds that have passed (``clock.elapsed``), not a day's clock.

    ``looked_at`` is the server's time of the last look: what should have happened before it is past. ``at_once`` is a
    cause that waits for nothing, empty without one. Nothing at all happens before ``not_before`` (Retry-After).
    """

    installation: str
    looked_at: datetime
    at_once: str = START
    next_at: float | None = None
    first_completion: float | None = None
    last_completion: float | None = None
    not_before: float = 0.0
    failures: int = 0

    def following(self, passed: float, now: datetime) -> tuple[float, str]:
        """In how many seconds the next synchronization is due (0 or less: now), and its cause."""
        barred = self.not_before - passed
        if self.at_once:
            return max(0.0, barred), self.at_once
        waits = [((self._evening() - now).total_seconds(), SCHEDULE)]
        if self.first_completion is not None and self.last_completion is not None:
            quiet = min(self.last_completion + DEBOUNCE, self.first_completion + LONGEST_DEBOUNCE)
            waits.append((quiet - passed, COMPLETION))
        if self.next_at is not None:
            waits.append((self.next_at - passed, SCHEDULE))
        wait, cause = min(waits)
        return max(wait, barred), cause

    def of(self, installation: str, now: datetime) -> "Timing":
        """For the present installation; the last look cannot lie ahead of a clock that was set right since."""
        return replace(self, installation=installation, looked_at=min(self.looked_at, now))

    def completed(self, passed: float) -> "Timing":
        """Something has been put into the outbox."""
        first = passed if self.first_completion is None else self.first_completion
        return replace(self, first_completion=first, last_completion=passed)

    def resumed(self) -> "Timing":
        """The computer has woken up: what failed before says nothing of the network now."""
        return replace(self, at_once=self.at_once or RESUME, failures=0)

    def begun(self, passed: float, now: datetime) -> "Timing":
        """A synchronization begins: it takes along whatever waits."""
        return replace(
            self, at_once="", first_completion=None, last_completion=None, next_at=passed + EVERY, looked_at=now
        )

    def ended(self, passed: float, *, failed: bool, chance: float, retry_after: float | None = None) -> "Timing":
        """One has ended. ``chance`` is from 0 to 1; ``retry_after`` are the seconds that the endpoint asked for."""
        failures = self.failures + 1 if failed else 0
        wait = back_off(failures, chance) if failed else EVERY
        barred = self.not_before if retry_after is None else passed + retry_after
        return replace(self, failures=failures, next_at=passed + wait, not_before=barred)

    def _evening(self) -> datetime:
        """The first moment around a cut-off after the last look, which may have been slept through."""
        day = self.looked_at.astimezone(PRAGUE).date()
        moments = [each for each in (day, day + timedelta(days=1)) for each in evening_moments(self.installation, each)]
        return next(each for each in moments if each > self.looked_at)


def back_off(failures: int, chance: float) -> float:
    """Seconds until the next try after so many failures in a row: 2, 4, 8 …, a fifth more or less, at most 900."""
    plain = FIRST_BACK_OFF * 2.0 ** min(failures - 1, 10)
    return min(LONGEST_BACK_OFF, plain * (1 - JITTER + 2 * JITTER * chance))


def evening_moments(installation: str, day: date) -> tuple[datetime, ...]:
    """When this installation asks around the cut-off of a day (UTC): always the same places, spread over all desks."""
    return tuple(
        datetime.combine(day, begin, PRAGUE).astimezone(UTC) + over * spread(installation, begin)
        for begin, over in EVENING
    )


def spread(installation: str, begin: time) -> float:
    """The place of an installation in a stretch of time, from 0 to below 1."""
    digest = hashlib.sha256(f"{installation}:{begin.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
