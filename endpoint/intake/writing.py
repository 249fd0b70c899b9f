"""The rows of a document and its revisions. Each change is conditional: the row itself is the last fence."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from endpoint.authentication import Caller
from endpoint.documents import StoredDocument
from endpoint.store import schema
from localapp.domain.sync.operations import Completion, Envelope

_table = schema.document
_OF_REVISION = ("sequence", "revision", "digest", "backed_up_at", "evaluated_at", "returned_at")
_ADD_DOCUMENT, _ADD_REVISION = insert(_table), insert(schema.revision)


@dataclass(frozen=True)
class Moment:
    """The place of a change in the feed, and its time."""

    sequence: int
    stamp: str


def add(connection: Connection, caller: Caller, envelope: Envelope, text: str, moment: Moment) -> StoredDocument:
    """A new document with its first acknowledged revision."""
    values = {
        "uuid": envelope.document,
        "number": envelope.number,
        "kind": envelope.document_kind.value,
        "advisor_id": caller.advisor_id,
        "installation_id": caller.id,
        "sequence": moment.sequence,
        "revision": envelope.revision,
        "digest": _completion(envelope).digest,
        "backed_up_at": moment.stamp,
    }
    added = connection.execute(_ADD_DOCUMENT, values)
    document = StoredDocument(
        id=int(added.lastrowid),
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
    )
    _add_revision(connection, caller, document, envelope, text)
    return document


def replace_revision(
    connection: Connection, caller: Caller, document: StoredDocument, envelope: Envelope, text: str, moment: Moment
) -> StoredDocument:
    """A further revision; what was known of the earlier one no longer holds for the document."""
    after = replace(
        document,
        sequence=moment.sequence,
        revision=envelope.revision,
        digest=_completion(envelope).digest,
        backed_up_at=moment.stamp,
        evaluated_at=None,
        returned_at=None,
        returned=None,
    )
    changed = {name: getattr(after, name) for name in _OF_REVISION}
    _change(connection, document, {**changed, "returned_code": None, "returned_facts": None})
    _add_revision(connection, caller, after, envelope, text)
    return after


def cancel(connection: Connection, document: StoredDocument, sequence: int, stamp: str) -> StoredDocument:
    """The document is cancelled."""
    _change(connection, document, {"sequence": sequence, "cancelled_at": stamp})
    return replace(document, sequence=sequence, cancelled_at=stamp)


def _change(connection: Connection, document: StoredDocument, values: dict[str, object]) -> None:
    """Raise IntegrityError, with nothing written, when the row is no longer what was judged."""
    fence = (
        _table.c.id == document.id,
        _table.c.revision == document.revision,
        _table.c.exported_at.is_(None),
        _table.c.cancelled_at.is_(None),
    )
    written = connection.execute(update(_table).where(*fence).values(values))
    if written.rowcount != 1:
        raise IntegrityError("the document has changed", None, Exception())


def _add_revision(
    connection: Connection, caller: Caller, document: StoredDocument, envelope: Envelope, text: str
) -> None:
    connection.execute(
        _ADD_REVISION,
        {
            "document_id": document.id,
            "number": envelope.revision,
            "base_revision": envelope.base_revision,
            "digest": document.digest,
            "envelope": text,
            "installation_id": caller.id,
            "backed_up_at": document.backed_up_at,
        },
    )


def _completion(envelope: Envelope) -> Completion:
    if envelope.completion is None:
        raise AssertionError(envelope.operation)
    return envelope.completion
