"""What of a desk's manifest is not here: lost with a database that was restored from an older backup."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from endpoint import documents
from endpoint.authentication import Caller
from endpoint.documents import StoredDocument
from endpoint.store import schema
from localapp.domain.sync.manifest import Differences, Listed


def compare(connection: Connection, caller: Caller, listed: Sequence[Listed]) -> Differences:
    """Which of the documents are unknown here, and of which something is.

    A document that the caller may not see is unknown. Of one whose content came back from an export only, the content
    is missing. What has moved on since is no difference: the change feed tells it.
    """
    found = documents.by_uuid(connection, [each.document for each in listed])
    there = {uuid: each for uuid, each in found.items() if each.is_visible_to(caller)}
    digests = _digests(connection, there)
    unknown = [each.document for each in listed if each.document not in there]
    differs = [each.document for each in listed if each.document in there and _differs(each, there, digests)]
    return Differences(tuple(unknown), tuple((each, there[each].revision) for each in differs))


def _differs(listed: Listed, there: dict[str, StoredDocument], digests: dict[tuple[str, int], str]) -> bool:
    document = there[listed.document]
    if digests.get((listed.document, listed.revision)) != listed.digest:
        return True
    lacks_cancellation = listed.cancelled and not (document.cancelled_at or document.exported_at)
    return lacks_cancellation or (listed.signed and not document.signed_at)


def _digests(connection: Connection, there: dict[str, StoredDocument]) -> dict[tuple[str, int], str]:
    """The digests of the revisions whose content is here, by document and number."""
    table, uuids = schema.revision.c, {each.id: uuid for uuid, each in there.items()}
    rows = connection.execute(select(table.document_id, table.number, table.digest).where(table.document_id.in_(uuids)))
    return {(uuids[row.document_id], row.number): row.digest for row in rows}
