"""What a document says: its working copy and its frozen revisions."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from localapp import clock
from localapp.domain.canonical import FrozenRevision, Pinned, canonical_text
from localapp.store import enrolments, schema
from localapp.store.document_columns import row_values, version_values
from localapp.store.documents import StoredDocument
from localapp.store.health import HealthTables
from localapp.store.moments import as_moment, as_text
from localapp.store.records import Answers, Content, ListRow
from localapp.store.steps import ways
from localapp.store.sync_schema import overtaken

_working = schema.working_copy
_revision = schema.revision
_WORKING_OF = select(_working).where(_working.c.document_id == bindparam("row"))
_NEW_WORKING = upsert(_working)
_PUT_WORKING = _NEW_WORKING.on_conflict_do_update(
    index_elements=[_working.c.document_id],
    set_={name: _NEW_WORKING.excluded[name] for name in ("answers", "changed_at", "last_quote", "at_step")},
)


def read(connection: Connection, health: HealthTables, stored: StoredDocument) -> Content:
    """The working copy or, without one, the newest revision."""
    row = connection.execute(_WORKING_OF, {"row": stored.row}).one_or_none()
    if row is None:
        return _frozen(connection, health, stored)
    sequence, of_health = health.working(connection, stored.row, stored.record.id)
    back, again = ways(connection, row.at_step)
    return Content(
        answers=json.loads(row.answers),
        health=of_health,
        base_revision=row.base_revision,
        changed_at=as_moment(row.changed_at),
        last_quote=row.last_quote,
        at_step=row.at_step,
        health_sequence=sequence,
        can_go_back=back,
        can_go_again=again,
    )


def _frozen(connection: Connection, health: HealthTables, stored: StoredDocument) -> Content:
    return of_revision(connection, health, stored, stored.record.revision or 0)


def of_revision(connection: Connection, health: HealthTables, stored: StoredDocument, number: int) -> Content:
    """What one completed revision says."""
    row = connection.execute(
        select(_revision.c.answers, _revision.c.last_quote).where(
            _revision.c.document_id == stored.row, _revision.c.number == number
        )
    ).one()
    return Content(
        answers=json.loads(row.answers)["values"],
        health=json.loads(health.frozen(connection, stored.row, stored.record.id, number))["values"],
        base_revision=number,
        changed_at=None,
        last_quote=row.last_quote,
    )


def has_revision(connection: Connection, row: int, number: int) -> bool:
    """Whether a completed revision is here."""
    chosen = select(_revision.c.number).where(_revision.c.document_id == row, _revision.c.number == number)
    return connection.execute(chosen).first() is not None


def put_working(
    connection: Connection,
    row: int,
    answers: Answers,
    base_revision: int | None,
    last_quote: str | None,
    at_step: int | None = None,
) -> None:
    """Write the working copy; the base of an existing one stays. Without ``at_step`` nothing leads back from it."""
    write_working(connection, row, canonical_text(answers), base_revision, last_quote, at_step)


def write_working(
    connection: Connection,
    row: int,
    answers: str,
    base_revision: int | None,
    last_quote: str | None,
    at_step: int | None,
) -> str:
    """The same with the canonical text of the answers; when it was written, as it is stored."""
    values = {
        "document_id": row,
        "base_revision": base_revision,
        "answers": answers,
        "changed_at": clock.stamp(),
        "last_quote": last_quote,
        "at_step": at_step,
    }
    connection.execute(_PUT_WORKING, values)
    return str(values["changed_at"])


def has_working(connection: Connection, row: int) -> bool:
    """Whether somebody is editing the document here."""
    chosen = select(_working.c.document_id).where(_working.c.document_id == row)
    return connection.execute(chosen).first() is not None


def drop_working(connection: Connection, health: HealthTables, row: int) -> None:
    """Remove the working copy, its health part too."""
    connection.execute(delete(_working).where(_working.c.document_id == row))
    health.drop_working(connection, row)


def next_revision(connection: Connection, stored: StoredDocument) -> int:
    """The number of the next revision: after every one there is, here or at the insurer, taken or refused."""
    newest = [
        connection.execute(select(func.max(table.c.number)).where(table.c.document_id == stored.row)).scalar() or 0
        for table in (_revision, overtaken)
    ]
    return max(*newest, stored.backed_up_revision or 0) + 1


def add_revision(
    connection: Connection,
    stored: StoredDocument,
    frozen: FrozenRevision,
    base: int | None,
    quote: str | None,
    actor: str,
) -> None:
    """Append the revision that ``stored`` names as its newest, with the list row and the advisor shown for it."""
    record = stored.record
    parts = {name: text for name, text in asdict(frozen).items() if name != "health"}
    connection.execute(
        insert(_revision).values(
            document_id=stored.row,
            number=record.revision,
            base_revision=base,
            frozen_at=as_text(record.facts.completed_at or record.changed_at),
            actor=actor,
            list_row=canonical_text(asdict(record.row)),
            last_quote=quote,
            completed_by=_advisor(connection),
            **parts,
            **version_values(record.form, record.calculation),
        )
    )


def _advisor(connection: Connection) -> str | None:
    """Who the advisor is at this moment: later user data, or another partner, change nothing in the revision."""
    enrolment = enrolments.current(connection)
    return None if enrolment is None else canonical_text(asdict(enrolment.named))


def row_of_revision(connection: Connection, stored: StoredDocument) -> ListRow:
    """The list row kept with the newest revision."""
    found = shown_of_revision(connection, stored, stored.record.revision or 0)
    assert found is not None  # noqa: S101 - a document's newest revision is always here
    return found[0]


def shown_values(connection: Connection, stored: StoredDocument) -> dict[str, Any]:
    """The columns of a document that shows its newest revision again: its list row and its versions."""
    chosen = select(_revision).where(
        _revision.c.document_id == stored.row, _revision.c.number == stored.record.revision
    )
    found = connection.execute(chosen).one_or_none()
    if found is None:
        return {}
    form, calculation = (
        Pinned(found.form_name, found.form_version),
        Pinned(found.calculation_name, found.calculation_version),
    )
    return {**row_values(ListRow(**json.loads(found.list_row))), **version_values(form, calculation)}


def shown_of_revision(connection: Connection, stored: StoredDocument, number: int) -> tuple[ListRow, str] | None:
    """The list row kept with a revision and the stored time of its completion; None if it was not made here."""
    found = connection.execute(
        select(_revision.c.list_row, _revision.c.frozen_at).where(
            _revision.c.document_id == stored.row, _revision.c.number == number
        )
    ).one_or_none()
    return None if found is None else (ListRow(**json.loads(found.list_row)), found.frozen_at)
