"""Keeps the clients what the documents say, in the transaction that changes a document.

Triggers note each document whose working copy or revisions change; before the commit its persons are read from that
content again and written where they differ. So no command has to think of the clients, and what the log repeats comes
out the same.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from localapp.domain.canonical import canonical_text
from localapp.domain.clients import Person, card, persons_of
from localapp.domain.czech_order import sort_key
from localapp.store import schema
from localapp.store.client_schema import client, client_person, client_stale
from localapp.store.ids import new_id
from localapp.store.several import several, texts

AT_ONCE = 500
_ENTRIES = 50  # of a client, newest first, that make the card
_AT_MOST = 100  # characters of one fact: nothing here is for long texts
_document, _working, _revision, _person = schema.document, schema.working_copy, schema.revision, client_person
_STALE, _SETTLED = select(client_stale.c.document_id), delete(client_stale)
_SHOWN = (
    select(
        _document.c.id,
        _working.c.answers.label("typed"),
        _revision.c.answers.label("frozen"),
        func.coalesce(_working.c.changed_at, _revision.c.frozen_at).label("at"),
    )
    .join(_working, _working.c.document_id == _document.c.id, isouter=True)
    .join(
        _revision,
        (_revision.c.document_id == _document.c.id)
        & (_revision.c.number == _document.c.revision)
        & _working.c.document_id.is_(None),
        isouter=True,
    )
    .where(_document.c.deleted_at.is_(None))
)
_SHOWN_OF = _SHOWN.where(several(_document.c.id))
_KEPT_OF = select(_person).where(several(_person.c.document_id))
_NUMBERS = (
    select(_person.c.birth_number)
    .where(_person.c.name_key == bindparam("name"), _person.c.birth_number != "")
    .distinct()
    .limit(2)
)
_BY_KEY = select(client.c.id).where(client.c.key == bindparam("key"))
_NUMBERLESS = (_person.c.name_key == bindparam("name"), _person.c.birth_number == "")
_ELSEWHERE = select(_person.c.client_id).where(*_NUMBERLESS, _person.c.client_id != bindparam("target")).distinct()
_MOVE = update(_person).where(*_NUMBERLESS).values(client_id=bindparam("target"))
_LATEST = (
    select(_person.c.id, _person.c.facts)
    .where(_person.c.client_id == bindparam("which"))
    .order_by(_person.c.at.desc(), _person.c.id.desc())
    .limit(_ENTRIES)
)

Columns = dict[str, Any]


def note_stale(connection: Connection, document: int) -> None:
    """Let ``refresh`` look at a document that was deleted or restored."""
    connection.execute(insert(client_stale).prefix_with("OR IGNORE").values(document_id=document))


def refresh(connection: Connection) -> None:
    """Bring the clients up to date with the documents changed in this transaction."""
    stale = connection.execute(_STALE).scalars().all()
    if not stale:
        return
    connection.execute(_SETTLED)
    for start in range(0, len(stale), AT_ONCE):
        _refresh(connection, stale[start : start + AT_ONCE])


def rebuild(connection: Connection) -> None:
    """Make all clients again from the documents."""
    for table in (_person, client, client_stale):
        connection.execute(delete(table))
    rows = connection.execute(select(_document.c.id)).scalars().all()
    for start in range(0, len(rows), AT_ONCE):
        _refresh(connection, rows[start : start + AT_ONCE])


def forget(connection: Connection, document: int) -> None:
    """Remove the persons of a document that is being removed; a client of no other document goes with them."""
    _finish(connection, _replace(connection, _kept(connection, [document]).get(document, []), []))


def faults(connection: Connection) -> list[str]:
    """Where the clients are not what the documents say: one line each, without personal data."""
    found, names = [], _names(connection)
    keys = {row.id: row.key for row in connection.execute(select(client.c.id, client.c.key))}
    for some in _in_parts(connection):
        shown, kept = _wanted(connection, some), _kept(connection, some)
        for document in some:
            rows = kept.get(document, [])
            if {_essence(row) for row in rows} != {_essence_of(each) for each in shown.get(document, ([], ""))[0]}:
                found.append(f"clients: persons of document {document}")
            if any(keys[row.client_id] != _key(row.birth_number, row.name_key, names) for row in rows):
                found.append(f"clients: client of document {document}")
    return found + [f"clients: card of {row}" for row in keys if _card(connection, row) != _noted(connection, row)]


def _refresh(connection: Connection, documents: Sequence[int]) -> None:
    wanted, kept = _wanted(connection, documents), _kept(connection, documents)
    touched: set[tuple[int, str]] = set()
    for document in documents:
        persons, at = wanted.get(document, ([], ""))
        touched |= _replace(connection, kept.get(document, []), [_columns(each, document, at) for each in persons])
    _finish(connection, touched)


def _wanted(connection: Connection, documents: Sequence[int]) -> dict[int, tuple[list[Person], str]]:
    found = {}
    for row in connection.execute(_SHOWN_OF, {"several": texts(documents)}):
        text = row.typed or row.frozen
        answers = json.loads(text) if text else {}
        persons = persons_of(answers if row.typed else answers.get("values", {}))
        found[row.id] = ([_bounded(each) for each in persons], row.at or "")
    return found


def _bounded(person: Person) -> Person:
    facts = {name: found[:_AT_MOST] if isinstance(found, str) else found for name, found in person.facts.items()}
    return Person(person.path, person.roles, facts)


def _kept(connection: Connection, documents: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(_KEPT_OF, {"several": texts(documents)}):
        found.setdefault(row.document_id, []).append(row)
    return found


def _columns(person: Person, document: int, at: str) -> Columns:
    path, roles, facts = _essence_of(person)
    keys = {"name_key": person.name_key, "birth_number": person.birth_number}
    return {"document_id": document, "path": path, "roles": roles, "facts": facts, "at": at, **keys}


def _essence_of(person: Person) -> tuple[str, str, str]:
    return person.path, " ".join(person.roles), canonical_text(person.facts)


def _essence(row: Row[Any]) -> tuple[str, str, str]:
    return row.path, row.roles, row.facts


def _replace(connection: Connection, kept: list[Row[Any]], wanted: list[Columns]) -> set[tuple[int, str]]:
    """Write what differs; the clients touched, each with a name that was touched."""
    here = {_essence(row) for row in kept}
    there = {(each["path"], each["roles"], each["facts"]) for each in wanted}
    gone = [row for row in kept if _essence(row) not in there]
    touched = {(row.client_id, row.name_key) for row in gone}
    if gone:
        connection.execute(delete(_person).where(_person.c.id.in_([row.id for row in gone])))
    for each in wanted:
        if (each["path"], each["roles"], each["facts"]) not in here:
            owner = _client_of(connection, each["birth_number"], each["name_key"])
            connection.execute(insert(_person).values(client_id=owner, **each))
            touched.add((owner, each["name_key"]))
    return touched


def _client_of(connection: Connection, birth_number: str, name: str) -> int:
    """The client of this birth number; without one, the one whose name it is. A new one where there is none."""
    key = _key(birth_number, name, {} if birth_number else {name: _numbers(connection, name)})
    found: int | None = connection.execute(_BY_KEY, {"key": key}).scalar()
    if found is not None:
        return found
    made = connection.execute(insert(client).values(uuid=new_id(), key=key, sort_key="", latest=0, facts="{}"))
    return int(made.lastrowid)


def _key(birth_number: str, name: str, numbers: dict[str, list[str]]) -> str:
    """Two birth numbers of one name are two clients, and nobody can say to which of them the numberless belong."""
    known = [birth_number] if birth_number else numbers.get(name, [])
    return f"number:{known[0]}" if len(known) == 1 else f"name:{name}"


def _numbers(connection: Connection, name: str) -> list[str]:
    return list(connection.execute(_NUMBERS, {"name": name}).scalars())


def _names(connection: Connection) -> dict[str, list[str]]:
    """The birth numbers of each name."""
    found: dict[str, list[str]] = {}
    chosen = select(_person.c.name_key, _person.c.birth_number).where(_person.c.birth_number != "").distinct()
    for name, number in connection.execute(chosen):
        found.setdefault(name, []).append(number)
    return found


def _finish(connection: Connection, touched: Iterable[tuple[int, str]]) -> None:
    """Bring the numberless of the touched names to their client, then each touched client up to date."""
    clients = {owner for owner, _ in touched}
    for name in sorted({name for _, name in touched if name}):
        clients |= _settle(connection, name)
    for owner in sorted(clients):
        _note_latest(connection, owner)


def _settle(connection: Connection, name: str) -> set[int]:
    one = select(_person.c.id).where(*_NUMBERLESS).limit(1)
    if connection.execute(one, {"name": name}).first() is None:
        return set()
    target = _client_of(connection, "", name)
    asked = {"name": name, "target": target}
    moved = set(connection.execute(_ELSEWHERE, asked).scalars())
    if moved:
        connection.execute(_MOVE, asked)
    return {*moved, target}


def _note_latest(connection: Connection, owner: int) -> None:
    values = _card(connection, owner)
    if values is None:
        connection.execute(delete(client).where(client.c.id == owner))
    else:
        connection.execute(update(client).where(client.c.id == owner).values(**values))


def _card(connection: Connection, owner: int) -> Columns | None:
    """The columns of a client that follow from its entries; None without any."""
    entries = connection.execute(_LATEST, {"which": owner}).all()
    if not entries:
        return None
    facts = card([json.loads(each.facts) for each in entries])
    order = sort_key(*(str(facts.get(name, "")) for name in ("last_name", "first_name")))
    return {"latest": entries[0].id, "sort_key": order, "facts": canonical_text(facts)}


def _noted(connection: Connection, owner: int) -> Columns:
    chosen = select(client.c.latest, client.c.sort_key, client.c.facts).where(client.c.id == owner)
    return dict(connection.execute(chosen).mappings().one())


def _in_parts(connection: Connection) -> Iterator[Sequence[int]]:
    rows = connection.execute(select(_document.c.id).order_by(_document.c.id)).scalars().all()
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
