"""Makes what leaves: an envelope's completion when the document is completed, its heading when it is sent.

Health leaves sealed to the insurer's key and under the advisor's own key only. Source: ARCHITECTURE.md, "Health answers
are apart". Sealing is the dearest part of sending, and at a completion there is time for it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from localapp.domain.canonical import FrozenRevision, Pinned, canonical_text, digest_of
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import Completion, Envelope, OperationKind, Premium, completion_of, health_context
from localapp.output.sealing import lock_with, seal_to
from localapp.store import document_columns, documents, enrolments, schema, signatures
from localapp.store.documents import StoredDocument
from localapp.store.enrolments import Enrolment
from localapp.store.health import HealthTables
from localapp.store.several import several, texts

_outgoing = schema.outgoing


@dataclass(frozen=True)
class Waiting:
    """A waiting operation of a numbered document that has no heading yet."""

    operation: str
    place: int
    kind: OperationKind
    revision: int
    over: int | None
    """The revision that it was made over or, of anything but a completion, that it is about."""
    document: str
    row: int
    document_kind: Kind
    number: str


def made_for(enrolment: Enrolment) -> str:
    """Names the two keys that health is sealed for."""
    return hashlib.sha256((enrolment.intake_key or b"") + b"/" + enrolment.health_key).hexdigest()[:32]


def prepare(
    connection: Connection, stored: StoredDocument, place: int, frozen: FrozenRevision, last_quote: str | None
) -> None:
    """Make ready what a completed revision consists of, if it is known for whom; otherwise it is made when sent."""
    if stored.enrolment is None:
        return
    enrolment = enrolments.by_id(connection, stored.enrolment)
    if enrolment.confirmed_at is None or enrolment.intake_key is None:
        return
    record = stored.record
    made = _completion(
        (record.id, record.revision or 0), frozen, (record.form, record.calculation), stored, last_quote, enrolment
    )
    _keep(connection, [_kept(place, stored.row, made.text(), enrolment)])


def make_completions(
    connection: Connection, health: HealthTables, waiting: Sequence[Waiting], enrolment: Enrolment
) -> dict[int, str]:
    """The texts of completions by place, for those that were not made ready or were for other keys; they are kept."""
    if not waiting:
        return {}
    stored = documents.find_all(connection, [each.document for each in waiting])
    revisions = _revisions(connection, [each.place for each in waiting])
    made: dict[int, str] = {}
    for each in waiting:
        row = revisions[each.place]
        text = health.opened(row.sealed, each.document, each.revision)
        frozen = FrozenRevision(row.answers, text, row.answers_digest, row.health_digest, row.digest)
        versions = Pinned(row.form_name, row.form_version), Pinned(row.calculation_name, row.calculation_version)
        of = each.document, each.revision
        made[each.place] = _completion(of, frozen, versions, stored[each.document], row.last_quote, enrolment).text()
    places = several(_outgoing.c.position)
    connection.execute(delete(_outgoing).where(places), {"several": texts(made)})
    _keep(connection, [_kept(each.place, each.row, made[each.place], enrolment) for each in waiting])
    return made


def heading(connection: Connection, waiting: Waiting, base: int | None, enrolment: Enrolment) -> str:
    """The envelope without its completion. The document has a number and the enrolment is confirmed."""
    signature = None
    if waiting.kind is OperationKind.SIGNATURE:
        signature = signatures.of(connection, documents.find(connection, waiting.document), waiting.revision)
    return Envelope(
        operation=waiting.operation,
        kind=waiting.kind,
        document=waiting.document,
        document_kind=waiting.document_kind,
        number=waiting.number,
        revision=waiting.revision,
        base_revision=base,
        partner_number=enrolment.partner_number,
        advisor_code=enrolment.advisor.advisor_code,
        installation=enrolment.installation,
        signature=signature,
    ).heading()


def _revisions(connection: Connection, places: Sequence[int]) -> dict[int, Row[Any]]:
    """The frozen revisions of the operations with their sealed health, in one query for all of a batch."""
    revision, sealed, outbox = schema.revision, schema.revision_health, schema.outbox
    same_revision = (revision.c.document_id == outbox.c.document_id) & (revision.c.number == outbox.c.revision)
    same_health = (sealed.c.document_id == revision.c.document_id) & (sealed.c.revision == revision.c.number)
    found = connection.execute(
        select(outbox.c.position, revision, sealed.c.sealed)
        .join(revision, same_revision)
        .join(sealed, same_health)
        .where(several(outbox.c.position)),
        {"several": texts(places)},
    )
    return {row.position: row for row in found}


def _completion(
    of: tuple[str, int],
    frozen: FrozenRevision,
    versions: tuple[Pinned, Pinned],
    stored: StoredDocument,
    last_quote: str | None,
    enrolment: Enrolment,
) -> Completion:
    context = health_context(*of)
    sealed = (
        seal_to(enrolment.intake_key or b"", frozen.health, context),
        lock_with(enrolment.health_key, frozen.health, context),
    )
    corrects = document_columns.corrects_of(stored.columns)
    return completion_of(frozen, *versions, _premium(last_quote), sealed, corrects)


def _kept(place: int, document: int, text: str, enrolment: Enrolment) -> dict[str, Any]:
    return {"position": place, "document_id": document, "made_for": made_for(enrolment), "completion": text}


def _keep(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(_outgoing), rows)


def _premium(quote_text: str | None) -> Premium | None:
    """What the client was shown, from the quote kept with the revision."""
    if quote_text is None:
        return None
    quote = json.loads(quote_text)
    output = quote["output"]
    return Premium(output["total_instalment"], quote["payments_per_year"], digest_of(canonical_text(output)))
