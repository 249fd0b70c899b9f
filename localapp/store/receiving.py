"""What the insurer tells of documents becomes facts here. Nothing typed is lost: a later change over an exported
document, or over one that another machine has changed, stays as a working copy and is noted as a conflict.

Source: docs/sync-protocol.md; DOMAIN.md, "Conflict".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import DocumentFacts, Refusal
from localapp.domain.sync.operations import OperationKind
from localapp.store import (
    attachment_store,
    conflicting,
    document_columns,
    documents,
    journal,
    lineage,
    outbox,
    overtaking,
    received,
    wanting,
)
from localapp.store.conflicting import ENDPOINT, Reason
from localapp.store.documents import StoredDocument
from localapp.store.health import HealthTables
from localapp.store.overtaking import Values

_OVERTAKEN = frozenset({"stale", "cancelled", "signed"})
"""Refusals of a revision whose document has another, or an end, at the insurer."""
_MOVED_ON = _OVERTAKEN | {"exported"}


@dataclass(frozen=True)
class _Here:
    """What lies here of the documents that are told of, read once for all."""

    digests: dict[tuple[int, int], str]
    waiting: frozenset[int]

    def holds(self, stored: StoredDocument, facts: DocumentFacts) -> bool:
        """Whether the revision that the facts are about is here."""
        return self.digests.get((stored.row, facts.revision)) == facts.digest


def receive_all(connection: Connection, health: HealthTables, enrolment: int, told: Sequence[DocumentFacts]) -> None:
    """Apply what the endpoint knows of documents; a revision that is not here is wanted from now on."""
    known = documents.find_all(connection, [facts.document for facts in told])
    here, held = _look(connection, list(known.values())), []
    news: dict[str, tuple[StoredDocument, Values]] = {}
    for facts in told:
        if facts.document in news:  # told of twice: it is read again in between
            documents.learn_all(connection, list(news.values()))
            known[facts.document] = documents.find(connection, facts.document)
            here = _look(connection, list(known.values()))
            news.clear()
        stored = known.get(facts.document)
        if stored is not None and here.holds(stored, facts):
            held.append(facts.document)
        else:
            wanting.want(connection, enrolment, facts)
        if stored is not None:
            news[facts.document] = stored, _receive(connection, health, stored, facts, here)
    documents.learn_all(connection, list(news.values()))
    wanting.forget(connection, held)


def _look(connection: Connection, stored: Sequence[StoredDocument]) -> _Here:
    rows = [each.row for each in stored]
    return _Here(lineage.digests(connection, rows), outbox.with_waiting(connection, rows))


def _receive(
    connection: Connection, health: HealthTables, stored: StoredDocument, facts: DocumentFacts, here: _Here
) -> Values:
    """What the document's row has to say now.

    While an operation waits, only its own answer says what became of it: nothing else is touched before.
    """
    values, columns = document_columns.told(facts), stored.columns
    if not facts.returned_at and _is_refused(connection, stored):
        values = {name: value for name, value in values.items() if not name.startswith("returned_")}
    is_held = here.holds(stored, facts)
    if facts.exported_at and columns["exported_at"] is None:
        values |= overtaking.lock(connection, health, stored, facts, is_held=is_held)
        journal.note(connection, stored.row, ENDPOINT, "exported")
    elif stored.row not in here.waiting:
        if facts.attachments_missing:
            attachment_store.offer_again(connection, stored.row)
        if columns["cancelled_at"] and not facts.cancelled_at:
            values |= _cancelled_here_alone(connection, health, stored, facts, is_held=is_held)
        elif not is_held or _has_ended(stored, facts):
            values |= overtaking.overtake(connection, health, stored, facts, is_held=is_held)
    return values


def _cancelled_here_alone(
    connection: Connection, health: HealthTables, stored: StoredDocument, facts: DocumentFacts, *, is_held: bool
) -> Values:
    """It was cancelled when nothing of it seemed to have left, by a database that was put back to an older state; or
    the insurer was put back, and another machine's cancellation is not known there any more.

    The insurer is told, if what it has is here. A revision that nobody has seen here is not cancelled; what was
    cancelled is sent after all, so that it takes its place among the insurer's.
    """
    if is_held:
        outbox.queue_again(connection, stored, OperationKind.CANCELLATION)
        return {}
    revision = stored.record.revision
    values: Values = {"cancelled_at": None}
    if revision in lineage.lineage(connection, stored.row).acknowledged:
        values |= overtaking.overtake(connection, health, stored, facts, is_held=False)
    else:
        outbox.queue_again(connection, stored, OperationKind.COMPLETION)
    return values | conflicting.note(connection, stored.row, Reason.STALE_CANCELLATION, revision, facts.revision)


def _has_ended(stored: StoredDocument, facts: DocumentFacts) -> bool:
    """Whether the document has been cancelled or signed, and not from here."""
    columns = stored.columns
    is_cancelled = facts.cancelled_at and not columns["cancelled_at"]
    return bool(is_cancelled or (facts.signed_at and not columns["signed_at"]))


def refuse_change(
    connection: Connection,
    health: HealthTables,
    operation: str,
    document: str,
    refusal: Refusal,
    facts: DocumentFacts | None,
) -> None:
    """The insurer did not take an operation: it stays visible with its reason, and the document's journal says so.

    A revision over which the document has moved on becomes the working copy and a conflict; one that was refused for
    itself comes back for correction. A cancellation that was not taken has not cancelled anything, unless the insurer
    never had the document; a revision that it had kept from leaving makes way too, or leaves after all.
    """
    stored = documents.find(connection, document)
    kind, revision = outbox.what_of(connection, operation)
    is_completion = kind is OperationKind.COMPLETION
    if is_completion and facts and facts.revision == revision and _holds(connection, stored, facts):
        outbox.acknowledge(connection, [operation])  # it was taken, by a way that this machine has forgotten
        return
    if is_completion and refusal.code in _MOVED_ON and received.is_received(connection, stored.row, revision):
        outbox.withdraw(connection, operation)  # another machine's, offered again, and brought by somebody meanwhile
        return
    outbox.refuse(connection, operation, refusal)
    journal.note(connection, stored.row, ENDPOINT, f"refused:{refusal.code}")
    if kind is OperationKind.SIGNATURE:
        _refuse_signature(connection, stored, refusal, facts)
    elif not is_completion:
        _refuse_cancellation(connection, health, stored, refusal, facts)
    elif facts is not None and _has_moved_on(connection, stored, revision, refusal, facts):
        _give_way(connection, health, stored, facts)
    else:
        _return(connection, stored, revision, refusal, facts)


def _refuse_cancellation(
    connection: Connection, health: HealthTables, stored: StoredDocument, refusal: Refusal, facts: DocumentFacts | None
) -> None:
    at_insurer = facts is not None or stored.backed_up_revision is not None
    if not at_insurer or (facts and facts.cancelled_at) or refusal.code == "exported":
        return
    values: Values = {"cancelled_at": None}
    base = lineage.lineage(connection, stored.row).base_of(stored.record.revision)
    if facts is not None and refusal.code in _OVERTAKEN:
        is_held = _holds(connection, stored, facts)
        values |= overtaking.overtake(connection, health, stored, facts, is_held=is_held)
        reason = Reason(f"{refusal.code}_cancellation")
        values |= conflicting.note(connection, stored.row, reason, base, facts.revision)
    elif base != stored.record.revision:
        outbox.queue_again(connection, stored, OperationKind.COMPLETION)
    documents.learn(connection, stored, values)


def _refuse_signature(
    connection: Connection, stored: StoredDocument, refusal: Refusal, facts: DocumentFacts | None
) -> None:
    """What was signed stays here with its files. The document counts as signed only if the insurer has it so.

    A signature that came after the export is kept there too, and is handed in later: the text was signed.
    """
    if refusal.code == "signature_late" or (facts and facts.signed_at):
        return
    values: Values = {"signed_at": None, "signed_revision": None}
    if facts is not None and refusal.code == "stale":
        reason = Reason.STALE_SIGNATURE
        values |= conflicting.note(connection, stored.row, reason, stored.columns["signed_revision"], facts.revision)
    documents.learn(connection, stored, values)


def _has_moved_on(
    connection: Connection, stored: StoredDocument, revision: int, refusal: Refusal, facts: DocumentFacts
) -> bool:
    """Whether the insurer has something that neither leads to the refused revision nor came of it."""
    if refusal.code != "stale":
        return refusal.code in _OVERTAKEN
    return lineage.lineage(connection, stored.row).parted(facts.revision, revision) or not _holds(
        connection, stored, facts
    )


def _give_way(connection: Connection, health: HealthTables, stored: StoredDocument, facts: DocumentFacts) -> None:
    """What was done after the refused revision goes no further either: it was done over it."""
    if outbox.withdraw_all(connection, stored.row):
        journal.note(connection, stored.row, ENDPOINT, "withdrawn")
    is_held = _holds(connection, stored, facts)
    values = overtaking.overtake(connection, health, stored, facts, is_held=is_held)
    if not facts.cancelled_at:
        values["cancelled_at"] = None
    if not facts.signed_at:
        values |= {"signed_at": None, "signed_revision": None}
    documents.learn(connection, stored, values)


def _return(
    connection: Connection, stored: StoredDocument, revision: int, refusal: Refusal, facts: DocumentFacts | None
) -> None:
    """Nothing of a revision that comes back for correction waits any more."""
    at_insurer = facts is not None or stored.backed_up_revision is not None
    if not at_insurer and stored.record.facts.cancelled_at:
        outbox.withdraw_all(connection, stored.row)  # there is nothing to cancel
    has_moved_on = facts is not None and (facts.exported_at or facts.cancelled_at)
    if revision == stored.record.revision and not has_moved_on:
        reason = canonical_text(refusal.as_json())
        values = {"returned_at": clock.stamp(), "returned_revision": revision, "returned_refusal": reason}
        documents.learn(connection, stored, values)


def _holds(connection: Connection, stored: StoredDocument, facts: DocumentFacts) -> bool:
    return _look(connection, [stored]).holds(stored, facts)


def _is_refused(connection: Connection, stored: StoredDocument) -> bool:
    """Whether the insurer did not take the newest revision, so that what it says is about an earlier one."""
    return stored.columns["returned_at"] is not None and outbox.is_refused(
        connection, stored.row, stored.columns["revision"]
    )
