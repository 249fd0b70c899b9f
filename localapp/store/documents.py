"""The row of a document: its facts, its place in the list, and the conditional update that decides every race."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from localapp import clock
from localapp.domain import lifecycle
from localapp.domain.canonical import Pinned
from localapp.domain.lifecycle import Action, Facts, Kind, Shelf
from localapp.domain.sync.messages import DocumentFacts
from localapp.store import client_index, document_columns, enrolments, schema, search_index
from localapp.store.failures import NotPermitted, UnknownDocument
from localapp.store.ids import new_id
from localapp.store.moments import as_moment
from localapp.store.numbers import take_number
from localapp.store.records import DocumentRecord, ListRow, NewDocument
from localapp.store.several import several, texts

_table = schema.document
_ROW = tuple(field.name for field in fields(ListRow))
_INDEXED = ("number", "former_number", "search")
_BY_ONE_UUID = select(_table).where(_table.c.uuid == bindparam("uuid"))
_BY_UUID = select(_table).where(several(_table.c.uuid))
_TOP = select(func.max(_table.c.rank))

# The last fence: whatever was read before, these columns decide at the moment of writing.
_OPEN = (_table.c.exported_at.is_(None), _table.c.signed_at.is_(None), _table.c.cancelled_at.is_(None))
_ALIVE = _table.c.deleted_at.is_(None)
_FENCES: dict[Action, tuple[ColumnElement[bool], ...]] = {
    Action.EDIT: (*_OPEN, _ALIVE),
    Action.COMPLETE: (*_OPEN, _ALIVE, _table.c.working_copy_at.is_not(None)),
    Action.DISCARD: (*_OPEN, _ALIVE, _table.c.working_copy_at.is_not(None), _table.c.completed_at.is_not(None)),
    Action.CANCEL: (*_OPEN, _ALIVE, _table.c.completed_at.is_not(None)),
    Action.DELETE: (_ALIVE, _table.c.completed_at.is_(None)),
    Action.RESTORE: (_table.c.deleted_at.is_not(None),),
}


@dataclass(frozen=True)
class StoredDocument:
    """A document's row, with what only the store needs: rank, shelf, enrolment, newest acknowledged revision."""

    row: int
    rank: int
    shelf: Shelf | None
    enrolment: int | None
    backed_up_revision: int | None
    columns: Mapping[Any, Any] = field(repr=False)

    @cached_property
    def record(self) -> DocumentRecord:
        """The document as it is known outside the store; made when asked for: a synchronization reads thousands."""
        return _record(self.columns)

    @property
    def number(self) -> str:
        """Its number, empty as long as it has none."""
        return self.columns["number"] or ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers by which it is found."""
        return tuple(number for number in (self.number, self.columns["former_number"]) if number)


def add(connection: Connection, new: NewDocument) -> StoredDocument:
    """Insert the row of a new draft at the top of the list."""
    now, uuid, enrolment = clock.stamp(), new_id(), enrolments.current_id(connection)
    connection.execute(
        insert(_table).values(
            uuid=uuid,
            number=take_number(connection, new.kind, enrolment),
            enrolment_id=enrolment,
            kind=new.kind,
            rank=_top(connection) + 1,
            copied_from=new.copied_from,
            prefilled_from=new.prefilled_from,
            **document_columns.corrects_values(new.corrects),
            created_at=now,
            changed_at=now,
            working_copy_at=now,
            **document_columns.row_values(new.row),
            **document_columns.version_values(new.form, new.calculation),
        )
    )
    return _arrange(connection, find(connection, uuid))


def find(connection: Connection, uuid: str) -> StoredDocument:
    """The document as it is now. Raises UnknownDocument."""
    row = connection.execute(_BY_ONE_UUID, {"uuid": uuid}).mappings().one_or_none()
    if row is None:
        raise UnknownDocument(uuid)
    return as_stored(row)


def find_all(connection: Connection, uuids: Sequence[str]) -> dict[str, StoredDocument]:
    """The documents of these ids that are here, by id."""
    found = connection.execute(_BY_UUID, {"several": texts(uuids)})
    names = tuple(found.keys())
    rows = [dict(zip(names, row, strict=True)) for row in found.all()]
    return {row["uuid"]: as_stored(row) for row in rows}


def as_stored(row: Mapping[Any, Any]) -> StoredDocument:
    """A row of the table."""
    shelf = None if row["shelf"] is None else Shelf(row["shelf"])
    return StoredDocument(row["id"], row["rank"], shelf, row["enrolment_id"], row["backed_up_revision"], row)


def change(connection: Connection, stored: StoredDocument, action: Action, values: dict[str, Any]) -> StoredDocument:
    """Write ``values`` if the facts permit ``action``, asked of the lifecycle and again of the row itself.

    The document moves to the top of the list. Raises NotPermitted, with nothing written.
    """
    uuid = stored.record.id
    require(stored.record.facts, action)
    new = {"changed_at": clock.stamp(), **values}
    row = connection.execute(_changing(action, tuple(new)), {"which": uuid, **new}).mappings().one_or_none()
    if row is None:
        raise NotPermitted(action, lifecycle.state(find(connection, uuid).record.facts))
    return _arrange(connection, as_stored(row), before=stored)


@cache
def _changing(action: Action, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - an update of these columns
    fenced = update(_table).where(_table.c.uuid == bindparam("which"), *_FENCES[action])
    return fenced.values({name: bindparam(name) for name in names}).returning(_table)


def learn(connection: Connection, stored: StoredDocument, values: dict[str, Any]) -> None:
    """Write what the insurer has told of one document, as far as it is news."""
    learn_all(connection, [(stored, values)])


def learn_all(connection: Connection, told: Sequence[tuple[StoredDocument, dict[str, Any]]]) -> None:
    """Write what the insurer has told, as far as it is news; no document stands in it twice.

    The documents keep their places in the list: nobody has edited them. What changes alike is written at once.
    """
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    entries: list[tuple[int, str]] = []
    for stored, values in told:
        news = {name: value for name, value in values.items() if stored.columns[name] != value}
        if not news:
            continue
        after = {**stored.columns, **news}
        shelf = lifecycle.shelf(document_columns.facts_of(after))
        if shelf and not news.keys().isdisjoint(_INDEXED):
            entries.append((stored.rank, search_index.indexed_words(as_stored(after).numbers, after["search"])))
        alike.setdefault(tuple(news), []).append((*news.values(), shelf, stored.row))
    search_index.replace_all(connection, entries)
    for names, rows in alike.items():
        connection.exec_driver_sql(_learning(names), rows)


@cache
def _learning(names: tuple[str, ...]) -> str:
    """The statement as the driver takes it: a synchronization writes thousands."""
    columns = ", ".join(f"{_table.c[name].name} = ?" for name in (*names, "shelf"))
    return f"UPDATE document SET {columns} WHERE id = ?"  # noqa: S608 - names of the schema


def add_received(connection: Connection, facts: DocumentFacts, values: dict[str, Any]) -> StoredDocument:
    """Insert the row of a document that was made on another machine at the top of the list."""
    at = facts.backed_up_at
    new = {"uuid": facts.document, "kind": facts.kind, "rank": _top(connection) + 1, "created_at": at, "changed_at": at}
    connection.execute(insert(_table).values(**new, **document_columns.told(facts), **values))
    return _arrange(connection, find(connection, facts.document))


def renew(connection: Connection, stored: StoredDocument, values: dict[str, Any]) -> None:
    """Another machine's revision is the newest one now: it goes to the top of the list, as an edit here would."""
    connection.execute(update(_table).where(_table.c.id == stored.row).values(**values))
    _arrange(connection, find(connection, stored.record.id))


