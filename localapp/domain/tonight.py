"""What goes with the next export, and why the rest does not: one pure rule over what is known of a document.

Source: DOMAIN.md, "States" and "Actions"; docs/sync-protocol.md, "The day". The endpoint decides by its own copy; this
says what the desk knows of it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from localapp.domain.cutoff import LONGEST_WAIT
from localapp.domain.lifecycle import Facts, Kind


class Fate(StrEnum):
    """What becomes of a document tonight. The first three go; of the others each name is the reason."""

    GOES = "goes"
    GOES_EARLIER = "goes_earlier"  # the revision on the server; what was changed since does not
    GOES_UNLESS_CANCELLED = "goes_unless_cancelled"  # the cancellation has not reached the server
    UNCONFIRMED = "unconfirmed"  # should have gone with the last export; the desk has not heard of it since
    RETURNED = "returned"
    WAITS = "waits"
    TO_SIGN = "to_sign"
    NOT_COMPLETED = "not_completed"
    NEVER = "never"  # of a kind that is not exported


GOING = (Fate.GOES, Fate.GOES_EARLIER, Fate.GOES_UNLESS_CANCELLED)
STAYING = tuple(each for each in Fate if each not in GOING)


@dataclass(frozen=True)
class Known:
    """What decides. ``on_server`` is the newest revision there, acknowledged at ``since``; ``returned`` the one sent
    back, ``newest`` the newest completed here; ``cancelling``: a cancellation waits to be sent.
    """

    facts: Facts
    newest: int | None
    on_server: int | None
    since: datetime | None
    returned: int | None
    cancelling: bool


@dataclass(frozen=True)
class LastExport:
    """The cut-off before now, and when the desk last heard everything that the server had to tell (None: never)."""

    cutoff: datetime
    heard_at: datetime | None

    @property
    def is_heard(self) -> bool:
        """Whether what the last export took is known."""
        return self.heard_at is not None and self.heard_at >= self.cutoff + LONGEST_WAIT


def fate(known: Known, last: LastExport) -> Fate | None:
    """The fate of a document tonight; None when it is nobody's concern any more (exported, cancelled, deleted)."""
    facts = known.facts
    stands = known.on_server is not None and known.returned != known.on_server
    if facts.exported_at or facts.deleted_at or (facts.cancelled_at and not (stands and known.cancelling)):
        return None
    if facts.kind is Kind.OTHER:
        return Fate.NEVER if facts.completed_at else Fate.NOT_COMPLETED
    if not stands:
        return _staying(facts)
    if known.since is not None and known.since < last.cutoff and not last.is_heard:
        return Fate.UNCONFIRMED
    if facts.cancelled_at:
        return Fate.GOES_UNLESS_CANCELLED
    changed = facts.working_copy_at is not None or known.newest != known.on_server
    return Fate.GOES_EARLIER if changed else Fate.GOES


def _staying(facts: Facts) -> Fate:
    if facts.returned_at:
        return Fate.RETURNED
    if facts.signature_requested_at and not facts.signed_at:
        return Fate.TO_SIGN
    return Fate.WAITS if facts.completed_at else Fate.NOT_COMPLETED
