"""The freeze: one transaction that takes each document at most once and says what stays behind and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from endpoint import counting
from endpoint.export import supplements
from endpoint.store import schema
from localapp import clock
from localapp.domain.lifecycle import Kind

PENDING, OVERTAKEN, INCOMPLETE = "evaluation_pending", "later_revision", "attachments_missing"
"""Why a document stays behind, besides the reasons for which one is returned."""

_document, _revision, _run = schema.document, schema.revision, schema.export_run


@dataclass(frozen=True)
class Run:
    """A frozen run. ``key`` is the day, or the moment of a run by hand."""

    key: str
    count: int
    left_behind: int


def unevaluated(connection: Connection, cutoff: datetime) -> int:
    """How many documents a freeze with this cut-off would leave behind only because nobody has evaluated them yet."""
    return sum(_reason(row) == PENDING for row in connection.execute(_candidates(cutoff)))


def freeze(connection: Connection, key: str, cutoff: datetime, *, by_hand: bool) -> Run | None:
    """Take what was acknowledged before the cut-off and stands, in the order of numbers; None if the run exists.

    Of each document only the newest such revision counts: when it may not go, no earlier one goes.
    """
    if connection.execute(select(_run.c.key).where(_run.c.key == key)).first():
        return None
    rows = connection.execute(_candidates(cutoff)).all()
    taken = [row for row in rows if _reason(row) is None]
    left = [(row, reason) for row in rows if (reason := _reason(row)) is not None]
    now = clock.stamp()
    connection.execute(
        insert(_run).values(
            key=key, by_hand=by_hand, cutoff_at=_stamp(cutoff), frozen_at=now, count=len(taken), written_at=None
        )
    )
    if taken:
        _take(connection, key, taken, now)
    if left:
        lines = [
            {"export_key": key, "document_id": row.id, "revision": row.revision, "code": reason} for row, reason in left
        ]
        connection.execute(insert(schema.left_behind), lines)
    supplements.take(connection, key)
    return Run(key, len(taken), len(left))


def _candidates(cutoff: datetime) -> Any:  # noqa: ANN401 - a select of many columns
    """The open documents with their newest revision acknowledged before the cut-off, and its evaluation."""
    newest = (
        select(func.max(_revision.c.number))
        .where(_revision.c.document_id == _document.c.id, _revision.c.backed_up_at < _stamp(cutoff))
        .correlate(_document)
        .scalar_subquery()
    )
    judged = schema.evaluation
    of_revision = (judged.c.document_id == _document.c.id) & (judged.c.revision == _revision.c.number)
    return (
        select(
            _document.c.id,
            _document.c.revision.label("present"),
            _revision.c.number.label("revision"),
            judged.c.at,
            judged.c.returned_code,
            _document.c.attachments_missing,
            schema.installation.c.linked_at,
        )
        .join(_revision, (_revision.c.document_id == _document.c.id) & (_revision.c.number == newest))
        .join(judged, of_revision, isouter=True)
        .join(schema.installation, schema.installation.c.id == _document.c.installation_id)
        .where(_document.c.exported_at.is_(None), _document.c.cancelled_at.is_(None))
        .where(_document.c.kind != Kind.OTHER.value)
        .order_by(_document.c.number)
    )


def _reason(row: Row[Any]) -> str | None:
    """Why the document stays behind. A later revision was let in only where this one could not go."""
    if row.at is None:
        return PENDING
    if row.returned_code:
        return str(row.returned_code)
    if row.present != row.revision:
        return OVERTAKEN
    return INCOMPLETE if row.attachments_missing else None


def _take(connection: Connection, key: str, taken: Sequence[Row[Any]], now: str) -> None:
    sequence = counting.take(connection, len(taken))
    items, moves = [], []
    for position, row in enumerate(taken, 1):
        item = {"document_id": row.id, "export_key": key, "position": position, "revision": row.revision}
        items.append({**item, "verified": row.linked_at is not None})
        moves.append({"row": row.id, "taken": row.revision, "line": position, "moved": sequence + position - 1})
    connection.execute(insert(schema.export_item), items)
    locked = update(_document).where(_document.c.id == bindparam("row"), _document.c.exported_at.is_(None))
    told: dict[str, Any] = {
        "exported_revision": bindparam("taken"),
        "position": bindparam("line"),
        "sequence": bindparam("moved"),
    }
    connection.execute(locked.values(exported_at=now, export_key=key, **told), moves)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
