"""A verified revision of another machine becomes an ordinary document here, or the newest revision of one.

Without a working copy it becomes the shown one. A working copy over an earlier revision stays, and the two are a
conflict – unless they say the same. Source: docs/sync-protocol.md, "Bodies".
"""

from typing import Any

from sqlalchemy import Connection, select

from localapp import clock
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import DocumentFacts
from localapp.store import (
    conflicting,
    contents,
    document_columns,
    documents,
    journal,
    lineage,
    outbox,
    overtaking,
    received,
    received_rows,
    schema,
    wanting,
)
from localapp.store.documents import StoredDocument
from localapp.store.enrolments import Enrolment
from localapp.store.failures import UnknownDocument
from localapp.store.health import HealthTables
from localapp.store.lineage import ELSEWHERE
from localapp.store.opened_bodies import BodyRefused, OpenedBody
from localapp.store.records import ListRow


def take_in(
    connection: Connection, health: HealthTables, enrolment: Enrolment, facts: DocumentFacts, body: OpenedBody
) -> bool:
    """Store the revision that the facts are about; False while an operation of its document waits.

    Raises BodyRefused when another document has its number, or another acknowledged revision its place.
    """
    row = received_rows.row_of(body.answers, body.completion.premium)
    try:
        stored = documents.find(connection, facts.document)
    except UnknownDocument:
        _add(connection, health, enrolment, facts, body, row)
    else:
        if outbox.with_waiting(connection, [stored.row]):
            return False
        _follow(connection, health, stored, facts, body, row)
    wanting.forget(connection, [facts.document])
    return True


def _add(
    connection: Connection,
    health: HealthTables,
    enrolment: Enrolment,
    facts: DocumentFacts,
    body: OpenedBody,
    row: ListRow,
) -> None:
    table = schema.document.c
    if connection.execute(select(table.id).where(table.number == facts.number)).first():
        raise BodyRefused("number_taken", number=facts.number)
    has_left = enrolment.ended_at is not None and facts.kind is not Kind.OTHER
    values = {
        "enrolment_id": enrolment.id,
        "partner_left_at": clock.stamp() if has_left else None,
        **document_columns.corrects_values(body.completion.corrects),
        **_newest(body, row),
    }
    stored = documents.add_received(connection, facts, values)
    _keep(connection, health, stored, body, row)


def _follow(
    connection: Connection,
    health: HealthTables,
    stored: StoredDocument,
    facts: DocumentFacts,
    body: OpenedBody,
    row: ListRow,
) -> None:
    """The document goes on here with what another machine has made of it."""
    known = lineage.lineage(connection, stored.row)
    if facts.revision in known.bases.keys() - known.unacknowledged_after(known.base_of(stored.record.revision)):
        raise BodyRefused("body_not_verified", number=facts.number)
    given_way = overtaking.overtake(connection, health, stored, facts, is_held=False)
    now = _with(stored, given_way)
    _keep(connection, health, now, body, row)
    newest = _newest(body, row)
    if not contents.has_working(connection, stored.row):
        documents.renew(connection, stored, {**given_way, **newest, "changed_at": body.backed_up_at})
    elif conflicting.is_edited(connection, health, now, facts.revision):
        shown = newest if facts.exported_at else {name: newest[name] for name in ("revision", "completed_at")}
        documents.learn(connection, stored, {**given_way, **shown})
    else:
        same = overtaking.let_go(connection, health, now, facts.revision)
        documents.renew(connection, stored, {**given_way, **newest, **same})


def _with(stored: StoredDocument, values: dict[str, Any]) -> StoredDocument:
    return documents.as_stored({**stored.columns, **values}) if values else stored


def _newest(body: OpenedBody, row: ListRow) -> dict[str, Any]:
    """The columns of a document whose newest revision this is."""
    versions = document_columns.version_values(body.completion.form, body.completion.calculation)
    return {
        "revision": body.envelope.revision,
        "completed_at": body.backed_up_at,
        **document_columns.row_values(row),
        **versions,
    }


def _keep(connection: Connection, health: HealthTables, stored: StoredDocument, body: OpenedBody, row: ListRow) -> None:
    frozen = _with(stored, _newest(body, row))
    contents.add_revision(connection, frozen, body.frozen, body.envelope.base_revision, None, ELSEWHERE)
    number = body.envelope.revision
    health.put_frozen(connection, stored.row, frozen.record.id, number, body.frozen.health)
    received.keep(connection, stored.row, number, body.completion)
    journal.note(connection, stored.row, ELSEWHERE, "completed", number)
