"""The rows of decided operations: all at once, or each by itself when one of them breaks a rule of the tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from endpoint.authentication import Caller
from endpoint.documents import StoredDocument
from endpoint.intake import signing
from endpoint.intake.records import Decision
from endpoint.store import schema
from endpoint.store.engine import added
from localapp.domain.sync.operations import Completion, Envelope, Outcome

_table = schema.document
_ADD_DOCUMENT = added(
    _table,
    "id", "uuid", "number", "kind", "advisor_id", "installation_id", "sequence", "revision", "digest", "backed_up_at",
    "corrects", "corrects_number", "corrects_revision",
)  # fmt: skip
_ADD_REVISION = added(
    schema.revision,
    "document_id", "number", "base_revision", "digest", "envelope", "installation_id", "backed_up_at",
)  # fmt: skip
_ADD_OPERATION = added(
    schema.operation,
    "installation_id", "id", "digest", "document", "outcome", "code", "facts", "at",
)  # fmt: skip
_ADD_KEPT = insert(schema.kept)

_Row = tuple[object, ...]


@dataclass(frozen=True)
class Moment:
    """The place of a change in the feed, and its time."""

    sequence: int
    stamp: str


def new_document(caller: Caller, envelope: Envelope, row: int, moment: Moment) -> StoredDocument:
    """A document with its first acknowledged revision."""
    return StoredDocument(
        id=row,
        uuid=envelope.document,
        number=envelope.number,
        kind=envelope.document_kind,
        advisor_id=caller.advisor_id,
        installation_id=caller.id,
        sequence=moment.sequence,
        revision=envelope.revision,
        digest=_completion(envelope).digest,
        backed_up_at=moment.stamp,
        verified=caller.linked,
        corrects=_completion(envelope).corrects,
    )


def changed(before: StoredDocument, envelope: Envelope, moment: Moment) -> StoredDocument:
    """The document signed, cancelled, or with a further revision: what was known of the earlier one no longer holds."""
    if envelope.signature is not None:
        missing = len(envelope.signature.attachments)
        return replace(before, sequence=moment.sequence, signed_at=moment.stamp, attachments_missing=missing)
    if envelope.completion is None:
        return replace(before, sequence=moment.sequence, cancelled_at=moment.stamp)
    return replace(
        before,
        sequence=moment.sequence,
        revision=envelope.revision,
        digest=envelope.completion.digest,
        backed_up_at=moment.stamp,
        evaluated_at=None,
        returned_at=None,
        returned=None,
    )


def write(connection: Connection, caller: Caller, decisions: Sequence[Decision], stamp: str) -> set[str]:
    """Write the rows of the decisions; the ids of those that the tables refused, of which nothing is written."""
    try:
        with connection.begin_nested():
            _write(connection, caller, decisions, stamp)
    except IntegrityError:
        return {each.read.id for each in decisions if not _alone(connection, caller, each, stamp)}
    return set()


def _alone(connection: Connection, caller: Caller, decision: Decision, stamp: str) -> bool:
    try:
        with connection.begin_nested():
            _write(connection, caller, [decision], stamp)
    except IntegrityError:
        return False
    return True


def _write(connection: Connection, caller: Caller, decisions: Sequence[Decision], stamp: str) -> None:
    accepted = [each for each in decisions if each.outcome is Outcome.ACCEPTED and not each.is_known]
    new = [_document_row(each.document) for each in accepted if each.before is None and each.document]
    filling = [each for each in decisions if each.fills]
    revisions = [row for row in (_revision_row(caller, each) for each in [*accepted, *filling]) if row]
    kept = [row for row in (each.as_kept(caller, stamp) for each in decisions) if row]
    if new:
        connection.exec_driver_sql(_ADD_DOCUMENT, new)
    for each in accepted:
        if each.before and each.document:
            _change(connection, each.before, each.document)
    for document in [each.document for each in filling if each.document]:
        connection.execute(update(_table).where(_table.c.id == document.id).values(sequence=document.sequence))
    if revisions:
        connection.exec_driver_sql(_ADD_REVISION, revisions)
    if kept:
        connection.execute(_ADD_KEPT, kept)
    signing.write(connection, caller, decisions, stamp)
    if decisions:
        connection.exec_driver_sql(_ADD_OPERATION, [each.as_operation(caller, stamp) for each in decisions])


def _document_row(document: StoredDocument) -> _Row:
    corrects = document.corrects
    return (
        document.id,
        document.uuid,
        document.number,
        document.kind.value,
        document.advisor_id,
        document.installation_id,
        document.sequence,
        document.revision,
        document.digest,
        document.backed_up_at,
        corrects and corrects.document,
        corrects and corrects.number,
        corrects and corrects.revision,
    )


def _revision_row(caller: Caller, decision: Decision) -> _Row | None:
    envelope, document = decision.read.envelope, decision.document
    if envelope is None or envelope.completion is None or document is None:
        return None
    return (
        document.id,
        envelope.revision,
        envelope.base_revision,
        envelope.completion.digest,
        decision.read.text,
        caller.id,
        document.backed_up_at,
    )


def _change(connection: Connection, before: StoredDocument, after: StoredDocument) -> None:
    """Raise IntegrityError, with nothing written, when the row is no longer what was judged: the last fence."""
    fence = (
        _table.c.id == before.id,
        _table.c.revision == before.revision,
        _table.c.exported_at.is_(None),
        _table.c.cancelled_at.is_(None),
        _table.c.signed_at.is_(None),
    )
    values: dict[str, object] = {"sequence": after.sequence, "cancelled_at": after.cancelled_at}
    values |= {"signed_at": after.signed_at, "attachments_missing": after.attachments_missing}
    if after.revision != before.revision:
        values |= {"revision": after.revision, "digest": after.digest, "backed_up_at": after.backed_up_at}
        values |= {"evaluated_at": None, "returned_at": None, "returned_code": None, "returned_facts": None}
    written = connection.execute(update(_table).where(*fence).values(values))
    if written.rowcount != 1:
        raise IntegrityError("the document has changed", None, Exception())


def _completion(envelope: Envelope) -> Completion:
    if envelope.completion is None:  # the rules let no cancellation of an unknown document through
        raise AssertionError(envelope.operation)
    return envelope.completion
