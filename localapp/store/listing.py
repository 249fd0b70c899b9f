"""The list of documents: pages by rank, search, counts. Deleted documents are in none of them."""

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal_column, select, text

from localapp.domain.canonical import Pinned
from localapp.domain.lifecycle import Kind, Shelf
from localapp.store import schema, search_index
from localapp.store.document_columns import facts_of, refusal_of
from localapp.store.engine import Database
from localapp.store.moments import as_moment
from localapp.store.records import ListedDocument, Page

_document = schema.document
_NOT_LISTED = {"search", "calculation_name", "calculation_version", "corrects", "corrects_revision"}
_STORED = tuple(c for c in _document.c if c.name not in _NOT_LISTED)
_CORRECTED_BY = (
    "(SELECT coalesce(c.number, '') FROM document c WHERE c.corrects = document.uuid AND c.cancelled_at IS NULL "
    "AND c.deleted_at IS NULL ORDER BY c.id DESC LIMIT 1)"
)
_COLUMNS = (*_STORED, literal_column(_CORRECTED_BY).label("corrected_by"))
_KEYS = tuple(each.name for each in _COLUMNS)
_NAMES = ", ".join([*(f"document.{each.name}" for each in _STORED), f"{_CORRECTED_BY} AS corrected_by"])
# Written out: building this statement anew took a fifth of the time of a search. The index by words is gone through in
# the order of the list, and each document asked for its shelf; the join must not be turned round.
_FOUND = (
    f"SELECT {_NAMES} FROM document_search CROSS JOIN document ON document.rank = document_search.rowid "  # noqa: S608 - our own names
    "WHERE document_search MATCH :match AND document_search.rowid < :before AND document.deleted_at IS NULL{} "
    "ORDER BY document_search.rowid DESC LIMIT :most"
)
_OF_SHELF, _OF_KIND = " AND document.shelf = :shelf", " AND document.kind = :kind"
_STATEMENTS = {
    (by_shelf, by_kind): text(_FOUND.format(_OF_SHELF * by_shelf + _OF_KIND * by_kind)).columns(*_COLUMNS)
    for by_shelf in (False, True)
    for by_kind in (False, True)
}
MOST = 200
KEPT_ROWS = 2000


def page(connection: Connection, shelf: Shelf | None, kind: Kind | None, before: int | None, limit: int) -> Page:
    """One page of the list, newest change first."""
    chosen: list[ColumnElement[bool]] = [_document.c.deleted_at.is_(None)]
    if shelf is not None:
        chosen.append(_document.c.shelf == shelf)
    if kind is not None:
        chosen.append(_document.c.kind == kind)
    if before is not None:
        chosen.append(_document.c.rank < _cursor(before))
    return _page(connection, and_(*chosen), limit)


def chosen_page(connection: Connection, chosen: ColumnElement[bool], before: int | None, limit: int) -> Page:
    """One page of the chosen documents, newest change first."""
    later = [] if before is None else [_document.c.rank < _cursor(before)]
    return _page(connection, and_(chosen, _document.c.deleted_at.is_(None), *later), limit)


def search(
    connection: Connection, typed: str, shelf: Shelf | None, kind: Kind | None, before: int | None, limit: int
) -> Page:
    """One page of the documents that hold a word beginning with each typed word."""
    match = search_index.expression(typed)
    if match is None:
        return Page([], None)
    most = _within(limit)
    asked: dict[str, object] = {"match": match, "most": most + 1}
    asked["before"] = _cursor(before) if before is not None else 1 << 62
    asked |= {name: chosen for name, chosen in (("shelf", shelf), ("kind", kind)) if chosen is not None}
    found = connection.execute(_STATEMENTS[shelf is not None, kind is not None], asked).all()
    return _page_of(found, most)


def deleted(connection: Connection) -> list[ListedDocument]:
    """What lies in Smazané, last deleted first."""
    found = connection.execute(
        select(*_COLUMNS).where(_document.c.deleted_at.is_not(None)).order_by(_document.c.rank.desc())
    )
    return [_listed(tuple(row)) for row in found]


def _page(connection: Connection, chosen: ColumnElement[bool], limit: int) -> Page:
    most = _within(limit)
    found = connection.execute(select(*_COLUMNS).where(chosen).order_by(_document.c.rank.desc()).limit(most + 1)).all()
    return _page_of(found, most)


def _page_of(found: Sequence[Row[Any]], most: int) -> Page:
    rows = [_listed(tuple(row)) for row in found[:most]]  # a plain tuple is compared four times as fast as a Row
    return Page(rows, rows[-1].rank if len(found) > most else None)


def _within(limit: int) -> int:
    return max(1, min(limit, MOST))


def _cursor(before: int) -> int:
    """A rank that SQLite can compare, whatever number a page was asked with."""
    return max(0, min(before, 1 << 62))


@lru_cache(maxsize=KEPT_ROWS)
def _listed(found: tuple[Any, ...]) -> ListedDocument:
    """Kept by the values of the row: half of the time of a page went into dates and facts that had not changed."""
    row = dict(zip(_KEYS, found, strict=True))
    facts = facts_of(row)
    return ListedDocument(
        id=row["uuid"],
        rank=row["rank"],
        number=row["number"] or "",
        kind=facts.kind,
        client_last_name=row["client_last_name"],
        client_first_name=row["client_first_name"],
        client_title=row["client_title"],
        premium=row["premium"],
        payments_per_year=row["payments_per_year"],
        facts=facts,
        changed_at=as_moment(row["changed_at"]),
        completed_revision_at=facts.completed_at,
        form=Pinned(row["form_name"], row["form_version"]),
        returned=refusal_of(row["returned_refusal"]),
        corrects=row["corrects_number"],
        corrected_by=row["corrected_by"],
    )


class Counts:
    """How many documents stand on each shelf, kept until a document changes its shelf."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._generation = 0
        self._kept: dict[tuple[Kind, Shelf], int] | None = None

    def forget(self) -> None:
        """To be called after the commit of a transaction that moved a document."""
        with self._lock:
            self._generation += 1
            self._kept = None

    def of(self, kind: Kind | None) -> dict[Shelf | None, int]:
        """Documents by shelf, of one kind or of all; under None their sum."""
        chosen = {key: count for key, count in self._all().items() if kind in (None, key[0])}
        result: dict[Shelf | None, int] = {None: sum(chosen.values())}
        for shelf in Shelf:
            result[shelf] = sum(count for (_, stands), count in chosen.items() if stands is shelf)
        return result

    def _all(self) -> dict[tuple[Kind, Shelf], int]:
        with self._lock:
            kept, generation = self._kept, self._generation
        if kept is not None:
            return kept
        with self._database.read() as connection:
            fresh = _count(connection)
        with self._lock:
            if generation == self._generation:
                self._kept = fresh
        return fresh


def _count(connection: Connection) -> dict[tuple[Kind, Shelf], int]:
    found = connection.execute(
        select(_document.c.kind, _document.c.shelf, func.count())
        .where(_document.c.deleted_at.is_(None))
        .group_by(_document.c.kind, _document.c.shelf)
    )
    return {(Kind(kind), Shelf(shelf)): count for kind, shelf, count in found}
