"""Makes the envelope of an operation: what leaves this machine, once and for all.

Health leaves sealed to the insurer's key and under the advisor's own key only. Source: ARCHITECTURE.md, "Health answers
are apart".
"""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from localapp.domain.canonical import FrozenRevision, Pinned, canonical_text, digest_of
from localapp.domain.sync.operations import (
    Completion,
    Envelope,
    OperationKind,
    Premium,
    completion_of,
    health_context,
)
from localapp.output.sealing import lock_with, seal_to
from localapp.store import schema
from localapp.store.documents import StoredDocument
from localapp.store.enrolments import Enrolment
from localapp.store.health import HealthTables


@dataclass(frozen=True)
class Waiting:
    """A waiting operation that has no envelope yet."""

    operation: str
    kind: OperationKind
    revision: int


def make_envelope(
    connection: Connection, health: HealthTables, stored: StoredDocument, waiting: Waiting, enrolment: Enrolment
) -> str:
    """The canonical text of the envelope. The document has its number and the enrolment is confirmed."""
    completion = None
    if waiting.kind is OperationKind.COMPLETION:
        completion = _completion(connection, health, stored, waiting.revision, enrolment)
    record = stored.record
    envelope = Envelope(
        operation=waiting.operation,
        kind=waiting.kind,
        document=record.id,
        document_kind=record.kind,
        number=record.number,
        revision=waiting.revision,
        base_revision=stored.backed_up_revision,
        partner_number=enrolment.partner_number,
        advisor_code=enrolment.advisor.advisor_code,
        installation=enrolment.installation,
        completion=completion,
    )
    return envelope.text()


def _completion(
    connection: Connection, health: HealthTables, stored: StoredDocument, number: int, enrolment: Enrolment
) -> Completion:
    table = schema.revision.c
    row = connection.execute(
        select(schema.revision).where(table.document_id == stored.row, table.number == number)
    ).one()
    text = health.frozen(connection, stored.row, stored.record.id, number)
    frozen = FrozenRevision(row.answers, text, row.answers_digest, row.health_digest, row.digest)
    context = health_context(stored.record.id, number)
    sealed = seal_to(enrolment.intake_key or b"", text, context), lock_with(enrolment.health_key, text, context)
    form = Pinned(row.form_name, row.form_version)
    calculation = Pinned(row.calculation_name, row.calculation_version)
    return completion_of(frozen, form, calculation, _premium(row.last_quote), sealed)


def _premium(quote_text: str | None) -> Premium | None:
    """What the client was shown, from the quote kept with the revision."""
    if quote_text is None:
        return None
    quote = json.loads(quote_text)
    output = quote["output"]
    return Premium(output["total_instalment"], quote["payments_per_year"], digest_of(canonical_text(output)))
