"""What waits to be told to the insurer. Queued in the transaction of the command; health is in it only sealed.

An operation's envelope is made once, before the first byte leaves, and is sent again as it is until its outcome is
known. Of a document only the oldest waiting operation is sent at a time.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    TextClause,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import OperationKind
from localapp.store import schema
from localapp.store.document_columns import refusal_of
from localapp.store.documents import StoredDocument
from localapp.store.ids import new_id
from localapp.store.lineage import ELSEWHERE
from localapp.store.moments import as_moment, as_moment_or_none
from localapp.store.records import Operation
from localapp.store.several import several, texts

_table = schema.outbox
_waits = text(schema.WAITING)
_WITH_WAITING = select(_table.c.document_id).where(several(_table.c.document_id), _waits)
_ACKNOWLEDGE = (
    update(_table).where(several(_table.c.id), _waits).values(acknowledged_at=bindparam("now"), last_refusal=None)
)
_DOCUMENTS_OF = (
    select(_table.c.id, schema.document.c.uuid)
    .join(schema.document, schema.document.c.id == _table.c.document_id)
    .where(several(_table.c.id), _waits)
)
_COUNT_WAITING = select(func.count()).select_from(_table).where(_table.c.enrolment_id == bindparam("enrolment"), _waits)


def queue_completion(connection: Connection, stored: StoredDocument) -> int:
    """Queue the newest revision; its place. One of the same document that has not begun to leave is superseded."""
    withdraw_unsent(connection, stored.row)
    return _queue(connection, stored, OperationKind.COMPLETION)


def queue_signature(connection: Connection, stored: StoredDocument) -> None:
    """Queue the signature of the newest revision, behind that revision where it still waits."""
    _queue(connection, stored, OperationKind.SIGNATURE)


def queue_cancellation(connection: Connection, stored: StoredDocument) -> None:
    """What has not begun to leave never does; if a revision was sent, or may have been, a cancellation follows it."""
    withdraw_unsent(connection, stored.row)
    leaving = connection.execute(select(_table.c.id).where(_table.c.document_id == stored.row, _waits)).first()
    if stored.backed_up_revision is not None or leaving:
        _queue(connection, stored, OperationKind.CANCELLATION)


def queue_again(connection: Connection, stored: StoredDocument, kind: OperationKind) -> None:
    """Queue an operation about the newest revision that was withdrawn, or never queued, in the belief that it had not
    left.
    """
    _queue(connection, stored, kind)


def withdraw_unsent(connection: Connection, document: int) -> None:
    """Withdraw the document's operations of which no byte has left."""
    _withdraw(connection, _table.c.document_id == document, _table.c.envelope.is_(None), _waits)


def queue_anew(connection: Connection, enrolment: int) -> None:
    """Give the operations of which no byte has left other ids, in the order in which they were queued."""
    fresh = (_table.c.enrolment_id == enrolment, _table.c.envelope.is_(None), _waits)
    columns = (_table.c.kind, _table.c.document_id, _table.c.revision, _table.c.enrolment_id, _table.c.queued_at)
    rows = connection.execute(select(*columns).where(*fresh).order_by(_table.c.position)).mappings().all()
    _withdraw(connection, *fresh)
    if rows:
        connection.execute(insert(_table), [{**row, "id": new_id()} for row in rows])


def _withdraw(connection: Connection, *unsent: "ColumnElement[bool] | TextClause") -> None:
    """What was made ready of them goes too."""
    places = select(_table.c.position).where(*unsent)
    connection.execute(delete(schema.outgoing).where(schema.outgoing.c.position.in_(places)))
    connection.execute(update(_table).where(*unsent).values(withdrawn_at=clock.stamp()))


def withdraw_all(connection: Connection, document: int, *, but_signature_of: int | None = None) -> int:
    """Withdraw all that waits of a document that the insurer has locked, or that has moved on there; how much.

    What the insurer had and has lost is still offered again, and the signature of a revision that it has taken over is
    evidence: it is handed in.
    """
    is_evidence = and_(_table.c.kind == OperationKind.SIGNATURE, _table.c.revision == but_signature_of)
    found = (_table.c.document_id == document, _table.c.offered_again_at.is_(None), ~is_evidence, _waits)
    return connection.execute(update(_table).where(*found).values(withdrawn_at=clock.stamp())).rowcount


def waiting(connection: Connection) -> list[Operation]:
    """The operations that wait or were refused and are still the document's last word, oldest first."""
    found = connection.execute(_listed().where(_waits).order_by(_table.c.position))
    return [operation_of(row) for row in found]


def refused(connection: Connection) -> list[Operation]:
    """The operations that the insurer did not take and that are still their document's last word, newest first."""
    return [operation_of(row) for row in connection.execute(_refused())]


def with_waiting(connection: Connection, documents: Sequence[int]) -> frozenset[int]:
    """Those of the documents of which something waits."""
    return frozenset(connection.execute(_WITH_WAITING, {"several": texts(documents)}).scalars())


