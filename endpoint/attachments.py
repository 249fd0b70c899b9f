"""Sealed files of signatures: taken in part by part, proved by their digests, kept apart for each advisor.

Only what a visible document's signature names is taken, so that nobody fills the disk, and whoever guesses another
advisor's digest learns nothing. The endpoint never looks inside: what comes is sealed.
"""

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, update

from endpoint import counting, documents, durable
from endpoint.authentication import Caller
from endpoint.refusal import RequestRefused
from endpoint.store import schema
from localapp import clock
from localapp.domain.sync.signatures import MOST_PART

_table, _document = schema.attachment, schema.document
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Standing:
    """How much of a file is here, and how large it is."""

    offset: int
    size: int


class Attachments:
    """The files below one folder; one part at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one_at_a_time = threading.Lock()

    def standing(self, connection: Connection, caller: Caller, digest: str) -> Standing:
        """How much of it is here, in a write transaction. Raises RequestRefused ``attachment_unknown``."""
        with self._one_at_a_time:
            return self._standing(connection, caller, digest)

    def take(self, connection: Connection, caller: Caller, digest: str, offset: int, part: bytes) -> Standing:
        """Append a part, durable; with the last one the file is proved and counts as received.

        Raises RequestRefused ``attachment_unknown``, ``attachment_offset`` (with the right one), ``too_large``, and
        ``digest_wrong`` when the whole is not what was named: then it begins anew.
        """
        with self._one_at_a_time:
            known = self._standing(connection, caller, digest)
            if offset != known.offset:
                raise RequestRefused("attachment_offset", offset=str(known.offset))
            if known.offset == known.size and not part:
                return known
            if len(part) > MOST_PART or offset + len(part) > known.size:
                raise RequestRefused("too_large", size=str(offset + len(part)), limit=str(known.size))
            beside = self._part(caller, digest)
            _append(beside, part)
            if offset + len(part) == known.size:
                _prove(beside, digest)
                beside.replace(self._whole(caller, digest))
                durable.sync_folder(beside.parent)
            return self._standing(connection, caller, digest)

    def _standing(self, connection: Connection, caller: Caller, digest: str) -> Standing:
        named = (_table.c.digest == digest, documents.visible_to(caller))
        chosen = select(func.max(_table.c.size)).join(_document, _document.c.id == _table.c.document_id).where(*named)
        size = connection.execute(chosen).scalar()
        if size is None:
            raise RequestRefused("attachment_unknown")
        if self._whole(caller, digest).exists():
            _note_received(connection, caller, digest)  # also after a crash before it was noted
            return Standing(size, size)
        part = self._part(caller, digest)
        return Standing(part.stat().st_size if part.exists() else 0, size)

    def _whole(self, caller: Caller, digest: str) -> Path:
        return durable.folder(self._folder / str(caller.advisor_id)) / digest

    def _part(self, caller: Caller, digest: str) -> Path:
        return self._whole(caller, f"{digest}.begun")


def _append(path: Path, part: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _prove(path: Path, digest: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        path.unlink()
        raise RequestRefused("digest_wrong", status=422, reason="attachment")


def _note_received(connection: Connection, caller: Caller, digest: str) -> None:
    """Each document of the advisor that names the file has one missing less; that is news of it."""
    waiting = (
        select(_table.c.document_id)
        .join(_document, _document.c.id == _table.c.document_id)
        .where(_table.c.digest == digest, _table.c.received_at.is_(None), _document.c.advisor_id == caller.advisor_id)
    )
    for row in connection.execute(waiting).scalars().all():
        here = (_table.c.document_id == row, _table.c.digest == digest)
        connection.execute(update(_table).where(*here).values(received_at=clock.stamp()))
        news = {"attachments_missing": _document.c.attachments_missing - 1, "sequence": counting.take(connection)}
        still = (_document.c.id == row, _document.c.attachments_missing > 0)
        connection.execute(update(_document).where(*still).values(news))
