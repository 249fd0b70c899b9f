"""What happened to people and installations, for Help Desk. Never answers, never keys.

Each line carries a hash over itself and the hash of the line before, so that a changed, removed or moved line is found;
the newest stands in ``meta`` once more, so that the last line cannot simply be cut off. Whoever rewrites the whole file
can make another chain: the head that ``verify-audit`` prints is for noting where they cannot reach it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select

from endpoint.store import schema
from localapp import clock
from localapp.domain.canonical import canonical_text

_HEAD = "audit_head"
_table = schema.audit.c


class AuditBroken(Exception):  # noqa: N818 - a finding
    """The chain does not hold."""


@dataclass(frozen=True)
class Head:
    """The newest line and its hash; no line is 0 with an empty hash."""

    line: int
    chain: str

    def __str__(self) -> str:
        return f"{self.line}:{self.chain}"


def note(connection: Connection, event: str, subject: str) -> None:
    """Add a line to the audit, in a write transaction."""
    last, at = head(connection), clock.stamp()
    line = last.line + 1
    chain = _chained(last.chain, line, at, event, subject)
    values = {"id": line, "at": at, "event": event, "subject": subject, "chain": chain}
    connection.execute(insert(schema.audit).values(values))
    kept = {"name": _HEAD, "value": str(Head(line, chain))}
    connection.execute(insert(schema.meta).prefix_with("OR REPLACE").values(kept))


def head(connection: Connection) -> Head:
    """The newest line as it is kept beside the audit."""
    found = connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == _HEAD)).scalar()
    return Head(0, "") if found is None else parsed(found)


def parsed(text: str) -> Head:
    """A head as it is printed. Raises ValueError."""
    line, _, chain = text.partition(":")
    return Head(int(line), chain)


def verify(connection: Connection, noted: Head | None = None) -> Head:
    """Go through the whole chain; its head. ``noted`` is one that was printed earlier and has to be in it.

    Raises AuditBroken with the first line that is not what it was.
    """
    known = head(connection)
    rows = connection.execute(select(schema.audit).order_by(_table.id))
    last, seen = Head(0, ""), noted is None
    for last in _links(rows):
        seen = seen or last == noted
    if last != known:
        first = min(last.line, known.line) + 1
        raise AuditBroken(f"line {first}: the audit ends at {last.line} and not at {known.line}")
    if not seen:
        raise AuditBroken(f"line {noted and noted.line}: it was another one when it was noted")
    return last


def _links(rows: Iterable[Row[tuple[int, str, str, str, str]]]) -> Iterable[Head]:
    last = Head(0, "")
    for row in rows:
        if row.id != last.line + 1:
            raise AuditBroken(f"line {last.line + 1}: it is missing")
        if row.chain != _chained(last.chain, row.id, row.at, row.event, row.subject):
            raise AuditBroken(f"line {row.id}: it was changed")
        last = Head(row.id, row.chain)
        yield last


def _chained(before: str, line: int, at: str, event: str, subject: str) -> str:
    return hashlib.sha256(canonical_text([before, line, at, event, subject]).encode()).hexdigest()
