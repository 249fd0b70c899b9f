"""The clients as pages ask for them: in alphabetical order, by what was typed, and one with all documents."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select, text

from localapp.domain.clients import Facts, Role, folded, words_of
from localapp.store import client_index, listing, schema, search_index
from localapp.store.client_schema import client, client_person
from localapp.store.engine import Database
from localapp.store.moments import as_moment
from localapp.store.records import ListedDocument

PAGE_SIZE = 50
MOST_FOUND = 50
LOOKED_THROUGH = 200  # persons of the newest documents that are found
_document, _person = schema.document, client_person
_COLUMNS = (client.c.id, client.c.uuid, client.c.sort_key, client.c.facts, _person.c.at, _document.c.number)
_SHOWN = (
    select(*_COLUMNS, _document.c.uuid.label("document"))
    .join(_person, _person.c.id == client.c.latest)
    .join(_document, _document.c.id == _person.c.document_id)
)
_ONE = _SHOWN.where(client.c.uuid == bindparam("uuid"))
_SOME = _SHOWN.where(client.c.id.in_(bindparam("some", expanding=True)))
_COUNTS = (
    select(_person.c.client_id, func.count(_person.c.document_id.distinct()).label("documents"))
    .where(_person.c.client_id.in_(bindparam("some", expanding=True)))
    .group_by(_person.c.client_id)
)
# As the search of the list: through the index in its order, each document's persons after it.
_FOUND = text(
    "SELECT client_person.client_id, client_person.facts, document.number, document.former_number "
    "FROM document_search CROSS JOIN document ON document.rank = document_search.rowid "
    "CROSS JOIN client_person ON client_person.document_id = document.id "
    "WHERE document_search MATCH :match AND document.deleted_at IS NULL ORDER BY document_search.rowid DESC LIMIT :most"
)


@dataclass(frozen=True)
class Client:
    """A client's card; ``document`` and ``number`` are where the newest entry stands, ``at`` is when it was typed."""

    id: str
    facts: Facts
    document: str
    number: str
    at: datetime
    documents: int


@dataclass(frozen=True)
class ClientPage:
    """Some clients in alphabetical order; ``next`` is the id after which the next page begins, None at the end."""

    rows: list[Client]
    next: str | None


@dataclass(frozen=True)
class Found:
    """The clients that were found, those of the last changed documents first; whether there may be more."""

    rows: list[Client]
    is_cut: bool


@dataclass(frozen=True)
class Entry:
    """What one document says of a client."""

    document: str
    number: str
    at: datetime
    roles: tuple[Role, ...]
    facts: Facts


