"""What is kept of signatures: the fact with its files by name, and those that came after the export."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from endpoint.authentication import Caller
from endpoint.documents import StoredDocument
from endpoint.intake.records import Decision
from endpoint.store import schema
from localapp.domain.sync.operations import Envelope, Outcome
from localapp.domain.sync.signatures import Signature

LATE = "signature_late"
_table = schema.attachment.c


def named(
    connection: Connection, there: Mapping[str, StoredDocument], envelopes: Iterable[Envelope]
) -> dict[str, set[str]]:
    """The files that are known to belong to those documents of which a signature is told."""
    asked = [there[each.document] for each in envelopes if each.signature and each.document in there]
    found: dict[str, set[str]] = {each.uuid: set() for each in asked}
    uuids = {each.id: each.uuid for each in asked}
    if asked:
        chosen = select(_table.document_id, _table.digest).where(_table.document_id.in_(uuids))
        for row, digest in connection.execute(chosen):
            found[uuids[row]].add(digest)
    return found


def is_known(signature: Signature, revision: int, document: StoredDocument, files: set[str]) -> bool:
    """Whether the document has been signed just so. With other files it was signed once more, elsewhere."""
    is_same_text = (revision, signature.digest) == (document.revision, document.digest)
    return bool(document.signed_at) and is_same_text and {each.digest for each in signature.attachments} <= files


def write(connection: Connection, caller: Caller, decisions: Sequence[Decision], stamp: str) -> None:
    """Write the signatures among the decided operations. One that was accepted as known already adds nothing."""
    for each in decisions:
        envelope, document = each.read.envelope, each.document
        if envelope is None or envelope.signature is None or document is None or each.is_known:
            continue
        if each.outcome is Outcome.ACCEPTED:
            _sign(connection, caller, each, document, envelope.signature, stamp)
        elif each.refusal is not None and each.refusal.code == LATE:
            _keep_late(connection, document, envelope, envelope.signature, stamp)


def _sign(
    connection: Connection,
    caller: Caller,
    decision: Decision,
    document: StoredDocument,
    signature: Signature,
    stamp: str,
) -> None:
    row = {"document_id": document.id, "revision": document.revision, "digest": signature.digest, "at": stamp}
    connection.execute(insert(schema.signature).values(**row, envelope=decision.read.text, installation_id=caller.id))
    _name_attachments(connection, document, signature)


def _keep_late(
    connection: Connection, document: StoredDocument, envelope: Envelope, signature: Signature, stamp: str
) -> None:
    """It is evidence: it goes into the supplement of the next run if the signed text is the exported one."""
    agrees = (envelope.revision, signature.digest) == (document.exported_revision, document.digest)
    row = {"document_id": document.id, "operation": envelope.operation, "revision": envelope.revision}
    connection.execute(
        insert(schema.late_signature).values(**row, digest=signature.digest, agrees=agrees, at=stamp, export_key=None)
    )
    _name_attachments(connection, document, signature)


def _name_attachments(connection: Connection, document: StoredDocument, signature: Signature) -> None:
    for each in signature.attachments:
        row = {"document_id": document.id, "digest": each.digest, "size": each.size, "received_at": None}
        connection.execute(upsert(schema.attachment).values(**row).on_conflict_do_nothing())
