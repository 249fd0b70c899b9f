"""Whether an edit may come too late: a cut-off has passed that may have taken the document, and nobody has said so yet.

It only says when to warn and when to ask. Whether a document was taken is decided by the endpoint, and an edit that
came too late is kept as a conflict. Source: the issue, "Past the cut-off and off-line".
"""

from dataclasses import dataclass
from datetime import datetime

from localapp.domain.cutoff import LONGEST_WAIT, cutoff_of, last_closed_day
from localapp.domain.lifecycle import Action, Facts, Kind, permitted


@dataclass(frozen=True)
class LastWord:
    """What the server has last said: its next cut-off then, and its time then (None before this run's first word)."""

    next_cutoff: datetime | None = None
    at: datetime | None = None


def may_have_taken(facts: Facts, now: datetime, last: LastWord) -> datetime | None:
    """The cut-off that may have taken the document; None when none can have, or the server has spoken since.

    ``now`` is the server's time as far as it is known. A run begins at the cut-off and freezes some minutes later, so
    a word from between says nothing of it.
    """
    if facts.kind is Kind.OTHER or facts.backed_up_at is None or Action.EDIT not in permitted(facts):
        return None
    if facts.returned_at is not None:  # the export takes nothing that was returned
        return None
    passed = last.next_cutoff if last.next_cutoff and last.next_cutoff <= now else cutoff_of(last_closed_day(now))
    is_open = passed == last.next_cutoff or (last.at is not None and passed <= last.at < passed + LONGEST_WAIT)
    return passed if is_open and facts.backed_up_at < passed else None