def with_unsettled(connection: Connection, documents: Sequence[int]) -> frozenset[int]:
    """Those of the documents of which something waits, or was not taken and is still their last word."""
    unsettled = or_(_waits, _is_refused_last_word())
    chosen = select(_table.c.document_id).where(_table.c.document_id.in_(documents), unsettled)
    return frozenset(connection.execute(chosen).scalars())


def count_waiting(connection: Connection, enrolment: int) -> int:
    """How many operations of an enrolment wait."""
    return connection.execute(_COUNT_WAITING, {"enrolment": enrolment}).scalar_one()


def count_unsent(connection: Connection) -> int:
    """How many documents have something that waits, whoever speaks for it."""
    chosen = select(func.count(_table.c.document_id.distinct())).where(_waits)
    return connection.execute(chosen).scalar_one()


def acknowledge(connection: Connection, operations: Sequence[str]) -> None:
    """The insurer has them."""
    connection.execute(_ACKNOWLEDGE, {"now": clock.stamp(), "several": texts(operations)})


def refuse(connection: Connection, operation: str, refusal: Refusal) -> None:
    """The insurer did not take it; it stays visible with the reason."""
    _settle(connection, operation, refused_at=clock.stamp(), last_refusal=canonical_text(refusal.as_json()))


def note_refusal(connection: Connection, operations: Sequence[str], refusal: Refusal) -> None:
    """Note why operations still wait."""
    kept = canonical_text(refusal.as_json())
    connection.execute(update(_table).where(_table.c.id.in_(operations), _waits).values(last_refusal=kept))


def documents_of(connection: Connection, operations: Sequence[str]) -> dict[str, str]:
    """The document of each of the operations that still waits."""
    found = connection.execute(_DOCUMENTS_OF, {"several": texts(operations)})
    return {operation: str(document) for operation, document in found}


def withdraw(connection: Connection, operation: str) -> None:
    """Withdraw one that nobody here has to answer for."""
    _settle(connection, operation, withdrawn_at=clock.stamp())


def what_of(connection: Connection, operation: str) -> tuple[OperationKind, int]:
    """Kind and revision of an operation."""
    row = connection.execute(select(_table.c.kind, _table.c.revision).where(_table.c.id == operation)).one()
    return OperationKind(row.kind), row.revision


def is_refused(connection: Connection, document: int, revision: int | None) -> bool:
    """Whether the insurer did not take this revision of a document."""
    found = select(_table.c.id).where(
        _table.c.document_id == document,
        _table.c.kind == OperationKind.COMPLETION,
        _table.c.revision == revision,
        _table.c.refused_at.is_not(None),
    )
    return connection.execute(found.limit(1)).first() is not None


@cache
def _refused() -> "Select[Any]":
    return _listed().where(_is_refused_last_word()).order_by(_table.c.refused_at.desc())


@cache
def _is_refused_last_word() -> ColumnElement[bool]:
    """A revision of another machine that is offered again is no word of this desk, and one that leaves because it was
    not cancelled says nothing about the cancellation.
    """
    later, revision = _table.alias(), schema.revision.c
    of_elsewhere = exists().where(
        revision.document_id == later.c.document_id,
        revision.number == later.c.revision,
        revision.actor == ELSEWHERE,
        later.c.kind == OperationKind.COMPLETION,
    )
    is_not_cancelled = and_(
        _table.c.kind == OperationKind.CANCELLATION,
        later.c.kind == OperationKind.COMPLETION,
        later.c.revision == _table.c.revision,
    )
    went_on = exists().where(
        later.c.document_id == _table.c.document_id,
        later.c.position > _table.c.position,
        later.c.withdrawn_at.is_(None),
        ~of_elsewhere,
        ~is_not_cancelled,
    )
    return and_(_table.c.refused_at.is_not(None), ~went_on)


def _settle(connection: Connection, operation: str, **values: str | None) -> None:
    connection.execute(update(_table).where(_table.c.id == operation, _waits).values(**values))


def _listed() -> "Select[Any]":
    return select(_table, schema.document.c.uuid).join(schema.document, schema.document.c.id == _table.c.document_id)


def operation_of(row: Row[Any]) -> Operation:
    """One operation from its row and the id of its document."""
    return Operation(
        id=row.id,
        kind=OperationKind(row.kind),
        document=row.uuid,
        revision=row.revision,
        queued_at=as_moment(row.queued_at),
        tries=row.tries,
        refusal=refusal_of(row.last_refusal),
        refused_at=as_moment_or_none(row.refused_at),
    )


def _queue(connection: Connection, stored: StoredDocument, kind: OperationKind) -> int:
    added = connection.execute(
        insert(_table).values(
            id=new_id(),
            kind=kind,
            document_id=stored.row,
            revision=stored.record.revision,
            enrolment_id=stored.enrolment,
            queued_at=clock.stamp(),
        )
    )
    assert added.inserted_primary_key is not None  # noqa: S101 - an insert of one row has its key
    return int(added.inserted_primary_key[0])
