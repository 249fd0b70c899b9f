"""Revisions of other machines that are offered to the insurer again after it has lost them.

The machine that made one may be lost too, so what came of it is kept as it can leave again: byte for byte, with health
sealed as it was. Who offers it is told in the heading. Source: docs/sync-protocol.md, "Manifest and resync".
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, exists, insert, or_, select

from localapp import clock
from localapp.domain.sync.operations import Completion, OperationKind
from localapp.store import documents, envelopes, lineage, schema
from localapp.store.documents import StoredDocument
from localapp.store.enrolments import Enrolment
from localapp.store.envelopes import Waiting
from localapp.store.ids import new_id
from localapp.store.lineage import ELSEWHERE, Lineage
from localapp.store.sync_schema import received

_revision, _outbox = schema.revision, schema.outbox


def keep(connection: Connection, document: int, revision: int, completion: Completion) -> None:
    """Keep what a revision of another machine consists of."""
    row = {"document_id": document, "revision": revision, "completion": completion.text()}
    connection.execute(insert(received).values(row))


def is_received(connection: Connection, document: int, revision: int) -> bool:
    """Whether the revision was made on another machine."""
    of_it = (_revision.c.document_id == document, _revision.c.number == revision)
    return connection.execute(select(_revision.c.actor).where(*of_it)).scalar() == ELSEWHERE


def offer(connection: Connection, enrolment: Enrolment, lost: Mapping[str, int]) -> set[str]:
    """Let what other machines have made of these documents wait for the insurer; which documents have something.

    ``lost`` says the newest revision that the insurer has of each, 0 of one that it does not know.
    """
    found = documents.find_all(connection, list(lost))
    known = lineage.lineages(connection, [each.row for each in found.values()])
    offered = set()
    for uuid, stored in found.items():
        if stored.enrolment != enrolment.id:
            continue
        count = _offer_revisions(connection, enrolment, stored, known[stored.row], lost[uuid])
        count += _offer_cancellation(connection, enrolment, stored)
        if count:
            offered.add(uuid)
    return offered


def _offer_revisions(
    connection: Connection, enrolment: Enrolment, stored: StoredDocument, known: Lineage, there: int
) -> int:
    count = 0
    for number, completion in _kept(connection, stored.row, there):
        waiting = _waiting(stored, OperationKind.COMPLETION, number)
        place = _queue(connection, enrolment, waiting, _base(known, number, there))
        row = {"position": place, "document_id": stored.row, "completion": completion}
        connection.execute(insert(schema.outgoing).values(made_for=envelopes.made_for(enrolment), **row))
        count += 1
    return count


def _kept(connection: Connection, document: int, there: int) -> Iterator[tuple[int, str]]:
    """From the insurer's newest on, of which it may know no content, oldest first; none that is offered already.

    What this machine once sent under the same number, and the insurer refused, was another revision.
    """
    offered = exists().where(
        _outbox.c.document_id == received.c.document_id,
        _outbox.c.revision == received.c.revision,
        _outbox.c.kind == OperationKind.COMPLETION,
        _outbox.c.withdrawn_at.is_(None),
        or_(_outbox.c.refused_at.is_(None), _outbox.c.offered_again_at.is_not(None)),
    )
    chosen = select(received.c.revision, received.c.completion)
    chosen = chosen.where(received.c.document_id == document, received.c.revision >= there, ~offered)
    for row in connection.execute(chosen.order_by(received.c.revision)).all():
        yield row.revision, row.completion


def _base(known: Lineage, number: int, there: int) -> int | None:
    """What the insurer will have when the revision comes: its own base, or the nearest before it that is not lost."""
    base = known.bases[number]
    if base is None or base <= there:
        return base
    earlier = [each for each in known.acknowledged if there < each < number]
    return max(earlier, default=there or None)


def _offer_cancellation(connection: Connection, enrolment: Enrolment, stored: StoredDocument) -> int:
    """Of a document that another machine has cancelled: it must not come to life again, and go."""
    revision = stored.backed_up_revision
    told_by_insurer = stored.record.facts.cancelled_at and revision is not None
    own = (_outbox.c.document_id == stored.row, _outbox.c.kind == OperationKind.CANCELLATION)
    if (
        not told_by_insurer
        or connection.execute(select(_outbox.c.id).where(*own, _outbox.c.withdrawn_at.is_(None)).limit(1)).first()
    ):
        return 0
    _queue(connection, enrolment, _waiting(stored, OperationKind.CANCELLATION, revision or 0), revision)
    return 1


def _waiting(stored: StoredDocument, kind: OperationKind, revision: int) -> Waiting:
    record = stored.record
    return Waiting(new_id(), 0, kind, revision, None, record.id, stored.row, record.facts.kind, record.number)


def _queue(connection: Connection, enrolment: Enrolment, waiting: Waiting, base: int | None) -> int:
    """Queue an operation with its heading; its place."""
    at = clock.stamp()
    added = connection.execute(
        insert(_outbox).values(
            id=waiting.operation,
            kind=waiting.kind,
            document_id=waiting.row,
            revision=waiting.revision,
            enrolment_id=enrolment.id,
            queued_at=at,
            offered_again_at=at,
            envelope=envelopes.heading(connection, waiting, base, enrolment),
        )
    )
    assert added.inserted_primary_key is not None  # noqa: S101 - an insert of one row has its key
    return int(added.inserted_primary_key[0])
