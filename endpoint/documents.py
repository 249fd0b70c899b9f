"""What the endpoint knows of a document, and who may know it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from endpoint.authentication import Caller
from endpoint.store import schema
from endpoint.store.engine import several
from localapp.domain.correction import Corrects
from localapp.domain.cutoff import PRAGUE
from localapp.domain.lifecycle import Facts, Kind
from localapp.domain.sync.messages import DocumentFacts, Refusal

_table = schema.document
CHOSEN = select(_table, schema.installation.c.linked_at).join(
    schema.installation, schema.installation.c.id == _table.c.installation_id
)
"""Documents with whether their installation has been linked."""
_BY_UUID = CHOSEN.where(_table.c.uuid.in_(several()))
_BY_CORRECTED = select(_table.c.corrects, _table.c.uuid).where(
    _table.c.corrects.in_(several()), _table.c.cancelled_at.is_(None)
)
_LAST_ID = select(func.coalesce(func.max(_table.c.id), 0))
_BY_NUMBER = select(_table.c.number, _table.c.uuid).where(_table.c.number.in_(several()))


@dataclass(frozen=True)
class StoredDocument:
    """A document's row: the facts of its newest acknowledged revision. Moments are stamps."""

    id: int
    uuid: str
    number: str
    kind: Kind
    advisor_id: int
    installation_id: int
    sequence: int
    revision: int
    digest: str
    backed_up_at: str
    verified: bool
    evaluated_at: str | None = None
    returned_at: str | None = None
    returned: Refusal | None = None
    cancelled_at: str | None = None
    exported_at: str | None = None
    exported_revision: int | None = None
    export: str | None = None
    position: int | None = None
    signed_at: str | None = None
    attachments_missing: int = 0
    corrects: Corrects | None = None

    def is_visible_to(self, caller: Caller) -> bool:
        """A linked installation sees its advisor's documents, an unlinked one those that it sent itself."""
        if caller.linked:
            return self.advisor_id == caller.advisor_id
        return self.installation_id in caller.lineage

    def facts(self) -> DocumentFacts:
        """As they travel."""
        return DocumentFacts(
            document=self.uuid,
            number=self.number,
            kind=self.kind,
            sequence=self.sequence,
            revision=self.revision,
            digest=self.digest,
            backed_up_at=self.backed_up_at,
            evaluated_at=self.evaluated_at,
            returned_at=self.returned_at,
            returned=self.returned,
            cancelled_at=self.cancelled_at,
            exported_at=self.exported_at,
            exported_revision=self.exported_revision,
            export=self.export,
            position=self.position,
            signed_at=self.signed_at,
            attachments_missing=self.attachments_missing,
            verified=self.verified,
        )

    def lifecycle(self, *, working_copy_at: datetime | None = None) -> Facts:
        """The facts that the one table of permitted actions asks for."""
        return Facts(
            kind=self.kind,
            completed_at=_moment(self.backed_up_at),
            backed_up_at=_moment(self.backed_up_at),
            signed_at=_moment(self.signed_at),
            returned_at=_moment(self.returned_at),
            exported_at=_moment(self.exported_at),
            cancelled_at=_moment(self.cancelled_at),
            working_copy_at=working_copy_at,
        )

    @property
    def exported_day(self) -> str:
        """The day of its export in Prague, for people."""
        moment = _moment(self.exported_at)
        local = moment.astimezone(PRAGUE) if moment else None
        return f"{local.day}. {local.month}. {local.year}" if local else ""


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """The same rule as ``StoredDocument.is_visible_to``, for a query."""
    if caller.linked:
        return _table.c.advisor_id == caller.advisor_id
    return _table.c.installation_id.in_(caller.lineage)


def stored(row: Row[Any]) -> StoredDocument:
    """A row of ``CHOSEN``."""
    returned = Refusal(row.returned_code, json.loads(row.returned_facts)) if row.returned_code else None
    return StoredDocument(
        id=row.id,
        uuid=row.uuid,
        number=row.number,
        kind=Kind(row.kind),
        advisor_id=row.advisor_id,
        installation_id=row.installation_id,
        sequence=row.sequence,
        revision=row.revision,
        digest=row.digest,
        backed_up_at=row.backed_up_at,
        verified=row.linked_at is not None,
        evaluated_at=row.evaluated_at,
        returned_at=row.returned_at,
        returned=returned,
        cancelled_at=row.cancelled_at,
        exported_at=row.exported_at,
        exported_revision=row.exported_revision,
        export=row.export_key,
        position=row.position,
        signed_at=row.signed_at,
        attachments_missing=row.attachments_missing,
        corrects=Corrects(row.corrects, row.corrects_number, row.corrects_revision) if row.corrects else None,
    )


def by_uuid(connection: Connection, uuids: Iterable[str]) -> dict[str, StoredDocument]:
    """The documents of these ids, whosever they are."""
    rows = connection.execute(_BY_UUID, {"several": json.dumps(list(uuids))})
    return {row.uuid: stored(row) for row in rows}


def holders_of(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Which document has each of these numbers."""
    rows = connection.execute(_BY_NUMBER, {"several": json.dumps(list(numbers))})
    return {row.number: row.uuid for row in rows}


def corrected(connection: Connection, uuids: Iterable[str]) -> dict[str, str]:
    """Which of these documents are corrected by another one that is not cancelled, and by which."""
    rows = connection.execute(_BY_CORRECTED, {"several": json.dumps(list(uuids))})
    return {row.corrects: row.uuid for row in rows}


def next_id(connection: Connection) -> int:
    """The row of the next new document; whoever holds the write transaction may use it and those after it."""
    return int(connection.execute(_LAST_ID).scalar_one()) + 1


def _moment(stamp: str | None) -> datetime | None:
    return None if stamp is None else datetime.fromisoformat(stamp)
