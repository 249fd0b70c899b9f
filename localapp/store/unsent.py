"""Neodeslané: every operation that waits or that the insurer did not take, as the outbox says it, and no other.

One that was not taken is done with once its document went all the same (exported), was cancelled or deleted, was
completed anew, or was copied. Nothing ends by growing old.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, insert, select, text

from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.domain.sync.operations import OperationKind
from localapp.store import documents, journal, outbox, schema
from localapp.store.ids import new_id
from localapp.store.records import Operation
from localapp.store.sync_schema import enrolment

_outbox, _document = schema.outbox, schema.document
_waits = text(schema.WAITING)
TRIED_AGAIN = frozenset(
    {"malformed", "digest_wrong", "too_large", "operation_reused", "partner_ended", "endpoint_failed"}
)
"""What the insurer did not take for a reason that may be gone; for the others the document itself has moved on."""


@dataclass(frozen=True)
class Unsent:
    """One open operation with what people know its document by, and the versions that a report names."""

    operation: Operation
    number: str
    client_last_name: str
    client_first_name: str
    form: Pinned
    calculation: Pinned
    partner_number: str

    @property
    def may_be_tried_again(self) -> bool:
        """Whether another try can end differently: what waits is tried anyway."""
        operation = self.operation
        if operation.refused_at is None:
            return True
        refused = operation.refusal is not None and operation.refusal.code in TRIED_AGAIN
        return refused and operation.kind is OperationKind.COMPLETION


@dataclass(frozen=True)
class Open:
    """How many documents wait, and how many operations were not taken and are still open."""

    waiting: int
    refused: int

    @property
    def all(self) -> int:
        """Zero is the promise that everything has left."""
        return self.waiting + self.refused


def count(connection: Connection) -> Open:
    """Both counts."""
    refused = select(func.count()).select_from(_outbox.join(_document)).where(_refused_and_open())
    return Open(outbox.count_unsent(connection), connection.execute(refused).scalar_one())


def listed(connection: Connection, most: int) -> list[Unsent]:
    """What was not taken, newest first, then what waits, oldest first; so many of each at most."""
    refused = _listed().where(_refused_and_open()).order_by(_outbox.c.refused_at.desc()).limit(most)
    waiting = _listed().where(_waits).order_by(_outbox.c.position).limit(most)
    return [_unsent(row) for chosen in (refused, waiting) for row in connection.execute(chosen)]


def find(connection: Connection, operation: str) -> Unsent | None:
    """One open operation; None when it is done or unknown."""
    for still_open in (_waits, _refused_and_open()):
        row = connection.execute(_listed().where(_outbox.c.id == operation, still_open)).one_or_none()
        if row is not None:
            return _unsent(row)
    return None


def try_again(connection: Connection, operation: str) -> bool:
    """Put a revision that was not taken into the outbox once more, as a new operation; whether that was possible.

    The same operation would be answered with its recorded outcome for good. The document waits again.
    """
    found = find(connection, operation)
    if found is None or found.operation.refused_at is None or not found.may_be_tried_again:
        return False
    stored = documents.find(connection, found.operation.document)
    if found.operation.revision != stored.record.revision:
        return False
    enrolled = select(_outbox.c.enrolment_id).where(_outbox.c.id == operation)
    connection.execute(
        insert(_outbox).values(
            id=new_id(),
            kind=found.operation.kind,
            document_id=stored.row,
            revision=found.operation.revision,
            enrolment_id=connection.execute(enrolled).scalar_one(),
            queued_at=clock.stamp(),
        )
    )
    documents.learn(connection, stored, {"returned_at": None, "returned_revision": None, "returned_refusal": None})
    journal.note(connection, stored.row, "advisor", "tried_again")
    return True


def _refused_and_open() -> ColumnElement[bool]:
    later, copy = _outbox.alias(), _document.alias()
    went_on = exists().where(
        later.c.document_id == _outbox.c.document_id,
        later.c.position > _outbox.c.position,
        later.c.withdrawn_at.is_(None),
    )
    copied = exists().where(copy.c.copied_from == _document.c.uuid, copy.c.created_at > _outbox.c.refused_at)
    done = (_document.c.exported_at, _document.c.cancelled_at, _document.c.deleted_at)
    return and_(_outbox.c.refused_at.is_not(None), *(each.is_(None) for each in done), ~went_on, ~copied)


def _listed() -> Any:  # noqa: ANN401 - a select of many columns
    named = (
        _document.c.uuid,
        _document.c.number,
        _document.c.client_last_name,
        _document.c.client_first_name,
        _document.c.form_name,
        _document.c.form_version,
        _document.c.calculation_name,
        _document.c.calculation_version,
        enrolment.c.partner_number,
    )
    spoken_for = enrolment.c.id == _outbox.c.enrolment_id
    return select(_outbox, *named).select_from(_outbox.join(_document).outerjoin(enrolment, spoken_for))


def _unsent(row: Row[Any]) -> Unsent:
    return Unsent(
        operation=outbox.operation_of(row),
        number=row.number or "",
        client_last_name=row.client_last_name,
        client_first_name=row.client_first_name,
        form=Pinned(row.form_name, row.form_version),
        calculation=Pinned(row.calculation_name, row.calculation_version),
        partner_number=row.partner_number or "",
    )
