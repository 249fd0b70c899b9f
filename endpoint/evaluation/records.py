"""What waits for its evaluation, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from endpoint import counting
from endpoint.store import schema
from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import Refusal

_document, _revision = schema.document, schema.revision
WAITS = (
    _document.c.evaluated_at.is_(None),
    _document.c.returned_at.is_(None),
    _document.c.exported_at.is_(None),
    _document.c.cancelled_at.is_(None),
)
_EXPORTED_KINDS = _document.c.kind != Kind.OTHER.value


@dataclass(frozen=True)
class Waiting:
    """A revision that is the newest of its document and has not been evaluated."""

    document_id: int
    revision: int
    envelope: str
    acknowledged: datetime


@dataclass(frozen=True)
class Evaluated:
    """A revision with its judgement; one that stands has its health sealed for the core system."""

    waiting: Waiting
    returned: Refusal | None
    core_health: str | None


def waiting(connection: Connection, *, after: int, limit: int) -> list[Waiting]:
    """The next revisions that wait, by the age of their documents, beyond the document ``after``."""
    chosen = (
        select(_document.c.id, _revision.c.number, _revision.c.envelope, _revision.c.backed_up_at)
        .join(_revision, (_revision.c.document_id == _document.c.id) & (_revision.c.number == _document.c.revision))
        .where(*WAITS, _EXPORTED_KINDS, _document.c.id > after)
        .order_by(_document.c.id)
        .limit(limit)
    )
    return [
        Waiting(row.id, row.number, row.envelope, datetime.fromisoformat(row.backed_up_at))
        for row in connection.execute(chosen)
    ]


def record(connection: Connection, evaluated: Sequence[Evaluated]) -> None:
    """Record the judgements. One that another process has recorded first stays as it is."""
    now, sequence = clock.stamp(), counting.take(connection, len(evaluated))
    for place, each in enumerate(evaluated):
        key = {"document_id": each.waiting.document_id, "revision": each.waiting.revision}
        returned = each.returned
        facts = canonical_text(dict(returned.facts)) if returned else None
        told = {"returned_code": returned.code if returned else None, "returned_facts": facts}
        added = connection.execute(insert(schema.evaluation).values(**key, at=now, **told).on_conflict_do_nothing())
        if added.rowcount != 1:
            continue
        if each.core_health is not None:
            connection.execute(insert(schema.core_health).values(**key, sealed=each.core_health))
        moment = {"returned_at" if returned else "evaluated_at": now}
        of_revision = (_document.c.id == each.waiting.document_id, _document.c.revision == each.waiting.revision)
        change = update(_document).where(*of_revision, *WAITS)
        connection.execute(change.values(sequence=sequence + place, **moment, **told))
