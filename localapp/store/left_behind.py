"""What Kopírovat did not take along into a document: the places, never a value, until the document goes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.store import schema
from localapp.store.moments import as_moment_or_none

_table = schema.left_behind.c
SIGNED = "~signed"
"""Stands for the signature and the files of a signed revision, which are no answers."""


@dataclass(frozen=True)
class LeftBehind:
    """The places in the order of the form, and when the advisor has read of them."""

    places: Sequence[str]
    read_at: datetime | None


def keep(connection: Connection, document: int, places: Sequence[str]) -> None:
    """Keep the places of a new copy."""
    if places:
        text = canonical_text(list(places))
        connection.execute(insert(schema.left_behind).values(document_id=document, places=text))


def of(connection: Connection, document: int) -> LeftBehind | None:
    """What a document lacks of the one that it was copied from; None where it lacks nothing."""
    row = connection.execute(select(_table.places, _table.read_at).where(_table.document_id == document)).one_or_none()
    return None if row is None else LeftBehind(json.loads(row.places), as_moment_or_none(row.read_at))


def mark_read(connection: Connection, document: int) -> None:
    """The advisor has read of it."""
    connection.execute(update(schema.left_behind).where(_table.document_id == document).values(read_at=clock.stamp()))
