"""The lease of each enrolment: in the database, and once more in a small file beside it.

The file knows what a copied folder or a restored database does not: which computer this is, and which lease was the
last. Whether the database is still the one that last spoke to the insurer is therefore known before a byte is sent.
Why so: docs/adr/0013-installation-lease.md.
"""

import hashlib
import json
import secrets
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from localapp import private_files
from localapp.store.change_log import failure_of_disk
from localapp.store.engine import Database
from localapp.store.enrolments import Enrolment
from localapp.store.machine import machine
from localapp.store.sync_schema import enrolment

FILE = "installation.json"
_table = enrolment.c
_KNOWN = select(_table.lease, _table.lease_next).where(_table.id == bindparam("row"))


class Origin(StrEnum):
    """Where a database comes from that is not the one that last spoke to the insurer."""

    COPIED = "copied"  # the folder lay on another computer
    RESTORED = "restored"  # an older state, or a second copy of it


class Forked(Exception):  # noqa: N818 - a state of the folder
    """The database is not the one that last spoke to the insurer; ``origin`` says what it is."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin.value)
        self.origin = origin


@dataclass(frozen=True)
class Lease:
    """What a hello says of the lease. The two are the same when the session only reads."""

    previous: str
    next: str


def begin(connection: Connection, row: int, *, renew: bool) -> Lease:
    """The lease of the next hello, kept before it is sent. One whose answer is not known yet is asked for again."""
    found = connection.execute(_KNOWN, {"row": row}).one()
    if found.lease_next is not None or not renew:
        return Lease(found.lease, found.lease_next or found.lease)
    fresh = secrets.token_hex(16)
    connection.execute(update(enrolment).where(_table.id == row).values(lease_next=fresh))
    return Lease(found.lease, fresh)


def is_pending(connection: Connection, row: int) -> bool:
    """Whether a lease was asked for and its answer is not known."""
    return connection.execute(_KNOWN, {"row": row}).one().lease_next is not None


def settle(connection: Connection, row: int) -> None:
    """The insurer has answered: what was asked for is the lease."""
    pending = (_table.id == row, _table.lease_next.is_not(None))
    connection.execute(update(enrolment).where(*pending).values(lease=_table.lease_next, lease_next=None))


class Leases:
    """The leases of one store. ``speaking`` is held from a lease being asked for until its answer is kept.

    Without it two sessions of the same desk would look like two desks to the insurer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = LeaseFile(database.path.parent)
        self.speaking = threading.Lock()

    def begin(self, enrolment: Enrolment, known: Lease, *, renew: bool) -> Lease:
        """The lease to ask for, noted in both places before it is sent. Raises Forked, StoreFailure.

        ``known`` is what the database has. The file follows it: what it has then is one of the two that the database
        knows, whenever it stops.
        """
        self._file.check(enrolment.installation, known)
        asked = known
        if renew:
            with self._database.write() as connection:
                asked = begin(connection, enrolment.id, renew=True)
        if asked.next != asked.previous:  # even without renewal: a process may have died between database and file
            self._file.keep(enrolment.installation, asked)
        return asked


class LeaseFile:
    """``installation.json`` beside the database: of each installation its computer and the digest of its lease."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE

    def check(self, installation: str, lease: Lease) -> None:
        """Raise Forked unless this is the database that last renewed the lease, on the same computer.

        Before its first renewal an installation has brought nothing, and there is nothing to tell apart.
        """
        known = self._read().get(installation)
        if not isinstance(known, dict):
            known = {}
        here = machine()
        if here and known.get("machine") not in {None, "", here}:
            raise Forked(Origin.COPIED)
        if known.get("lease", _digest("")) not in {_digest(lease.previous), _digest(lease.next)}:
            raise Forked(Origin.RESTORED)

    def keep(self, installation: str, lease: Lease) -> None:
        """Note what is going to be asked for, before it is sent. Raises StoreFull, NotWritable."""
        known = self._read()
        entry = {"machine": machine(), "lease": _digest(lease.next)}
        if known.get(installation) == entry:
            return
        content = json.dumps({**known, installation: entry}, indent=1, sort_keys=True).encode()
        try:
            private_files.replace(self._path, content)
        except OSError as problem:
            raise failure_of_disk(problem, self._folder) from problem

    def _read(self) -> dict[str, Any]:
        """What is noted; a file that is gone or spoilt notes nothing."""
        try:
            found = json.loads(private_files.read(self._path))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _digest(lease: str) -> str:
    return hashlib.sha256(lease.encode()).hexdigest()
