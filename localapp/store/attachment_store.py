"""What synchronization asks of the store about sealed files. Each method is one transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select, update

from localapp import clock
from localapp.domain.sync.operations import OperationKind
from localapp.store import schema
from localapp.store.engine import Database
from localapp.store.sync_schema import attachment

_table, _outbox = attachment.c, schema.outbox.c
_LATE = "signature_late"  # refused as a fact, and kept as evidence
_IS_TAKEN = or_(
    _outbox.acknowledged_at.is_not(None),
    and_(_outbox.refused_at.is_not(None), func.json_extract(_outbox.last_refusal, "$.code") == _LATE),
)
_SIGNATURE = (
    select(_outbox.id)
    .where(_outbox.document_id == _table.document_id, _outbox.revision == _table.revision)
    .where(_outbox.kind == OperationKind.SIGNATURE, _IS_TAKEN)
)
_WAITING = select(_table.id).where(_table.delivered_at.is_(None), _SIGNATURE.exists()).limit(1)


@dataclass(frozen=True)
class WaitingFile:
    """One sealed file that the insurer does not have yet, as far as is known here."""

    row: int
    digest: str
    size: int


def has_waiting(connection: Connection) -> bool:
    """Whether any file has not been delivered that the insurer waits for."""
    return connection.execute(_WAITING).first() is not None


def offer_again(connection: Connection, document: int) -> None:
    """The insurer lacks files of a document, so it may have been put back: what it was given is asked for once more."""
    given = (_table.document_id == document, _table.delivered_at.is_not(None))
    connection.execute(update(attachment).where(*given).values(delivered_at=None))


class AttachmentStore:
    """The files of signatures that the insurer has been told of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, enrolment: int) -> list[WaitingFile]:
        """Those to be delivered, oldest first: their signature was taken. Of one that was refused they stay here."""
        is_told = _SIGNATURE.where(_outbox.enrolment_id == enrolment).exists()
        chosen = select(_table.id, _table.digest, func.length(_table.content)).where(
            _table.delivered_at.is_(None), is_told
        )
        with self._database.read() as connection:
            return [WaitingFile(*row) for row in connection.execute(chosen.order_by(_table.id))]

    def part(self, row: int, offset: int, most: int) -> bytes:
        """A part of a file from ``offset``."""
        with self._database.read() as connection:
            chosen = select(func.substr(_table.content, offset + 1, most)).where(_table.id == row)
            return bytes(connection.execute(chosen).scalar_one())

    def delivered(self, row: int) -> None:
        """The insurer has all of it."""
        with self._database.write() as connection:
            done = update(attachment).where(_table.id == row, _table.delivered_at.is_(None))
            connection.execute(done.values(delivered_at=clock.stamp()))
