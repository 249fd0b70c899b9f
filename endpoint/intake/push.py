"""The core of the intake: operations of one request, each judged on the endpoint's own copy and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from endpoint import counting, documents, numbers
from endpoint.authentication import Caller
from endpoint.documents import StoredDocument
from endpoint.export import due
from endpoint.intake import records, rules, writing
from endpoint.intake.reading import UNREADABLE, ReadOperation
from endpoint.intake.records import Recorded
from localapp import clock
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import PushResult, Refusal
from localapp.domain.sync.operations import Envelope, Outcome


@dataclass
class _Batch:
    """What one request is judged by, read once inside its transaction."""

    connection: Connection
    caller: Caller
    now: datetime
    pending_cutoff: datetime | None
    recorded: dict[str, Recorded]
    documents: dict[str, StoredDocument]
    holders: dict[str, str]
    own_numbers: set[str]
    sequence: int

    @property
    def stamp(self) -> str:
        return self.now.astimezone(UTC).isoformat(timespec="microseconds")


def push(connection: Connection, caller: Caller, operations: Sequence[ReadOperation]) -> list[PushResult]:
    """Take in the operations, in order; one that fails never touches another. Acknowledged once committed."""
    batch = _load(connection, caller, operations)
    return [_take(batch, each) for each in operations]


def _load(connection: Connection, caller: Caller, operations: Sequence[ReadOperation]) -> _Batch:
    envelopes = [each.envelope for each in operations if each.envelope]
    known = records.recorded(connection, caller, [each.id for each in operations])
    mentioned = {each.document for each in envelopes} | {each.document for each in known.values()}
    asked = {each.number for each in envelopes}
    now = clock.now()
    return _Batch(
        connection=connection,
        caller=caller,
        now=now,
        pending_cutoff=due.pending_cutoff(connection, now),
        recorded=known,
        documents=documents.by_uuid(connection, mentioned),
        holders=documents.holders_of(connection, asked),
        own_numbers=numbers.belonging(connection, caller, asked),
        sequence=counting.take(connection, len(operations)),
    )


def _take(batch: _Batch, read: ReadOperation) -> PushResult:
    known = batch.recorded.get(read.id)
    if known is not None:
        return _repeated(batch, read, known)
    sequence, batch.sequence = batch.sequence, batch.sequence + 1
    try:
        with batch.connection.begin_nested():
            return _decide(batch, read, sequence)
    except IntegrityError:  # a rule of the tables that no rule above foresaw: this operation's fault alone
        return PushResult(read.id, Outcome.REJECTED, Refusal("malformed", {"reason": "not storable"}))


def _repeated(batch: _Batch, read: ReadOperation, known: Recorded) -> PushResult:
    if known.digest != read.digest:
        return PushResult(read.id, Outcome.REJECTED, Refusal("operation_reused", {}))
    return _result(batch, read.id, known.outcome, known.refusal, batch.documents.get(known.document))


def _decide(batch: _Batch, read: ReadOperation, sequence: int) -> PushResult:
    refusal = read.refusal if read.envelope is None else rules.unacceptable(read.envelope, batch.caller)
    if refusal is not None or read.envelope is None:
        if read.id != UNREADABLE:
            records.record(batch.connection, batch.caller, read, Outcome.REJECTED, refusal, batch.stamp)
        return PushResult(read.id, Outcome.REJECTED, refusal)
    envelope = read.envelope
    document = batch.documents.get(envelope.document)
    conflict = _conflict(batch, envelope, document)
    if conflict is None and document and rules.is_awaited_by_freeze(document, batch.pending_cutoff):
        return PushResult(read.id, Outcome.DEFERRED, Refusal("freeze_pending", {}), document.facts())
    if conflict is None:
        document = _write(batch, read, envelope, document, sequence)
        batch.documents[envelope.document] = document
        batch.holders[envelope.number] = envelope.document
    outcome = Outcome.ACCEPTED if conflict is None else Outcome.CONFLICT
    records.record(batch.connection, batch.caller, read, outcome, conflict, batch.stamp)
    return _result(batch, read.id, outcome, conflict, document)


def _conflict(batch: _Batch, envelope: Envelope, document: StoredDocument | None) -> Refusal | None:
    """Why the document has moved on. A document or number of somebody else is told from a free one by nothing."""
    if document is not None and not document.is_visible_to(batch.caller):
        return Refusal("not_permitted", {})
    reason = rules.moved_on(envelope, document, batch.now)
    if reason is not None or (document is not None and document.number == envelope.number):
        return reason
    is_free = envelope.number in batch.own_numbers and envelope.number not in batch.holders
    return None if is_free and document is None else Refusal("number_taken", {"number": envelope.number})


def _write(
    batch: _Batch, read: ReadOperation, envelope: Envelope, document: StoredDocument | None, sequence: int
) -> StoredDocument:
    if envelope.completion is None:
        if document is None:  # the rules let no cancellation of an unknown document through
            raise AssertionError(envelope.operation)
        return writing.cancel(batch.connection, document, sequence, batch.stamp)
    moment = writing.Moment(sequence, batch.stamp)
    if document is None:
        return writing.add(batch.connection, batch.caller, envelope, read.text, moment)
    return writing.replace_revision(batch.connection, batch.caller, document, envelope, read.text, moment)


def _result(
    batch: _Batch, operation: str, outcome: Outcome, refusal: Refusal | None, document: StoredDocument | None
) -> PushResult:
    if document is None or not document.is_visible_to(batch.caller):
        return PushResult(operation, outcome, refusal)
    planned = None
    goes = document.kind is not Kind.OTHER and not (
        document.exported_at or document.cancelled_at or document.returned_at
    )
    if outcome is Outcome.ACCEPTED and goes:
        planned = due.planned_export(batch.connection, datetime.fromisoformat(document.backed_up_at), batch.now)
    planned_at = planned.isoformat(timespec="microseconds") if planned else None
    return PushResult(operation, outcome, refusal, document.facts(), planned_at)
