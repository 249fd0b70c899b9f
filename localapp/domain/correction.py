"""A correcting document: a new one, with a number and a signature of its own, in the place of an exported revision.

Source: DOMAIN.md, "Actions" and "Conflict"; docs/adr/0015.
"""

from dataclasses import dataclass
from typing import Any

from localapp.domain.lifecycle import Action, Facts, Kind, permitted


@dataclass(frozen=True)
class Corrects:
    """What a correcting document corrects: a revision of another document. Fixed when the document is made.

    The number stands beside the id so that a desk, a print or a core system can name the document without having it.
    """

    document: str
    number: str
    revision: int

    def as_json(self) -> dict[str, Any]:
        """As it travels, is exported, and counts in the digest of the correcting revision."""
        return {"document": self.document, "number": self.number, "revision": self.revision}


def may_correct(facts: Facts, *, presumed: bool) -> bool:
    """Whether a document is corrected by a new one: once it is exported.

    ``presumed``: a cut-off has passed that may have taken it, and nobody can be asked. What waits for an export may be
    corrected then as well; whether it was exported is decided where the correction arrives.
    """
    waits = facts.backed_up_at is not None and facts.kind in {Kind.OFFER, Kind.ILLUSTRATION}
    allowed = permitted(facts)
    return Action.CORRECT in allowed or (presumed and waits and Action.EDIT in allowed)
