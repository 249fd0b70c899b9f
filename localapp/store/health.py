"""The health part: sealed with AES-256-GCM under a key of its own, inside the encrypted file.

Each ciphertext is bound to its document, table and sequence, so that moving one elsewhere makes it unreadable.
"""

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.store import schema
from localapp.store.failures import HealthUnreadable
from localapp.store.records import Answers

_NONCE = 12
_health_working = schema.health_working.c
_WORKING = select(_health_working.sequence, _health_working.sealed).where(
    _health_working.document_id == bindparam("row")
)


class Sealer:
    """Seals and opens texts under the health key."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._cipher = AESGCM(key)

    def seal(self, text: str, document: str, table: str, sequence: int) -> bytes:
        """Nonce and ciphertext of ``text`` for this one place."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), _place(document, table, sequence))

    def open(self, sealed: bytes, document: str, table: str, sequence: int) -> str:
        """The text sealed for this place. Raises HealthUnreadable for any other key, place or byte."""
        try:
            place = _place(document, table, sequence)
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place).decode()
        except InvalidTag as error:
            raise HealthUnreadable(document=document) from error


def _place(document: str, table: str, sequence: int) -> bytes:
    return f"{document}/{table}/{sequence}".encode()


class HealthTables:
    """The tables of health: the working copy's, its history, and the frozen revisions'."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    @property
    def key(self) -> bytes:
        """The key of health."""
        return self._sealer.key

    def put_working(self, connection: Connection, row: int, document: str, health: Answers, actor: str) -> int:
        """Make ``health`` the working copy's and append it to the history; its sequence there."""
        text = canonical_text(health)
        history = schema.health_history
        last = connection.execute(select(func.max(history.c.sequence)).where(history.c.document_id == row)).scalar()
        sequence = (last or 0) + 1
        sealed = self._sealer.seal(text, document, "health_history", sequence)
        connection.execute(
            insert(history).values(document_id=row, sequence=sequence, at=clock.stamp(), actor=actor, sealed=sealed)
        )
        self.drop_working(connection, row)
        sealed = self._sealer.seal(text, document, "health_working", sequence)
        connection.execute(insert(schema.health_working).values(document_id=row, sequence=sequence, sealed=sealed))
        return sequence

    def working(self, connection: Connection, row: int, document: str) -> tuple[int, Answers]:
        """The working copy's health, and its sequence in the history."""
        sequence, sealed = connection.execute(_WORKING, {"row": row}).one()
        return sequence, _read(self._sealer.open(sealed, document, "health_working", sequence))

    def state(self, connection: Connection, row: int, document: str, sequence: int) -> Answers:
        """One state of the history."""
        table = schema.health_history.c
        chosen = select(table.sealed).where(table.document_id == row, table.sequence == sequence)
        sealed = connection.execute(chosen).scalar_one()
        return _read(self._sealer.open(sealed, document, "health_history", sequence))

    def drop_working(self, connection: Connection, row: int) -> None:
        """Remove the working copy's health; its history stays."""
        connection.execute(delete(schema.health_working).where(schema.health_working.c.document_id == row))

    def put_frozen(self, connection: Connection, row: int, document: str, revision: int, text: str) -> None:
        """Keep the canonical health text of a revision."""
        sealed = self._sealer.seal(text, document, "revision_health", revision)
        connection.execute(insert(schema.revision_health).values(document_id=row, revision=revision, sealed=sealed))

    def frozen(self, connection: Connection, row: int, document: str, revision: int) -> str:
        """The canonical health text of a revision, salt included."""
        table = schema.revision_health.c
        sealed = connection.execute(
            select(table.sealed).where(table.document_id == row, table.revision == revision)
        ).scalar_one()
        return self.opened(sealed, document, revision)

    def opened(self, sealed: bytes, document: str, revision: int) -> str:
        """The canonical health text of a revision from its sealed form."""
        return self._sealer.open(sealed, document, "revision_health", revision)

    def seal_discarded(self, document: str, conflict: int, health: Answers) -> bytes:
        """The health of an edit that was thrown away, sealed for the place of its conflict."""
        return self._sealer.seal(canonical_text(health), document, "discarded_edit", conflict)

    def open_discarded(self, sealed: bytes, document: str, conflict: int) -> Answers:
        """The reverse."""
        return _read(self._sealer.open(sealed, document, "discarded_edit", conflict))

    def sealed_overtaken(self, text: str, document: str, place: int) -> bytes:
        """The canonical health text of a revision, sealed for its place among those overtaken."""
        return self._sealer.seal(text, document, "overtaken", place)

    def opened_overtaken(self, sealed: bytes, document: str, place: int) -> Answers:
        """What the health part of an overtaken revision says."""
        values: Answers = _read(self._sealer.open(sealed, document, "overtaken", place))["values"]
        return values

    def history(self, connection: Connection, row: int, document: str) -> list[Answers]:
        """Every state of the working copy's health, oldest first."""
        table = schema.health_history.c
        found = connection.execute(
            select(table.sequence, table.sealed).where(table.document_id == row).order_by(table.sequence)
        )
        return [_read(self._sealer.open(sealed, document, "health_history", sequence)) for sequence, sealed in found]


def _read(text: str) -> Answers:
    values: Answers = json.loads(text)
    return values
