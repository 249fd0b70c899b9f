"""The receipt of a document: saved here, on the server, exported – what is known of each step, and nothing more.

Times of the server's steps are the server's. A digest is that of the frozen revision (``domain.canonical``): the same
bytes are hashed here, in the intake and in the data record, so one digest names the revision everywhere.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from localapp.domain.sync.operations import OperationKind
from localapp.store import documents, schema
from localapp.store.moments import as_moment, as_moment_or_none
from localapp.store.records import NamedAdvisor

_revision, _outbox = schema.revision, schema.outbox


@dataclass(frozen=True)
class Saved:
    """One completed revision; with neither time it waits, was replaced before it left, or came from elsewhere.

    ``completed_by`` is None of one that was completed before any activation.
    """

    number: int
    saved_at: datetime
    digest: str
    told_at: datetime | None
    refused_at: datetime | None
    completed_by: NamedAdvisor | None = None


@dataclass(frozen=True)
class DocumentReceipt:
    """``saved`` is newest first. ``on_server`` is the newest revision there, ``exported`` the one that went."""

    saved: tuple[Saved, ...]
    on_server: int | None
    on_server_at: datetime | None
    exported: int | None
    exported_at: datetime | None
    export: str | None
    position: int | None

    def digest_of(self, number: int | None) -> str | None:
        """The digest of a revision; None when this computer does not hold it."""
        return next((each.digest for each in self.saved if each.number == number), None)


def read(connection: Connection, document: str) -> DocumentReceipt:
    """The receipt as it stands. Raises UnknownDocument."""
    stored = documents.find(connection, document)
    row = stored.columns
    return DocumentReceipt(
        saved=_saved(connection, stored.row),
        on_server=row["backed_up_revision"],
        on_server_at=as_moment_or_none(row["backed_up_at"]),
        exported=row["exported_revision"],
        exported_at=as_moment_or_none(row["exported_at"]),
        export=row["export_key"],
        position=row["export_position"],
    )


def _saved(connection: Connection, document: int) -> tuple[Saved, ...]:
    told = {
        row.revision: row
        for row in connection.execute(
            select(_outbox.c.revision, _outbox.c.acknowledged_at, _outbox.c.refused_at)
            .where(_outbox.c.document_id == document, _outbox.c.kind == OperationKind.COMPLETION)
            .order_by(_outbox.c.position)
        )
    }
    found = connection.execute(
        select(_revision.c.number, _revision.c.frozen_at, _revision.c.digest, _revision.c.completed_by)
        .where(_revision.c.document_id == document)
        .order_by(_revision.c.number.desc())
    )
    return tuple(
        Saved(
            number=row.number,
            saved_at=as_moment(row.frozen_at),
            digest=row.digest,
            told_at=as_moment_or_none(told[row.number].acknowledged_at) if row.number in told else None,
            refused_at=as_moment_or_none(told[row.number].refused_at) if row.number in told else None,
            completed_by=NamedAdvisor(**json.loads(row.completed_by)) if row.completed_by else None,
        )
        for row in found
    )