class Clients:
    """Of one open store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, after: str | None = None, limit: int = PAGE_SIZE) -> ClientPage:
        """One page of all clients in Czech alphabetical order. ``after`` is the previous page's ``next``."""
        chosen = _SHOWN.order_by(client.c.sort_key, client.c.id).limit(limit + 1)
        with self._database.read() as connection:
            begin = _place(connection, after) if after else None
            if begin is not None:
                key, row = begin.sort_key, begin.id
                chosen = chosen.where(
                    client.c.sort_key >= key,
                    or_(client.c.sort_key > key, and_(client.c.sort_key == key, client.c.id > row)),
                )
            rows = _clients(connection, connection.execute(chosen).all())
        return ClientPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)

    def search(self, typed: str, limit: int = MOST_FOUND) -> Found:
        """The clients of whom each typed word begins a name, a contact, the birth number or a document's number."""
        match = search_index.expression(typed)
        if match is None:
            return Found([], is_cut=False)
        words = folded(typed).split()
        with self._database.read() as connection:
            rows = connection.execute(_FOUND, {"match": match, "most": LOOKED_THROUGH}).all()
            ids = list(dict.fromkeys(row.client_id for row in rows if _is_meant(row, words)))
            by_id: dict[int, Any] = {row.id: row for row in connection.execute(_SOME, {"some": ids[:limit]})}
            found = _clients(connection, [by_id[row] for row in ids[:limit]])
        return Found(found, is_cut=len(rows) == LOOKED_THROUGH or len(ids) > limit)

    def find(self, uuid: str) -> Client | None:
        """One client, None when there is none of this id (any more)."""
        with self._database.read() as connection:
            found = _clients(connection, connection.execute(_ONE, {"uuid": uuid}).all())
        return found[0] if found else None

    def count(self) -> int:
        """How many clients there are."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(client)).scalar_one()

    def entries(self, uuid: str, limit: int = 200) -> list[Entry]:
        """What the documents say of a client, the newest entry first."""
        chosen = (
            select(_person, _document.c.uuid, _document.c.number)
            .join(client, client.c.id == _person.c.client_id)
            .join(_document, _document.c.id == _person.c.document_id)
            .where(client.c.uuid == uuid)
            .order_by(_person.c.at.desc(), _person.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [_entry(row) for row in connection.execute(chosen)]

    def documents(self, uuid: str, before: int | None = None, limit: int = PAGE_SIZE) -> "ClientDocuments":
        """One page of the documents in which a client is anybody, last changed first."""
        mine = (
            select(_person.c.document_id).join(client, client.c.id == _person.c.client_id).where(client.c.uuid == uuid)
        )
        with self._database.read() as connection:
            page = listing.chosen_page(connection, _document.c.id.in_(mine), before, limit)
            roles = _roles(connection, uuid, [each.id for each in page.rows])
        return ClientDocuments([(each, roles.get(each.id, ())) for each in page.rows], page.next)

    def faults(self) -> list[str]:
        """Where the clients are not what the documents say."""
        with self._database.read() as connection:
            return client_index.faults(connection)

    def rebuild(self) -> None:
        """Make all clients again from the documents."""
        with self._database.write() as connection:
            client_index.rebuild(connection)


@dataclass(frozen=True)
class ClientDocuments:
    """Documents of a client, each with the roles; ``next`` as a page of the list has it."""

    rows: list[tuple[ListedDocument, tuple[Role, ...]]]
    next: int | None


def _place(connection: Connection, uuid: str) -> Any:  # noqa: ANN401 - a row, or None
    return connection.execute(select(client.c.id, client.c.sort_key).where(client.c.uuid == uuid)).one_or_none()


def _clients(connection: Connection, rows: Sequence[Any]) -> list[Client]:
    ids = [row.id for row in rows]
    counts = {each.client_id: each.documents for each in connection.execute(_COUNTS, {"some": ids})} if ids else {}
    return [
        Client(row.uuid, json.loads(row.facts), row.document, row.number or "", as_moment(row.at), counts[row.id])
        for row in rows
    ]


def _is_meant(row: Row[Any], words: Sequence[str]) -> bool:
    """The document was found by all words together; whether this one of its persons is who is looked for."""
    own = _own_words(row.facts)
    if all(word in own for word in words):
        return True
    numbers = folded(search_index.indexed_words([each for each in (row.number, row.former_number) if each], ""))
    return all(word in own or f" {word}" in f" {numbers}" for word in words)


@lru_cache(maxsize=4_000)
def _own_words(facts: str) -> frozenset[str]:
    """The beginnings of a person's words, kept by what is known of the person: most typing asks for them again."""
    own = folded(words_of(json.loads(facts))).split()
    return frozenset(word[:length] for word in own for length in range(1, len(word) + 1))


def _entry(row: Row[Any]) -> Entry:
    roles = tuple(Role(role) for role in row.roles.split())
    return Entry(row.uuid, row.number or "", as_moment(row.at), roles, json.loads(row.facts))


def _roles(connection: Connection, uuid: str, documents: Sequence[str]) -> dict[str, tuple[Role, ...]]:
    chosen: Select[Any] = (
        select(_document.c.uuid, _person.c.roles)
        .join(_person, _person.c.document_id == _document.c.id)
        .join(client, client.c.id == _person.c.client_id)
        .where(client.c.uuid == uuid, _document.c.uuid.in_(documents))
    )
    found: dict[str, tuple[Role, ...]] = {}
    for document, roles in connection.execute(chosen):
        found[document] = tuple(dict.fromkeys((*found.get(document, ()), *(Role(role) for role in roles.split()))))
    return found
