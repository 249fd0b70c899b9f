"""The next operations to send, frozen before a byte leaves.

Of a document only its oldest waiting operation is sent at a time. What a completion consists of never changes once it
is made for its keys, so it is read before the store is locked: a save waits for a few short writes only.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, or_, select, text, update

from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import OperationKind, joined
from localapp.store import envelopes, schema
from localapp.store.enrolments import Enrolment
from localapp.store.envelopes import Waiting
from localapp.store.health import HealthTables
from localapp.store.lineage import lineages
from localapp.store.several import several, texts

AT_ONCE = 25  # operations read with one set of queries
_BETWEEN = 10  # operations made ready between two looks whether somebody writes

_table, _document, _revision, _outgoing = schema.outbox, schema.document, schema.revision, schema.outgoing
_waits = text(schema.WAITING)
_earlier = _table.alias("earlier")
_IS_OLDEST = ~exists().where(
    _earlier.c.document_id == _table.c.document_id,
    or_(  # what is offered again of another machine's may stand behind what was made over it
        _earlier.c.revision < _table.c.revision,
        and_(_earlier.c.revision == _table.c.revision, _earlier.c.position < _table.c.position),
    ),
    _earlier.c.enrolment_id == _table.c.enrolment_id,
    _earlier.c.withdrawn_at.is_(None),
    _earlier.c.acknowledged_at.is_(None),
    _earlier.c.refused_at.is_(None),
)
_NEXT_ONES = (
    _table.c.enrolment_id == bindparam("enrolment"),
    _waits,
    _IS_OLDEST,
    ~several(_table.c.id, "leave_out"),
)
_COMPLETIONS = select(_outgoing.c.position, _outgoing.c.completion).where(several(_outgoing.c.position))
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
    )
    .join(_document, _document.c.id == _table.c.document_id)
    .outerjoin(_outgoing, _outgoing.c.position == _table.c.position)
    .outerjoin(_revision, (_revision.c.document_id == _table.c.document_id) & (_revision.c.number == _table.c.revision))
    .where(*_NEXT_ONES, _document.c.number.is_not(None))
    .order_by(_table.c.position)
    .limit(bindparam("most"))
)
_READY = _NEXT.add_columns(_outgoing.c.completion)
_FREEZE = "UPDATE outbox SET envelope = ?, tries = tries + 1 WHERE position = ?"
"""As the driver takes it: a push writes thousands. A heading is canonical text, which has no NUL in it."""
_COUNT = update(_table).where(several(_table.c.position)).values(tries=_table.c.tries + 1)


@dataclass(frozen=True)
class _Envelope:
    """``heading`` is kept, ``text`` leaves."""

    heading: str
    text: str
    encoded: bytes


@dataclass(frozen=True)
class _MadeReady:
    """What was read of one operation before the store is locked; it holds as long as its row says the same.

    ``envelope`` is there if it follows from the row and the completion alone.
    """

    row: tuple[Any, ...]
    made_for: str
    completion: str
    envelope: _Envelope | None


Ready = Mapping[int, _MadeReady]
"""By place."""


class Batch(list[tuple[str, str]]):
    """Operations, each with the text of its envelope. ``more``: others wait behind them."""

    def __init__(self, frozen: "Iterable[_Frozen]" = (), *, more: bool = False) -> None:
        taken = list(frozen)
        super().__init__((each.operation, each.text) for each in taken)
        self.more = more
        self.documents = {each.operation: each.document for each in taken}
        """Of each operation its document."""
        self.listed = b",".join([each.encoded for each in taken])
        """The envelopes as a list of JSON has them, without its brackets."""


@dataclass(frozen=True)
class _Frozen:
    operation: str
    document: str
    text: str
    encoded: bytes


@dataclass(frozen=True)
class Asked:
    """The oldest operations that wait for an enrolment: at most so many and so many bytes, but the first of any size.

    ``leave_out`` are operations that are under way or were put off.
    """

    enrolment: Enrolment
    most: int
    most_bytes: int
    leave_out: frozenset[str]

    def parameters(self) -> dict[str, Any]:
        """As the queries take them; one more is asked for, to know whether any is left."""
        left_out = texts(sorted(self.leave_out))
        return {"enrolment": self.enrolment.id, "leave_out": left_out, "most": self.most + 1}


def ready(connection: Connection, asked: Asked, let_others_write: Callable[[], None] = lambda: None) -> Ready:
    """What was made ready for the next batch; nothing is locked and nothing is decided.

    Every few operations it waits for those who write meanwhile: it computes, and so would hold them up.
    """
    found: dict[int, _MadeReady] = {}
    size = 0
    keys = envelopes.made_for(asked.enrolment)
    with closing(connection.execute(_READY, asked.parameters())) as rows:
        for done, row in enumerate(rows):
            if done % _BETWEEN == 0:
                let_others_write()
            if row.completion is None:
                continue
            envelope = _ahead(connection, row, asked.enrolment) if row.made_for == keys else None
            found[row.position] = _MadeReady(tuple(row)[:-1], row.made_for, row.completion, envelope)
            size += len(row.completion)
            if size > asked.most_bytes:
                break
    return found


def _ahead(connection: Connection, row: Row[Any], enrolment: Enrolment) -> _Envelope | None:
    """The envelope of a first revision, or of what has its heading already; others have a base to be found first."""
    if row.envelope is not None:
        return _envelope(row.envelope, row.completion)
    waiting = _waiting(row)
    if waiting.kind is not OperationKind.COMPLETION or waiting.over is not None:
        return None
    return _envelope(envelopes.heading(connection, waiting, None, enrolment), row.completion)


def _envelope(heading: str, completion: str | None) -> _Envelope:
    text = joined(heading, completion)
    return _Envelope(heading, text, text.encode())


def next_batch(
    connection: Connection,
    health: HealthTables,
    asked: Asked,
    made_ready: Ready,
    is_waited_for: Callable[[], bool] = lambda: False,
) -> Batch:
    """Freeze them; fewer where somebody else waits to write (``is_waited_for``)."""
    taken: dict[int, _Frozen] = {}
    headings: dict[int, str] = {}
    size = 0
    more = False
    with closing(_written(connection, health, asked, made_ready)) as waiting:
        for row, envelope in waiting:
            size += len(envelope.encoded)
            is_full = size > asked.most_bytes or len(taken) == asked.most
            more = bool(taken) and (is_full or (len(taken) % AT_ONCE == 0 and is_waited_for()))
            if more:
                break
            taken[row.position] = _Frozen(row.id, row.uuid, envelope.text, envelope.encoded)
            if row.envelope is None:
                headings[row.position] = envelope.heading
    _keep(connection, headings, taken.keys() - headings.keys())
    return Batch(taken.values(), more=more)


def _keep(connection: Connection, headings: Mapping[int, str], again: Collection[int]) -> None:
    """Keep the headings, before a byte leaves; ``again`` are the places of those that had theirs."""
    if headings:
        connection.exec_driver_sql(_FREEZE, [(heading, place) for place, heading in headings.items()])
    if again:
        connection.execute(_COUNT, {"several": texts(sorted(again))})


def _written(
    connection: Connection, health: HealthTables, asked: Asked, made_ready: Ready
) -> Generator[tuple[Row[Any], _Envelope]]:
    """What waits, each with its envelope, a few at a time."""
    with closing(connection.execute(_NEXT, asked.parameters())) as found:
        while rows := found.fetchmany(AT_ONCE):
            done = {row.position: envelope for row in rows if (envelope := _still(row, made_ready))}
            rest = [row for row in rows if row.position not in done]
            if rest:
                done |= _write(connection, health, rest, asked.enrolment, made_ready)
            for row in rows:
                yield row, done[row.position]


def _still(row: Row[Any], made_ready: Ready) -> _Envelope | None:
    """The envelope that was made before the store was locked, if the operation has not changed since."""
    made = made_ready.get(row.position)
    return made.envelope if made is not None and made.row == tuple(row) else None


def _write(
    connection: Connection, health: HealthTables, rows: Sequence[Row[Any]], enrolment: Enrolment, made_ready: Ready
) -> dict[int, _Envelope]:
    """The envelopes of these operations."""
    fresh = {row.position: _waiting(row) for row in rows if row.envelope is None}
    made = envelopes.make_completions(connection, health, _to_make(rows, fresh, enrolment), enrolment)
    made |= _read(connection, [row for row in rows if row.position not in made], made_ready)
    known = lineages(connection, [each.row for each in fresh.values() if each.over is not None])
    written = {}
    for row in rows:
        new = fresh.get(row.position)
        heading = row.envelope
        if new is not None:
            base = known[new.row].base_of(new.over) if new.over is not None else None
            heading = envelopes.heading(connection, new, base, enrolment)
        written[row.position] = _envelope(heading, made.get(row.position))
    return written


def _read(connection: Connection, rows: Sequence[Row[Any]], made_ready: Ready) -> dict[int, str]:
    """The completions that are there already; those that were not read before, now."""
    found, missing = dict[int, str](), list[int]()
    for row in rows:
        before = made_ready.get(row.position)
        if before is not None and before.made_for == row.made_for:
            found[row.position] = before.completion
        elif row.made_for is not None:
            missing.append(row.position)
    if missing:
        for place, completion in connection.execute(_COMPLETIONS, {"several": texts(missing)}):
            found[place] = completion
    return found


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
