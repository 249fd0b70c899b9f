"""How long a document stays on the desk: six months after its last edit or fact, and longer as long as it is needed.

Source: DOMAIN.md, "Actions": documents stay available for 6 months after their last edit or fact; docs/store.md.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from localapp.domain.lifecycle import Facts, Kind, State, state

MONTHS = 6
NOTICE = timedelta(days=30)
"""A document is announced so long before it leaves."""


class Kept(StrEnum):
    """Why a document stays though its time is over."""

    WAITING = "waiting"
    """Something of it is still to be told to the insurer, or was not taken."""
    CONFLICT = "conflict"
    NOT_EXPORTED = "not_exported"
    """It is on its way to an export that has not been told yet."""
    UNCONFIRMED = "unconfirmed"
    """It exists here only, and nobody has confirmed that it may go."""


@dataclass(frozen=True)
class Held:
    """What the store knows beside the facts. Moments are aware, of the insurer's clock as far as it is known."""

    changed_at: datetime
    waits: bool = False
    in_conflict: bool = False
    told_at: datetime | None = None
    confirmed_at: datetime | None = None
    kept_at: datetime | None = None
    """When the advisor asked to keep it for another six months."""


@dataclass(frozen=True)
class Retention:
    """When the document leaves, and why it does not."""

    leaves_at: datetime
    kept: Kept | None

    def is_announced(self, now: datetime) -> bool:
        """Whether the advisor is to be told of it by now."""
        return self.leaves_at - NOTICE <= now

    def is_over(self, now: datetime) -> bool:
        """Whether it leaves now."""
        return self.kept is None and self.leaves_at <= now


def retention(facts: Facts, held: Held) -> Retention:
    """When a document leaves: six months after its last edit or fact, thirty days after it was announced at least."""
    moments = [getattr(facts, field.name) for field in fields(facts) if field.name.endswith("_at")]
    last = max(each for each in (held.changed_at, held.kept_at, *moments) if each is not None)
    leaves_at = months_after(last, MONTHS)
    if held.told_at is not None and held.told_at > last:
        leaves_at = max(leaves_at, held.told_at + NOTICE)
    return Retention(leaves_at, _kept(facts, held, last))


def _kept(facts: Facts, held: Held, last: datetime) -> Kept | None:
    if held.in_conflict:
        return Kept.CONFLICT
    if held.waits or _is_unacknowledged(facts):
        return Kept.WAITING
    if state(facts) is State.BACKED_UP and facts.kind is not Kind.OTHER:
        return Kept.NOT_EXPORTED
    is_confirmed = held.confirmed_at is not None and held.confirmed_at > last
    return None if is_confirmed or not _exists_here_only(facts) else Kept.UNCONFIRMED


def _is_unacknowledged(facts: Facts) -> bool:
    completed = facts.completed_at is not None or facts.signed_at is not None
    return completed and facts.backed_up_at is None and facts.cancelled_at is None


def _exists_here_only(facts: Facts) -> bool:
    """A draft, a working copy, what came back for correction: the insurer has not got what is in it."""
    return facts.working_copy_at is not None or state(facts) in {State.DRAFT, State.RETURNED, State.AWAITING_SIGNATURE}


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    after_it = moment.replace(year=year + (month == 11), month=(month + 1) % 12 + 1, day=1)
    last_day = (after_it - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