def require(facts: Facts, action: Action) -> None:
    """Raise NotPermitted unless the lifecycle permits the action."""
    if action not in lifecycle.permitted(facts):
        raise NotPermitted(action, lifecycle.state(facts))


def correcting(connection: Connection, uuid: str) -> str | None:
    """The newest document that corrects this one and is neither cancelled nor deleted."""
    alive = (_table.c.cancelled_at.is_(None), _ALIVE)
    chosen = select(_table.c.uuid).where(_table.c.corrects == uuid, *alive)
    return connection.execute(chosen.order_by(_table.c.id.desc()).limit(1)).scalar()


def offers_from(connection: Connection, uuid: str) -> list[StoredDocument]:
    """The offers that were filled in from this illustration, oldest first, without deleted ones."""
    chosen = select(_table).where(_table.c.prefilled_from == uuid, _ALIVE)
    return [as_stored(row) for row in connection.execute(chosen.order_by(_table.c.id)).mappings()]


def _arrange(connection: Connection, stored: StoredDocument, before: StoredDocument | None = None) -> StoredDocument:
    """Bring rank, shelf and search entry of a changed document up to date. ``before`` is how it stood, if it did."""
    top = _top(connection)
    rank = stored.rank if stored.rank == top else top + 1
    shelf = lifecycle.shelf(document_columns.facts_of(stored.columns))
    words = _words(stored, shelf)
    if before is None or (rank, words) != (before.rank, _words(before, before.shelf)):
        search_index.place(connection, stored.rank, rank, words)
    if (shelf is None) != (stored.shelf is None):
        client_index.note_stale(connection, stored.row)
    if (rank, shelf) != (stored.rank, stored.shelf):
        connection.execute(update(_table).where(_table.c.id == stored.row).values(rank=rank, shelf=shelf))
    return replace(stored, rank=rank, shelf=shelf)


def _words(stored: StoredDocument, shelf: Shelf | None) -> str | None:
    return search_index.indexed_words(stored.numbers, stored.columns["search"]) if shelf else None


def _top(connection: Connection) -> int:
    return connection.execute(_TOP).scalar() or 0


def _record(row: Mapping[Any, Any]) -> DocumentRecord:
    return DocumentRecord(
        id=row["uuid"],
        number=row["number"] or "",
        kind=Kind(row["kind"]),
        form=Pinned(row["form_name"], row["form_version"]),
        calculation=Pinned(row["calculation_name"], row["calculation_version"]),
        facts=document_columns.facts_of(row),
        created_at=as_moment(row["created_at"]),
        changed_at=as_moment(row["changed_at"]),
        revision=row["revision"],
        row=ListRow(**{name: row[name] for name in _ROW}),
        copied_from=row["copied_from"],
        prefilled_from=row["prefilled_from"],
        former_number=row["former_number"] or "",
        returned=document_columns.refusal_of(row["returned_refusal"]),
        receipt=document_columns.receipt_of(row),
        corrects=document_columns.corrects_of(row),
    )
