"""The row of a document: its facts, its place in the list, and the conditional update that decides every race."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from localapp import clock
from localapp.domain import lifecycle
from localapp.domain.canonical import Pinned, canonical_text
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import Action, Facts, Kind, Shelf
from localapp.domain.sync.messages import DocumentFacts, Refusal, read_refusal
from localapp.store import enrolments, schema, search_index
from localapp.store.failures import NotPermitted, UnknownDocument
from localapp.store.ids import new_id
from localapp.store.moments import as_moment, as_moment_or_none
from localapp.store.numbers import take_number
from localapp.store.records import DocumentRecord, ListRow, NewDocument, Receipt

_table = schema.document
_FACTS = tuple(field.name for field in fields(Facts) if field.name.endswith("_at"))
_ROW = tuple(field.name for field in fields(ListRow))
_INDEXED = ("number", "former_number", "search")
_MOST = {"client_last_name": 200, "client_first_name": 200, "client_title": 100, "search": 1_000}

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


def facts_of(row: Mapping[Any, Any]) -> Facts:
    """The facts that hold for the document now: one about an earlier revision than the newest no longer does.

    One about a later revision holds: it was made on another machine, and its content has not come yet.
    """
    told: dict[str, datetime | None] = {}
    for name in _FACTS:
        revision = row.get(name.removesuffix("_at") + "_revision")
        newest = row["revision"]
        current = name == "exported_at" or revision is None or newest is None or revision >= newest
        told[name] = as_moment_or_none(row[name]) if current else None
    return Facts(kind=Kind(row["kind"]), **told)


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
            **corrects_values(new.corrects),
            created_at=now,
            changed_at=now,
            working_copy_at=now,
            **row_values(new.row),
            **version_values(new.form, new.calculation),
        )
    )
    return _arrange(connection, find(connection, uuid))


def find(connection: Connection, uuid: str) -> StoredDocument:
    """The document as it is now. Raises UnknownDocument."""
    row = connection.execute(select(_table).where(_table.c.uuid == uuid)).mappings().one_or_none()
    if row is None:
        raise UnknownDocument(uuid)
    return as_stored(row)


def find_all(connection: Connection, uuids: Sequence[str]) -> dict[str, StoredDocument]:
    """The documents of these ids that are here, by id."""
    rows = connection.execute(select(_table).where(_table.c.uuid.in_(uuids))).mappings()
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
    written = connection.execute(
        update(_table).where(_table.c.uuid == uuid, *_FENCES[action]).values(changed_at=clock.stamp(), **values)
    )
    after = find(connection, uuid)
    if written.rowcount != 1:
        raise NotPermitted(action, lifecycle.state(after.record.facts))
    return _arrange(connection, after)


def learn(connection: Connection, stored: StoredDocument, values: dict[str, Any]) -> None:
    """Write what the insurer has told of one document, as far as it is news."""
    learn_all(connection, [(stored, values)])


def learn_all(connection: Connection, told: Sequence[tuple[StoredDocument, dict[str, Any]]]) -> None:
    """Write what the insurer has told, as far as it is news; no document stands in it twice.

    The documents keep their places in the list: nobody has edited them. What changes alike is written at once.
    """
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    entries: list[tuple[int, str]] = []
    for stored, values in told:
        news = {name: value for name, value in values.items() if stored.columns[name] != value}
        if not news:
            continue
        after = as_stored({**stored.columns, **news})
        shelf = lifecycle.shelf(facts_of(after.columns))
        if shelf and not news.keys().isdisjoint(_INDEXED):
            entries.append((stored.rank, search_index.indexed_words(after.numbers, after.columns["search"])))
        alike.setdefault(tuple(sorted(news)), []).append({"which": stored.row, **news, "shelf": shelf})
    search_index.replace_all(connection, entries)
    for names, rows in alike.items():
        values_of: dict[str, Any] = {name: bindparam(name) for name in ("shelf", *names)}
        connection.execute(update(_table).where(_table.c.id == bindparam("which")).values(values_of), rows)


def add_received(connection: Connection, facts: DocumentFacts, values: dict[str, Any]) -> StoredDocument:
    """Insert the row of a document that was made on another machine at the top of the list."""
    at = facts.backed_up_at
    new = {"uuid": facts.document, "kind": facts.kind, "rank": _top(connection) + 1, "created_at": at, "changed_at": at}
    connection.execute(insert(_table).values(**new, **told(facts), **values))
    return _arrange(connection, find(connection, facts.document))


def renew(connection: Connection, stored: StoredDocument, values: dict[str, Any]) -> None:
    """Another machine's revision is the newest one now: it goes to the top of the list, as an edit here would."""
    connection.execute(update(_table).where(_table.c.id == stored.row).values(**values))
    _arrange(connection, find(connection, stored.record.id))


