"""Which documents go with the next export and which do not, by the rule of ``domain.tonight``; counted exactly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, text

from localapp.domain.lifecycle import Kind, Shelf
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import OperationKind
from localapp.domain.tonight import GOING, STAYING, Fate, Known, LastExport, fate
from localapp.store import schema
from localapp.store.document_columns import facts_of, refusal_of
from localapp.store.moments import as_moment, as_moment_or_none

_document, _outbox, _revision = schema.document, schema.outbox, schema.revision
_NOT_SHOWN = {"search", "premium", "payments_per_year", "form_name", "form_version"}
_COLUMNS = tuple(each for each in _document.c if each.name not in _NOT_SHOWN)
_OPEN_SHELVES = (Shelf.IN_PROGRESS, Shelf.TO_SIGN, Shelf.TO_SEND, Shelf.BACKED_UP)
MOST_LISTED = 200


@dataclass(frozen=True)
class Tonight:
    """One document and its fate. ``version_at`` is when the revision was completed that goes, ``since`` when it came
    to the server; ``reason`` is why the insurer returned it.
    """

    id: str
    number: str
    kind: Kind
    client_last_name: str
    client_first_name: str
    fate: Fate
    version_at: datetime | None
    since: datetime | None
    reason: Refusal | None


@dataclass(frozen=True)
class Evening:
    """How many documents have each fate, and the documents, newest change first; at most 200 of each fate."""

    counts: Mapping[Fate, int]
    documents: Mapping[Fate, tuple[Tonight, ...]]

    @property
    def going(self) -> int:
        """How many go."""
        return sum(self.counts.get(each, 0) for each in GOING)

    @property
    def staying(self) -> int:
        """How many do not."""
        return sum(self.counts.get(each, 0) for each in STAYING)


def evening(connection: Connection, last: LastExport, most: int = MOST_LISTED) -> Evening:
    """How it stands now."""
    counts: dict[Fate, int] = {}
    listed: dict[Fate, list[RowMapping]] = {}
    cancelling = set(connection.execute(_cancelling()).scalars())
    for row in _candidates(connection):
        found = fate(_known(row, cancelling), last)
        if found is not None:
            counts[found] = counts.get(found, 0) + 1
            if counts[found] <= most:
                listed.setdefault(found, []).append(row)
    return Evening(counts, {each: tuple(_told(connection, row, each) for row in rows) for each, rows in listed.items()})


def one(connection: Connection, document: str, last: LastExport) -> Tonight | None:
    """The fate of one document; None when it has none any more, or there is no such document."""
    row = connection.execute(select(*_COLUMNS).where(_document.c.uuid == document)).mappings().one_or_none()
    if row is None:
        return None
    found = fate(_known(row, set(connection.execute(_cancelling()).scalars())), last)
    return None if found is None else _told(connection, row, found)


def _candidates(connection: Connection) -> Iterator[RowMapping]:
    """What is open, and what is cancelled while the server may not know it."""
    open_ = select(*_COLUMNS).where(_document.c.deleted_at.is_(None), _document.c.shelf.in_(_OPEN_SHELVES))
    cancelled = select(*_COLUMNS).where(_document.c.shelf == Shelf.CANCELLED, _document.c.id.in_(_cancelling()))
    for chosen in (open_, cancelled):
        yield from connection.execute(chosen.order_by(_document.c.rank.desc())).mappings()


def _cancelling() -> Any:  # noqa: ANN401 - a select of one column
    cancellation = _outbox.c.kind == OperationKind.CANCELLATION
    return select(_outbox.c.document_id).where(cancellation, text(schema.WAITING))


def _known(row: RowMapping, cancelling: set[int]) -> Known:
    return Known(
        facts=facts_of(row),
        newest=row["revision"],
        on_server=row["backed_up_revision"],
        since=as_moment_or_none(row["backed_up_at"]),
        returned=row["returned_revision"] if row["returned_at"] else None,
        cancelling=row["id"] in cancelling,
    )


def _told(connection: Connection, row: RowMapping, found: Fate) -> Tonight:
    version = row["backed_up_revision"] if found in {*GOING, Fate.UNCONFIRMED} else row["revision"]
    frozen = select(func.max(_revision.c.frozen_at)).where(
        _revision.c.document_id == row["id"], _revision.c.number == version
    )
    frozen_at = connection.execute(frozen).scalar()
    return Tonight(
        id=row["uuid"],
        number=row["number"] or "",
        kind=Kind(row["kind"]),
        client_last_name=row["client_last_name"],
        client_first_name=row["client_first_name"],
        fate=found,
        version_at=None if frozen_at is None else as_moment(frozen_at),
        since=as_moment_or_none(row["backed_up_at"]),
        reason=refusal_of(row["returned_refusal"]) if found is Fate.RETURNED else None,
    )
