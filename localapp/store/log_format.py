"""How a file of the change log is written: a proved header, then one sealed record for each committed change.

A record is bound to its file, its place in it and its sequence number, so that a copied, moved or altered one does not
open. Whatever the bytes are, reading yields only records that were written, and says how the file ends.
"""

import hashlib
import hmac
import secrets
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC = b"SCLOG1\r\n"
_HEADER = struct.Struct(">8s16sQ16s")
_PROOF = 16
HEADER_SIZE = _HEADER.size + _PROOF
_HEAD = struct.Struct(">IQB")
_HEAD_SIZE = _HEAD.size + 4
_NONCE, _TAG = 12, 16
LARGEST_BODY = 1 << 30


class Kind(IntEnum):
    """What a record says."""

    CHANGE = 1
    SETTLED = 2  # up to this sequence the database's file holds everything by itself, without its write-ahead log


class End(Enum):
    """How a file ends."""

    WHOLE = "whole"
    TORN = "torn"  # within a record: the process ended while it was being written, or the file was cut
    DAMAGED = "damaged"  # something in it is not what was written


class ForeignHeaderError(ValueError):
    """The header was not written under this key, or is damaged."""


@dataclass(frozen=True)
class Record:
    """One opened record. ``body`` is what ``recording`` made of the change; empty for SETTLED."""

    sequence: int
    kind: Kind
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Reading:
    """What a file holds. ``unreadable`` are the sequence numbers of records that are there but do not open."""

    first: int
    schema: str
    records: list[Record]
    unreadable: list[int]
    end: End


class Format:
    """One file's header and key."""

    def __init__(self, header: bytes, database_key: bytes) -> None:
        self.header = header
        _, identity, self.first, schema = _HEADER.unpack(header[: _HEADER.size])
        self.schema = schema.rstrip(b"\0").decode("ascii")
        self._cipher = AESGCM(_derived(database_key, identity, b"smartclient change log"))

    @classmethod
    def new(cls, database_key: bytes, first: int, schema: str) -> "Format":
        """The format of a new file whose first change has the number ``first``."""
        plain = _HEADER.pack(_MAGIC, secrets.token_bytes(16), first, schema.encode("ascii"))
        return cls(plain + _proof(plain, database_key), database_key)

    @classmethod
    def of(cls, data: bytes, database_key: bytes) -> "Format":
        """The format of a file's bytes. Raises ForeignHeaderError."""
        header = data[:HEADER_SIZE]
        plain, proof = header[: _HEADER.size], header[_HEADER.size :]
        if len(header) < HEADER_SIZE or not plain.startswith(_MAGIC):
            raise ForeignHeaderError("not a change log")
        if not hmac.compare_digest(proof, _proof(plain, database_key)):
            raise ForeignHeaderError("not under this key")
        return cls(header, database_key)

    def seal(self, record: Record, position: int) -> bytes:
        """The bytes of a record that will lie at ``position`` of the file."""
        head = _HEAD.pack(_NONCE + len(record.body) + _TAG, record.sequence, record.kind)
        head += struct.pack(">I", zlib.crc32(head))
        nonce = secrets.token_bytes(_NONCE)
        return head + nonce + self._cipher.encrypt(nonce, record.body, self._place(head, position))

    def read(self, data: bytes) -> Reading:
        """All records of a file's bytes. Never raises."""
        records: list[Record] = []
        unreadable: list[int] = []
        end = End.WHOLE
        for found in self._walk(data):
            if isinstance(found, Record):
                records.append(found)
            elif isinstance(found, int):
                unreadable.append(found)
            else:
                end = found
        if unreadable and end is not End.DAMAGED:
            end = End.DAMAGED
        return Reading(self.first, self.schema, records, unreadable, end)

    def _walk(self, data: bytes) -> Iterator[Record | int | End]:
        position = HEADER_SIZE
        while position < len(data):
            head = data[position : position + _HEAD_SIZE]
            never_written = not any(head) and not any(data[position:])
            if never_written or len(head) < _HEAD_SIZE:
                yield End.TORN
                return
            length, sequence, kind = _HEAD.unpack(head[: _HEAD.size])
            if struct.unpack(">I", head[_HEAD.size :])[0] != zlib.crc32(head[: _HEAD.size]) or kind not in set(Kind):
                yield End.DAMAGED
                return
            sealed = data[position + _HEAD_SIZE : position + _HEAD_SIZE + length]
            if len(sealed) < length:
                yield End.TORN
                return
            yield self._open(head, sealed, position, Record(sequence, Kind(kind), b""))
            position += _HEAD_SIZE + length

    def _open(self, head: bytes, sealed: bytes, position: int, said: Record) -> Record | int:
        try:
            body = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place(head, position))
        except (InvalidTag, ValueError):
            return said.sequence
        return Record(said.sequence, said.kind, body)

    def _place(self, head: bytes, position: int) -> bytes:
        return self.header + struct.pack(">Q", position) + head


def _derived(database_key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, purpose).derive(database_key)


def _proof(plain: bytes, database_key: bytes) -> bytes:
    key = _derived(database_key, plain[8:24], b"smartclient change log header")
    return hmac.new(key, plain, hashlib.sha256).digest()[:_PROOF]
