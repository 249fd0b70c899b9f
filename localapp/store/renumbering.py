"""A document whose number another one has takes the next number by itself, and keeps the former one beside it.

It happens when two copies of a desk have worked off-line with the same numbers. A paper print may carry the former
number, so the document is found by both, and the advisor is told. Source: docs/sync-protocol.md, "Numbers".
"""

from sqlalchemy import Connection

from localapp import clock
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import DocumentFacts, Refusal
from localapp.domain.sync.operations import OperationKind
from localapp.store import documents, journal, outbox, repairs
from localapp.store.documents import StoredDocument
from localapp.store.numbers import take_number
from localapp.store.repairs import Repair

RENUMBERED = "renumbered"
"""How it is told; ``Repair.kept`` holds the former number and, after a space, the new one if there was one at hand."""

_ENDPOINT = "endpoint"


def renumber(
    connection: Connection, operation: str, document: str, refusal: Refusal, facts: DocumentFacts | None
) -> bool:
    """Give the document its next number and let its revision wait again; whether that is the way out of the refusal.

    It is for a completion of a document that the insurer does not have: what it has keeps its number for good.
    """
    if refusal.code != "number_taken" or facts is not None:
        return False
    stored = documents.find(connection, document)
    kind, revision = outbox.what_of(connection, operation)
    is_first = kind is OperationKind.COMPLETION and stored.backed_up_revision is None
    if not is_first or stored.record.facts.cancelled_at or refusal.facts.get("number") != stored.number:
        return False
    outbox.refuse(connection, operation, refusal)
    if revision == stored.record.revision:  # a later one waits already and goes with the new number
        outbox.queue_completion(connection, stored)
    _give_next(connection, stored)
    return True


def _give_next(connection: Connection, stored: StoredDocument) -> None:
    """The next number at hand; without one the next welcome gives it, as to a new document."""
    former = stored.number
    number = take_number(connection, Kind(stored.columns["kind"]), stored.enrolment)
    documents.learn(connection, stored, {"number": number, "former_number": former})
    journal.note(connection, stored.row, _ENDPOINT, f"{RENUMBERED}:{former}")
    told = Repair(f"{clock.stamp()} {former}", RENUMBERED, kept=f"{former} {number or ''}".strip())
    repairs.note_in(connection, told)
