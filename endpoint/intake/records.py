"""What the intake writes of an operation: its outcome for ever, and the text of what was refused as a conflict."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from endpoint.authentication import Caller
from endpoint.intake.reading import ReadOperation
from endpoint.store import schema
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import Outcome

_ADD_OPERATION, _ADD_KEPT = insert(schema.operation), insert(schema.kept)


@dataclass(frozen=True)
class Recorded:
    """The outcome that a repeat of the operation gets."""

    digest: str
    document: str
    outcome: Outcome
    refusal: Refusal | None


def recorded(connection: Connection, caller: Caller, ids: Iterable[str]) -> dict[str, Recorded]:
    """The outcomes of those operations of the caller that are known. Another installation's are not its own."""
    table = schema.operation
    chosen = select(table).where(table.c.installation_id == caller.id, table.c.id.in_(list(ids)))
    found = {}
    for row in connection.execute(chosen):
        refusal = Refusal(row.code, json.loads(row.facts)) if row.code else None
        found[row.id] = Recorded(row.digest, row.document, Outcome(row.outcome), refusal)
    return found


def record(
    connection: Connection, caller: Caller, read: ReadOperation, outcome: Outcome, refusal: Refusal | None, at: str
) -> None:
    """Record the outcome; a conflict's text is kept, so that what was typed is at the insurer too."""
    document = read.envelope.document if read.envelope else ""
    connection.execute(
        _ADD_OPERATION,
        {
            "installation_id": caller.id,
            "id": read.id,
            "digest": read.digest,
            "document": document,
            "outcome": outcome.value,
            "code": refusal.code if refusal else None,
            "facts": canonical_text(dict(refusal.facts)) if refusal else "{}",
            "at": at,
        },
    )
    if outcome is Outcome.CONFLICT and refusal is not None:
        kept = {"operation": read.id, "document": document, "code": refusal.code, "envelope": read.text, "at": at}
        connection.execute(_ADD_KEPT, {"installation_id": caller.id, **kept})
