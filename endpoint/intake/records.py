"""What is decided of an operation, and what is known of those decided before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from endpoint.authentication import Caller
from endpoint.documents import StoredDocument
from endpoint.intake.reading import UNREADABLE, ReadOperation
from endpoint.store import schema
from endpoint.store.engine import several
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import Envelope, Outcome

_table = schema.operation
_LINEAGE = select(func.json_each(bindparam("lineage")).table_valued("value").c.value)
_KNOWN = select(_table).where(_table.c.installation_id.in_(_LINEAGE), _table.c.id.in_(several()))


@dataclass(frozen=True)
class Recorded:
    """The outcome that a repeat of the operation gets."""

    digest: str
    document: str
    outcome: Outcome
    refusal: Refusal | None


@dataclass(frozen=True)
class Known:
    """The revisions of a document whose content is here, and what its row says of the newest."""

    digests: dict[int, str]
    document: StoredDocument

    def holds(self, revision: int, digest: str) -> bool:
        """Whether the document has this very revision."""
        newest = (self.document.revision, self.document.digest)
        return self.digests.get(revision) == digest or newest == (revision, digest)

    def lacks(self, revision: int) -> bool:
        """Whether this revision's content is missing: the document was read back from the file of an export."""
        return self.document.revision not in self.digests and revision not in self.digests


@dataclass(frozen=True)
class Decision:
    """What becomes of one operation. ``document`` stands afterwards, ``before`` stood; only accepted ones differ."""

    read: ReadOperation
    outcome: Outcome
    refusal: Refusal | None = None
    document: StoredDocument | None = None
    before: StoredDocument | None = None
    is_repeat: bool = False
    is_known: bool = False
    """The document has this very revision already, or is cancelled already: accepted, and nothing changes."""
    fills: bool = False
    """The revision's content was missing here and is kept now."""

    @property
    def is_new(self) -> bool:
        """Whether it is recorded: every outcome is, for ever, but a deferral and that of an operation without id."""
        return not self.is_repeat and self.outcome is not Outcome.DEFERRED and self.read.id != UNREADABLE

    def as_operation(self, caller: Caller, at: str) -> tuple[object, ...]:
        """The row of its outcome, in the order of ``writing``."""
        refusal = self.refusal
        return (
            caller.id,
            self.read.id,
            self.read.digest,
            self.read.envelope.document if self.read.envelope else "",
            self.outcome.value,
            refusal.code if refusal else None,
            canonical_text(dict(refusal.facts)) if refusal else "{}",
            at,
        )

    def as_kept(self, caller: Caller, at: str) -> dict[str, Any] | None:
        """The row by which a conflict's text is kept: what was typed is at the insurer too."""
        if self.outcome is not Outcome.CONFLICT or self.refusal is None or self.read.envelope is None:
            return None
        return {
            "installation_id": caller.id,
            "operation": self.read.id,
            "document": self.read.envelope.document,
            "code": self.refusal.code,
            "envelope": self.read.text,
            "at": at,
        }


def known_revisions(
    connection: Connection, there: Mapping[str, StoredDocument], envelopes: Iterable[Envelope]
) -> dict[str, Known]:
    """What is known of those documents that may have the revision of an envelope already."""
    asked = [each for each in envelopes if each.document in there and each.revision <= there[each.document].revision]
    if not asked:
        return {}
    found = {each.document: Known({}, there[each.document]) for each in asked}
    rows, table = {each.document.id: each for each in found.values()}, schema.revision.c
    chosen = select(table.document_id, table.number, table.digest).where(table.document_id.in_(rows))
    for row in connection.execute(chosen):
        rows[row.document_id].digests[row.number] = row.digest
    return found


def recorded(connection: Connection, caller: Caller, ids: Iterable[str]) -> dict[str, Recorded]:
    """The outcomes of those operations that are known of the caller, or of an installation whose place it has taken.

    Another installation's are not its own. Its own come before its ancestors'.
    """
    asked = {"lineage": json.dumps(caller.lineage), "several": json.dumps(list(ids))}
    nearest_last = sorted(connection.execute(_KNOWN, asked), key=lambda row: -caller.lineage.index(row.installation_id))
    found = {}
    for row in nearest_last:
        refusal = Refusal(row.code, json.loads(row.facts)) if row.code else None
        found[row.id] = Recorded(row.digest, row.document, Outcome(row.outcome), refusal)
    return found
