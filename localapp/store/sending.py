"""The next operations to send, frozen before a byte leaves.

Of a document only its oldest waiting operation is sent at a time.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, select, text, update

from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import OperationKind, joined
from localapp.store import envelopes, schema
from localapp.store.enrolments import Enrolment
from localapp.store.envelopes import Waiting
from localapp.store.health import HealthTables
from localapp.store.lineage import lineages
from localapp.store.several import several, texts

AT_ONCE = 50  # operations read with one set of queries

_table, _document, _revision, _outgoing = schema.outbox, schema.document, schema.revision, schema.outgoing
_waits = text(schema.WAITING)
_earlier = _table.alias("earlier")
_IS_OLDEST = ~exists().where(
    _earlier.c.document_id == _table.c.document_id,
    _earlier.c.position < _table.c.position,
    _earlier.c.enrolment_id == _table.c.enrolment_id,
    _earlier.c.withdrawn_at.is_(None),
    _earlier.c.acknowledged_at.is_(None),
    _earlier.c.refused_at.is_(None),
)
_NEXT: "Select[Any]" = (
    select(
        _table.c.position,
        _table.c.id,
        _table.c.kind,
        _table.c.revision,
        _table.c.envelope,
        _table.c.document_id,
        _document.c.uuid,
        _document.c.kind.label("document_kind"),
        _document.c.number,
        _revision.c.base_revision,
        _outgoing.c.made_for,
        _outgoing.c.completion,
    )
    .join(_document, _document.c.id == _table.c.document_id)
    .outerjoin(_outgoing, _outgoing.c.position == _table.c.position)
    .outerjoin(_revision, (_revision.c.document_id == _table.c.document_id) & (_revision.c.number == _table.c.revision))
    .where(_table.c.enrolment_id == bindparam("enrolment"), _waits, _IS_OLDEST, _document.c.number.is_not(None))
    .where(~several(_table.c.id, "leave_out"))
    .order_by(_table.c.position)
    .limit(bindparam("most"))
)
_FREEZE = update(_table).where(_table.c.position == bindparam("place")).values(envelope=bindparam("heading"))
_COUNT = update(_table).where(several(_table.c.position)).values(tries=_table.c.tries + 1)


class Batch(list[tuple[str, str]]):
    """Operations, each with the text of its envelope. ``more``: others wait behind them."""

    more = False


def next_batch(
    connection: Connection,
    health: HealthTables,
    enrolment: Enrolment,
    limits: tuple[int, int],
    leave_out: frozenset[str],
) -> Batch:
    """Freeze the oldest operations that wait: at most so many and so many bytes, but the first whatever its size."""
    most, most_bytes = limits
    taken: dict[int, tuple[str, str]] = {}
    headings: list[dict[str, Any]] = []
    size = 0
    asked = {"enrolment": enrolment.id, "leave_out": texts(sorted(leave_out)), "most": most + 1}
    more = False
    with closing(_written(connection, health, enrolment, asked)) as waiting:
        for row, heading, completion in waiting:
            envelope = joined(heading, completion)
            size += len(envelope.encode())
            more = bool(taken) and (size > most_bytes or len(taken) == most)
            if more:
                break
            taken[row.position] = row.id, envelope
            if row.envelope is None:
                headings.append({"place": row.position, "heading": heading})
    return _frozen(connection, taken, headings, more=more)


def _frozen(
    connection: Connection, taken: Mapping[int, tuple[str, str]], headings: list[dict[str, Any]], *, more: bool
) -> Batch:
    if headings:
        connection.execute(_FREEZE, headings)
    if taken:
        connection.execute(_COUNT, {"several": texts(taken)})
    batch = Batch(taken.values())
    batch.more = more
    return batch


def _written(
    connection: Connection, health: HealthTables, enrolment: Enrolment, asked: Mapping[str, Any]
) -> Generator[tuple[Row[Any], str, str | None]]:
    """What waits, each with the heading and the completion of its envelope, a few at a time."""
    with closing(connection.execute(_NEXT, asked)) as found:
        while rows := found.fetchmany(AT_ONCE):
            fresh = {row.position: _waiting(row) for row in rows if row.envelope is None}
            made = envelopes.make_completions(connection, health, _to_make(rows, fresh, enrolment), enrolment)
            known = lineages(connection, [each.row for each in fresh.values() if each.over is not None])
            for row in rows:
                new = fresh.get(row.position)
                heading = row.envelope
                if new is not None:
                    base = known[new.row].base_of(new.over) if new.over is not None else None
                    heading = envelopes.heading(connection, new, base, enrolment)
                yield row, heading, made.get(row.position, row.completion)


def _to_make(rows: Sequence[Row[Any]], fresh: Mapping[int, Waiting], enrolment: Enrolment) -> list[Waiting]:
    """Those whose completion was not made ready, or was made for other keys."""
    ready = envelopes.made_for(enrolment)
    missing = [row.position for row in rows if row.position in fresh and row.made_for != ready]
    return [fresh[place] for place in missing if fresh[place].kind is OperationKind.COMPLETION]


def _waiting(row: Row[Any]) -> Waiting:
    kind = OperationKind(row.kind)
    over = row.base_revision if kind is OperationKind.COMPLETION else row.revision
    kind_of_document = Kind(row.document_kind)
    return Waiting(
        row.id, row.position, kind, row.revision, over, row.uuid, row.document_id, kind_of_document, row.number
    )
