"""Revisions made here that the insurer has not taken and will not take: they make way for what it has.

Their numbers may be those of other revisions by now, so they move, unchanged, to a place of their own. What the newest
of them says becomes the working copy: nothing typed is lost, and the advisor goes on from it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.store import contents, schema
from localapp.store.documents import StoredDocument
from localapp.store.health import HealthTables
from localapp.store.moments import as_moment
from localapp.store.records import Answers
from localapp.store.sync_schema import overtaken

_revision = schema.revision


@dataclass(frozen=True)
class Overtaken:
    """A frozen revision that was not taken: what it says, when it was completed, and with which versions."""

    id: int
    number: int
    base_revision: int | None
    answers: Answers
    health: Answers = field(repr=False)
    frozen_at: datetime
    actor: str
    form: Pinned
    calculation: Pinned
    last_quote: str | None


def put_away(connection: Connection, health: HealthTables, stored: StoredDocument, number: int) -> int:
    """Move a revision to the overtaken ones; its place there."""
    row, uuid = stored.row, stored.record.id
    place = int(connection.execute(select(func.coalesce(func.max(overtaken.c.id), 0))).scalar_one()) + 1
    found = connection.execute(_one(row, number)).mappings().one()
    text = health.frozen(connection, row, uuid, number)
    kept = {name: value for name, value in found.items() if name in overtaken.c}
    sealed = health.sealed_overtaken(text, uuid, place)
    connection.execute(insert(overtaken).values(**kept, id=place, sealed=sealed, overtaken_at=clock.stamp()))
    _remove(connection, row, number)
    return place


def _one(row: int, number: int) -> Any:  # noqa: ANN401 - a select of many columns
    return select(_revision).where(_revision.c.document_id == row, _revision.c.number == number)


def _remove(connection: Connection, row: int, number: int) -> None:
    """Rows of frozen revisions go only from a document that says so."""
    connection.execute(insert(schema.purging).values(document_id=row))
    health = schema.revision_health
    connection.execute(delete(health).where(health.c.document_id == row, health.c.revision == number))
    connection.execute(delete(_revision).where(_revision.c.document_id == row, _revision.c.number == number))
    connection.execute(delete(schema.purging).where(schema.purging.c.document_id == row))


def retreat(
    connection: Connection, health: HealthTables, stored: StoredDocument, numbers: list[int], base: int | None
) -> int | None:
    """Move these revisions away and put what the newest of them says over ``base``; its place, None without any.

    A working copy that goes on from them stays as it is, but for its base.
    """
    if not numbers:
        return None
    working = schema.working_copy
    rebased = update(working).where(working.c.document_id == stored.row).values(base_revision=base)
    if connection.execute(rebased).rowcount == 0:
        content = contents.of_revision(connection, health, stored, numbers[-1])
        contents.put_working(connection, stored.row, content.answers, base, content.last_quote)
        health.put_working(connection, stored.row, stored.record.id, content.health, "endpoint")
    return [put_away(connection, health, stored, number) for number in numbers][-1]


def read(connection: Connection, health: HealthTables, document: str, place: int) -> Overtaken:
    """An overtaken revision."""
    return _read(health, document, connection.execute(select(overtaken).where(overtaken.c.id == place)).one())


def read_all(connection: Connection, health: HealthTables, stored: StoredDocument) -> list[Overtaken]:
    """All revisions of a document that were overtaken, oldest first."""
    found = connection.execute(select(overtaken).where(overtaken.c.document_id == stored.row).order_by(overtaken.c.id))
    return [_read(health, stored.record.id, row) for row in found]


def _read(health: HealthTables, document: str, row: Row[Any]) -> Overtaken:
    return Overtaken(
        id=row.id,
        number=row.number,
        base_revision=row.base_revision,
        answers=json.loads(row.answers)["values"],
        health=health.opened_overtaken(row.sealed, document, row.id),
        frozen_at=as_moment(row.frozen_at),
        actor=row.actor,
        form=Pinned(row.form_name, row.form_version),
        calculation=Pinned(row.calculation_name, row.calculation_version),
        last_quote=row.last_quote,
    )
