"""What the insurer tells of documents becomes facts here. Nothing typed is lost: a later change over an exported
document stays as a working copy and is noted as a conflict.

Source: docs/sync-protocol.md; DOMAIN.md, "Conflict".
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import DocumentFacts, Refusal
from localapp.domain.sync.operations import OperationKind
from localapp.store import contents, documents, journal, outbox, schema
from localapp.store.documents import StoredDocument
from localapp.store.health import HealthTables
from localapp.store.moments import as_text
from localapp.store.sync_schema import conflict, elsewhere

EXPORTED_EDIT = "exported_edit"
EXPORTED_CANCELLATION = "exported_cancellation"
ENDPOINT = "endpoint"  # the actor of what the insurer has told


def receive_all(connection: Connection, health: HealthTables, enrolment: int, told: Sequence[DocumentFacts]) -> None:
    """Apply what the endpoint knows of documents; one that was not made here is listed as lying elsewhere."""
    known = documents.find_all(connection, [facts.document for facts in told])
    news: dict[str, tuple[StoredDocument, dict[str, Any]]] = {}
    for facts in told:
        if facts.document in news:  # told of twice: it is read again in between
            documents.learn_all(connection, list(news.values()))
            known[facts.document] = documents.find(connection, facts.document)
            news.clear()
        stored = known.get(facts.document)
        if stored is None:
            _note_elsewhere(connection, enrolment, facts)
        else:
            news[facts.document] = stored, _receive(connection, health, stored, facts)
    documents.learn_all(connection, list(news.values()))


def _receive(
    connection: Connection, health: HealthTables, stored: StoredDocument, facts: DocumentFacts
) -> dict[str, Any]:
    """What the document's row has to say now."""
    values = _told(facts)
    if not facts.returned_at and _is_refused(connection, stored):
        values = {name: value for name, value in values.items() if not name.startswith("returned_")}
    if facts.exported_at and stored.record.facts.exported_at is None:
        values |= _locked(connection, health, stored, facts)
        journal.note(connection, stored.row, ENDPOINT, "exported")
    return values


def refuse_change(
    connection: Connection, operation: str, document: str, refusal: Refusal, facts: DocumentFacts | None
) -> None:
    """The insurer did not take an operation: it stays visible with its reason, and the document's journal says so.

    A revision that was not taken comes back for correction: nothing of it waits any more. A cancellation that was not
    taken has not cancelled anything, unless the insurer never had the document.
    """
    outbox.refuse(connection, operation, refusal)
    stored = documents.find(connection, document)
    journal.note(connection, stored.row, ENDPOINT, f"refused:{refusal.code}")
    kind, revision = outbox.what_of(connection, operation)
    at_insurer = facts is not None or stored.backed_up_revision is not None
    if kind is OperationKind.CANCELLATION:
        if at_insurer and not (facts and facts.cancelled_at) and refusal.code != "exported":
            documents.learn(connection, stored, {"cancelled_at": None})
        return
    if not at_insurer and stored.record.facts.cancelled_at:
        outbox.withdraw_all(connection, stored.row)  # there is nothing to cancel
    has_moved_on = facts is not None and (facts.exported_at or facts.cancelled_at)
    if revision == stored.record.revision and not has_moved_on:
        reason = canonical_text(refusal.as_json())
        values = {"returned_at": clock.stamp(), "returned_revision": revision, "returned_refusal": reason}
        documents.learn(connection, stored, values)


def _is_refused(connection: Connection, stored: StoredDocument) -> bool:
    """Whether the insurer did not take the newest revision, so that what it says is about an earlier one."""
    return stored.record.facts.returned_at is not None and outbox.is_refused(
        connection, stored.row, stored.record.revision
    )


def _told(facts: DocumentFacts) -> dict[str, Any]:
    values: dict[str, Any] = {
        "number": facts.number,
        "backed_up_at": facts.backed_up_at,
        "backed_up_revision": facts.revision,
        "returned_at": facts.returned_at,
        "returned_revision": facts.revision if facts.returned_at else None,
        "returned_refusal": canonical_text(facts.returned.as_json()) if facts.returned else None,
    }
    if facts.cancelled_at:
        values["cancelled_at"] = facts.cancelled_at
    if facts.exported_at:
        values |= {
            "exported_at": facts.exported_at,
            "exported_revision": facts.exported_revision,
            "export_key": facts.export,
            "export_position": facts.position,
        }
    return values


def _locked(
    connection: Connection, health: HealthTables, stored: StoredDocument, facts: DocumentFacts
) -> dict[str, Any]:
    """The lock has come. The list goes back to what was exported; what was changed later is kept beside it."""
    record, exported = stored.record, facts.exported_revision or facts.revision
    outbox.withdraw_all(connection, stored.row)
    values: dict[str, Any] = {}
    if record.facts.cancelled_at and not facts.cancelled_at:
        values["cancelled_at"] = None
        _note_conflict(connection, stored, EXPORTED_CANCELLATION, exported, None)
        values["conflict_at"] = clock.stamp()
    newer = record.revision if record.revision and record.revision > exported else None
    shown = contents.shown_of_revision(connection, stored, exported)
    if shown is None:
        return values
    if newer and not record.facts.working_copy_at:
        _take_back(connection, health, stored, newer, exported)
    edited = _is_edited(connection, health, stored, exported)
    row, completed_at = shown
    values |= {"revision": exported, "completed_at": completed_at, **documents.row_values(row)}
    began = record.facts.working_copy_at or record.facts.completed_at or record.changed_at
    values["working_copy_at"] = as_text(began) if edited else None
    if edited:
        _note_conflict(connection, stored, EXPORTED_EDIT, exported, newer)
        values["conflict_at"] = clock.stamp()
    else:
        contents.drop_working(connection, health, stored.row)
    return values


def _take_back(connection: Connection, health: HealthTables, stored: StoredDocument, newer: int, exported: int) -> None:
    """A completed revision that will not go becomes the working copy over the exported one."""
    content = contents.of_revision(connection, health, stored, newer)
    contents.put_working(connection, stored.row, content.answers, exported, content.last_quote)
    health.put_working(connection, stored.row, stored.record.id, content.health, ENDPOINT)


def _is_edited(connection: Connection, health: HealthTables, stored: StoredDocument, exported: int) -> bool:
    """Whether a working copy says something else than the exported revision."""
    working = schema.working_copy.c.document_id
    if connection.execute(select(working).where(working == stored.row)).first() is None:
        return False
    mine = contents.read(connection, health, stored)
    theirs = contents.of_revision(connection, health, stored, exported)
    return (mine.answers, mine.health) != (theirs.answers, theirs.health)


def _note_conflict(
    connection: Connection, stored: StoredDocument, reason: str, exported: int, refused: int | None
) -> None:
    connection.execute(
        insert(conflict).values(
            document_id=stored.row,
            reason=reason,
            noted_at=clock.stamp(),
            exported_revision=exported,
            refused_revision=refused,
        )
    )
    journal.note(connection, stored.row, ENDPOINT, f"conflict:{reason}")


def _note_elsewhere(connection: Connection, enrolment: int, facts: DocumentFacts) -> None:
    values = {"enrolment_id": enrolment, "facts": canonical_text(facts.as_json())}
    connection.execute(
        upsert(elsewhere)
        .values(document=facts.document, **values)
        .on_conflict_do_update(index_elements=[elsewhere.c.document], set_=values)
    )