def told(facts: DocumentFacts) -> dict[str, Any]:
    """The columns of what the insurer has told."""
    values: dict[str, Any] = {
        "number": facts.number,
        "backed_up_at": facts.backed_up_at,
        "backed_up_revision": facts.revision,
        "returned_at": facts.returned_at,
        "returned_revision": facts.revision if facts.returned_at else None,
        "returned_refusal": canonical_text(facts.returned.as_json()) if facts.returned else None,
    }
    if facts.cancelled_at:
        values["cancelled_at"] = facts.cancelled_at
    if facts.signed_at:
        values |= {"signed_at": facts.signed_at, "signed_revision": facts.revision}
    if facts.exported_at:
        values |= {
            "exported_at": facts.exported_at,
            "exported_revision": facts.exported_revision,
            "export_key": facts.export,
            "export_position": facts.position,
        }
    return values


def require(facts: Facts, action: Action) -> None:
    """Raise NotPermitted unless the lifecycle permits the action."""
    if action not in lifecycle.permitted(facts):
        raise NotPermitted(action, lifecycle.state(facts))


def version_values(form: Pinned, calculation: Pinned) -> dict[str, str]:
    """The columns of the pinned versions."""
    return {
        "form_name": form.name,
        "form_version": form.version,
        "calculation_name": calculation.name,
        "calculation_version": calculation.version,
    }


def corrects_values(corrects: Corrects | None) -> dict[str, Any]:
    """The columns of what a document corrects."""
    if corrects is None:
        return {}
    named = {"corrects": corrects.document, "corrects_number": corrects.number}
    return {**named, "corrects_revision": corrects.revision}


def correcting(connection: Connection, uuid: str) -> str | None:
    """The newest document that corrects this one and is neither cancelled nor deleted."""
    alive = (_table.c.cancelled_at.is_(None), _ALIVE)
    chosen = select(_table.c.uuid).where(_table.c.corrects == uuid, *alive)
    return connection.execute(chosen.order_by(_table.c.id.desc()).limit(1)).scalar()


def row_values(row: ListRow) -> dict[str, Any]:
    """The columns of a list row, cut so that the whole row of the document fits one page of the file."""
    values = asdict(row)
    for name, most in _MOST.items():
        values[name] = values[name].replace("\0", "")[:most]
    return values


def _arrange(connection: Connection, stored: StoredDocument) -> StoredDocument:
    """Bring rank, shelf and search entry of a changed document up to date."""
    top = _top(connection)
    return _arranged(connection, stored, stored.rank if stored.rank == top else top + 1)


def _arranged(connection: Connection, stored: StoredDocument, rank: int) -> StoredDocument:
    shelf = lifecycle.shelf(facts_of(stored.columns))
    search_index.place(connection, stored.rank, rank, _words(stored, shelf))
    if (rank, shelf) != (stored.rank, stored.shelf):
        connection.execute(update(_table).where(_table.c.id == stored.row).values(rank=rank, shelf=shelf))
    return replace(stored, rank=rank, shelf=shelf)


def _words(stored: StoredDocument, shelf: Shelf | None) -> str | None:
    return search_index.indexed_words(stored.numbers, stored.columns["search"]) if shelf else None


def _top(connection: Connection) -> int:
    return connection.execute(select(func.max(_table.c.rank))).scalar() or 0


def _record(row: Mapping[Any, Any]) -> DocumentRecord:
    return DocumentRecord(
        id=row["uuid"],
        number=row["number"] or "",
        kind=Kind(row["kind"]),
        form=Pinned(row["form_name"], row["form_version"]),
        calculation=Pinned(row["calculation_name"], row["calculation_version"]),
        facts=facts_of(row),
        created_at=as_moment(row["created_at"]),
        changed_at=as_moment(row["changed_at"]),
        revision=row["revision"],
        row=ListRow(**{name: row[name] for name in _ROW}),
        copied_from=row["copied_from"],
        former_number=row["former_number"] or "",
        returned=refusal_of(row["returned_refusal"]),
        receipt=receipt_of(row),
        corrects=corrects_of(row),
    )


def corrects_of(row: Mapping[Any, Any]) -> Corrects | None:
    """What the document corrects, from its row."""
    return Corrects(row["corrects"], row["corrects_number"], row["corrects_revision"]) if row["corrects"] else None


def refusal_of(text: str | None) -> Refusal | None:
    """A kept refusal."""
    return None if text is None else read_refusal(json.loads(text))


def receipt_of(row: Mapping[Any, Any]) -> Receipt | None:
    """Which run of the export took the document, and where it stands there."""
    return None if row["export_key"] is None else Receipt(row["export_key"], row["export_position"])
