"""The core of the intake: operations of one request, each judged on the endpoint's own copy and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Connection

from endpoint import counting, documents, leases, numbers, withdrawn
from endpoint.authentication import Caller, others
from endpoint.documents import StoredDocument
from endpoint.export import due
from endpoint.intake import records, rules, signing, writing
from endpoint.intake.reading import ReadOperation
from endpoint.intake.records import Decision, Recorded
from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import PushResult, Refusal
from localapp.domain.sync.operations import Envelope, Outcome


@dataclass
class _Batch:
    """What one request is judged by, read once inside its transaction. No document stands in it twice."""

    caller: Caller
    now: datetime
    days: due.Days
    recorded: dict[str, Recorded]
    documents: dict[str, StoredDocument]
    holders: dict[str, str]
    corrected: dict[str, str]
    own_numbers: set[str]
    known: dict[str, records.Known]
    files: dict[str, set[str]]
    withdrawn: frozenset[Pinned]
    others: frozenset[str]
    next_id: int
    sequence: int

    @cached_property
    def stamp(self) -> str:
        return self.now.astimezone(UTC).isoformat(timespec="microseconds")


def push(connection: Connection, caller: Caller, operations: Sequence[ReadOperation]) -> list[PushResult]:
    """Take in the operations, in order; one that fails never touches another. Acknowledged once committed."""
    leases.use(connection, caller)
    batch = _load(connection, caller, operations)
    decisions = [_decide(batch, each) for each in operations]
    failed = writing.write(connection, caller, [each for each in decisions if each.is_new], batch.stamp)
    return [_result(batch, each, failed=each.read.id in failed) for each in decisions]


def _load(connection: Connection, caller: Caller, operations: Sequence[ReadOperation]) -> _Batch:
    envelopes = [each.envelope for each in operations if each.envelope]
    known = records.recorded(connection, caller, [each.id for each in operations])
    mentioned = {each.document for each in envelopes} | {each.document for each in known.values()}
    asked = {each.number for each in envelopes}
    to_correct = {
        each.completion.corrects.document for each in envelopes if each.completion and each.completion.corrects
    }
    there = documents.by_uuid(connection, mentioned | to_correct)
    now = clock.now()
    return _Batch(
        caller=caller,
        now=now,
        days=due.Days(connection, now),
        recorded=known,
        documents=there,
        holders=documents.holders_of(connection, asked),
        corrected=documents.corrected(connection, to_correct) if to_correct else {},
        own_numbers=numbers.belonging(connection, caller, asked),
        known=records.known_revisions(connection, there, envelopes),
        files=signing.named(connection, there, envelopes),
        withdrawn=withdrawn.withdrawn(connection),
        others=others(connection, caller, {each.installation for each in envelopes}),
        next_id=documents.next_id(connection),
        sequence=counting.take(connection, len(operations)),
    )


def _decide(batch: _Batch, read: ReadOperation) -> Decision:
    """What becomes of one operation; nothing is written yet."""
    recorded = batch.recorded.get(read.id)
    if recorded is not None:
        return _repeated(batch, read, recorded)
    if read.envelope is None:
        return Decision(read, Outcome.REJECTED, read.refusal)
    envelope = read.envelope
    document = batch.documents.get(envelope.document)
    refusal = rules.unacceptable(envelope, batch.caller, batch.others)
    if refusal is not None:
        return Decision(read, Outcome.REJECTED, refusal)
    if document is not None and document.is_visible_to(batch.caller) and _is_known(batch, envelope, document):
        return _known_already(batch, read, envelope, document)
    old = rules.withdrawn(envelope, batch.withdrawn)
    if old is not None:
        return Decision(read, Outcome.REJECTED, old)
    conflict = _conflict(batch, envelope, document)
    waits_for = _waits_for(batch, envelope, document, conflict)
    if waits_for is not None:
        return Decision(read, Outcome.DEFERRED, Refusal(waits_for, {}), document)
    if conflict is not None:
        return Decision(read, Outcome.CONFLICT, conflict, document)
    return _accepted(batch, read, envelope, document)


def _known_already(batch: _Batch, read: ReadOperation, envelope: Envelope, document: StoredDocument) -> Decision:
    """A content that was missing here is news of its document: who has asked for it in vain asks again."""
    known = batch.known.get(envelope.document)
    fills = envelope.completion is not None and known is not None and known.lacks(envelope.revision)
    if fills:
        document = replace(document, sequence=batch.sequence)
        batch.sequence += 1
    return Decision(read, Outcome.ACCEPTED, None, document, is_known=True, fills=fills)


def _waits_for(
    batch: _Batch, envelope: Envelope, document: StoredDocument | None, conflict: Refusal | None
) -> str | None:
    """The code of what has to come first: the revision that this one follows, or the freeze of the day."""
    if conflict is not None:
        return "base_unknown" if conflict.code == "stale" and rules.is_ahead(envelope, document) else None
    is_awaited = document is not None and rules.is_awaited_by_freeze(document, batch.days.pending_cutoff)
    return "freeze_pending" if is_awaited else None


def _repeated(batch: _Batch, read: ReadOperation, known: Recorded) -> Decision:
    if known.digest != read.digest:
        return Decision(read, Outcome.REJECTED, Refusal("operation_reused", {}), is_repeat=True)
    document = batch.documents.get(known.document)
    return Decision(read, known.outcome, known.refusal, document, is_repeat=True)


def _is_known(batch: _Batch, envelope: Envelope, document: StoredDocument) -> bool:
    """Whether the operation says what is so already: another copy of the same desk has brought it.

    Of a document that was read back from an export, earlier revisions than that are known only by what is brought.
    """
    if envelope.number != document.number:
        return False
    if envelope.signature is not None:
        files = batch.files[document.uuid]
        return signing.is_known(envelope.signature, envelope.revision, document, files)
    if envelope.completion is None:
        return document.cancelled_at is not None
    known = batch.known.get(envelope.document)
    if known is None:
        return False
    is_older = document.exported_revision is not None and envelope.revision < document.exported_revision
    return known.holds(envelope.revision, envelope.completion.digest) or (is_older and known.lacks(envelope.revision))


def _conflict(batch: _Batch, envelope: Envelope, document: StoredDocument | None) -> Refusal | None:
    """Why the document has moved on. A document or number of somebody else is told from a free one by nothing."""
    if document is not None and not document.is_visible_to(batch.caller):
        return Refusal("not_permitted", {})
    reason = rules.moved_on(envelope, document, batch.now) or _wrongly_corrects(batch, envelope, document)
    if reason is not None or (document is not None and document.number == envelope.number):
        return reason
    is_free = envelope.number in batch.own_numbers and envelope.number not in batch.holders
    return None if is_free and document is None else Refusal("number_taken", {"number": envelope.number})


def _wrongly_corrects(batch: _Batch, envelope: Envelope, document: StoredDocument | None) -> Refusal | None:
    """What a document corrects is decided with its first revision, and stays."""
    corrects = envelope.completion.corrects if envelope.completion else None
    if document is not None:
        is_same = envelope.completion is None or corrects == document.corrects
        return None if is_same else Refusal("not_permitted", {})
    if corrects is None:
        return None
    wrong = batch.documents.get(corrects.document)
    if wrong is None or not wrong.is_visible_to(batch.caller):
        wrong = None
    return rules.wrongly_corrects(corrects, wrong, is_taken=corrects.document in batch.corrected)


def _accepted(batch: _Batch, read: ReadOperation, envelope: Envelope, before: StoredDocument | None) -> Decision:
    moment = writing.Moment(batch.sequence, batch.stamp)
    batch.sequence += 1
    if before is None:
        after = writing.new_document(batch.caller, envelope, batch.next_id, moment)
        batch.next_id += 1
    else:
        after = writing.changed(before, envelope, moment)
    batch.holders[envelope.number] = envelope.document
    if before is None and after.corrects is not None:
        batch.corrected[after.corrects.document] = after.uuid
    return Decision(read, Outcome.ACCEPTED, None, after, before)


def _result(batch: _Batch, decision: Decision, *, failed: bool) -> PushResult:
    read, document = decision.read, decision.document
    if failed:
        return PushResult(read.id, Outcome.REJECTED, Refusal("malformed", {"reason": "not storable"}))
    if document is None or not document.is_visible_to(batch.caller):
        return PushResult(read.id, decision.outcome, decision.refusal)
    planned = None
    if decision.outcome is Outcome.ACCEPTED and _goes(document):
        planned = batch.days.planned_export(document.backed_up_at)
    return PushResult(read.id, decision.outcome, decision.refusal, document.facts(), planned)


def _goes(document: StoredDocument) -> bool:
    """Whether the newest revision is on its way to an export."""
    is_over = document.exported_at or document.cancelled_at or document.returned_at or document.attachments_missing
    return document.kind is not Kind.OTHER and not is_over
