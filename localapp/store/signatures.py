"""A signed revision: the fact, and its sealed files, which travel apart after the operations."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from localapp import clock
from localapp.domain.lifecycle import Action
from localapp.domain.sync.signatures import Attachment, Signature
from localapp.store import contents, documents, journal, lineage, outbox
from localapp.store.documents import StoredDocument
from localapp.store.sync_schema import attachment

_table = attachment.c


def sign(connection: Connection, document: str, files: Sequence[bytes], actor: str) -> None:
    """Note that the newest revision has been signed, keep its sealed files and queue the fact for the insurer.

    Signing is permitted where completing once more would be, and nothing is being edited: whoever signs sees the text
    of the revision. Raises NotPermitted, UnknownDocument.
    """
    stored = documents.find(connection, document)
    documents.require(stored.record.facts, Action.EDIT)
    if stored.record.revision is None or contents.has_working(connection, stored.row):
        raise AssertionError("only what is completed, and not being edited, can be signed")
    for content in files:
        digest = hashlib.sha256(content).hexdigest()
        row = {"document_id": stored.row, "revision": stored.record.revision, "digest": digest, "content": content}
        connection.execute(insert(attachment).values(**row))
    documents.learn(connection, stored, {"signed_at": clock.stamp(), "signed_revision": stored.record.revision})
    outbox.queue_signature(connection, stored)
    journal.note(connection, stored.row, actor, "signed")


def of(connection: Connection, stored: StoredDocument, revision: int) -> Signature:
    """The signature of a revision, as the insurer is told of it."""
    chosen = select(_table.digest, func.length(_table.content)).where(
        _table.document_id == stored.row, _table.revision == revision
    )
    files = tuple(Attachment(digest, size) for digest, size in connection.execute(chosen.order_by(_table.id)))
    return Signature(lineage.digests(connection, [stored.row])[stored.row, revision], files)
