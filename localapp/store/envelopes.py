"""Makes the envelope of an operation: what leaves this machine, once and for all.

Health leaves sealed to the insurer's key and under the advisor's own key only. Source: ARCHITECTURE.md, "Health answers
are apart".
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from localapp.domain.canonical import FrozenRevision, Pinned, canonical_text, digest_of
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import (
    Completion,
    Envelope,
    OperationKind,
    Premium,
    completion_of,
    health_context,
)
from localapp.output.sealing import lock_with, seal_to
from localapp.store import document_columns, schema, signatures
from localapp.store.documents import StoredDocument
from localapp.store.enrolments import Enrolment
from localapp.store.health import HealthTables
from localapp.store.lineage import lineages


@dataclass(frozen=True)
class Waiting:
    """A waiting operation that has no envelope yet, and its document."""

    operation: str
    kind: OperationKind
    revision: int
    stored: StoredDocument


def make_envelopes(
    connection: Connection, health: HealthTables, waiting: Sequence[Waiting], enrolment: Enrolment
) -> dict[str, str]:
    """The canonical texts of envelopes by operation. The documents have numbers and the enrolment is confirmed."""
    completions = [each for each in waiting if each.kind is OperationKind.COMPLETION]
    revisions = _revisions(connection, [each.operation for each in completions])
    known = lineages(connection, sorted({each.stored.row for each in waiting}))
    made = {}
    for each in waiting:
        row = revisions.get(each.operation)
        completion = None if row is None else _completion(health, each, row, enrolment)
        base = known[each.stored.row].base_of(each.revision if row is None else row.base_revision)
        envelope = _envelope(each, base, completion, enrolment)
        if each.kind is OperationKind.SIGNATURE:
            envelope = replace(envelope, signature=signatures.of(connection, each.stored, each.revision))
        made[each.operation] = envelope.text()
    return made


def _envelope(waiting: Waiting, base: int | None, completion: Completion | None, enrolment: Enrolment) -> Envelope:
    stored = waiting.stored
    return Envelope(
        operation=waiting.operation,
        kind=waiting.kind,
        document=stored.columns["uuid"],
        document_kind=Kind(stored.columns["kind"]),
        number=stored.number,
        revision=waiting.revision,
        base_revision=base,
        partner_number=enrolment.partner_number,
        advisor_code=enrolment.advisor.advisor_code,
        installation=enrolment.installation,
        completion=completion,
    )


def _revisions(connection: Connection, operations: Sequence[str]) -> dict[str, Row[Any]]:
    """The frozen revisions of the operations with their sealed health, in one query for all of a batch."""
    revision, sealed, outbox = schema.revision, schema.revision_health, schema.outbox
    same_revision = (revision.c.document_id == outbox.c.document_id) & (revision.c.number == outbox.c.revision)
    same_health = (sealed.c.document_id == revision.c.document_id) & (sealed.c.revision == revision.c.number)
    found = connection.execute(
        select(outbox.c.id.label("operation"), revision, sealed.c.sealed)
        .join(revision, same_revision)
        .join(sealed, same_health)
        .where(outbox.c.id.in_(operations))
    )
    return {row.operation: row for row in found}


def _completion(health: HealthTables, waiting: Waiting, row: Row[Any], enrolment: Enrolment) -> Completion:
    document, number = waiting.stored.columns["uuid"], waiting.revision
    text = health.opened(row.sealed, document, number)
    frozen = FrozenRevision(row.answers, text, row.answers_digest, row.health_digest, row.digest)
    context = health_context(document, number)
    sealed = seal_to(enrolment.intake_key or b"", text, context), lock_with(enrolment.health_key, text, context)
    form = Pinned(row.form_name, row.form_version)
    calculation = Pinned(row.calculation_name, row.calculation_version)
    corrects = document_columns.corrects_of(waiting.stored.columns)
    return completion_of(frozen, form, calculation, _premium(row.last_quote), sealed, corrects)


def _premium(quote_text: str | None) -> Premium | None:
    """What the client was shown, from the quote kept with the revision."""
    if quote_text is None:
        return None
    quote = json.loads(quote_text)
    output = quote["output"]
    return Premium(output["total_instalment"], quote["payments_per_year"], digest_of(canonical_text(output)))
