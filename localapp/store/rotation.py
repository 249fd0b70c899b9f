"""New keys in place of those of a desk, so that a process killed at any moment loses nothing.

``keys.next.json`` is written first, durable: the complete new key file, with a bridge by which either pair of keys
gives the other. While it lies there, each opening finds out how far the change has come and goes on from there; the
passphrase, recovery code and keyring entry of the old and of the new keys all open. The steps, each of which may be
repeated: the new keys into the keyring – health sealed anew, in one transaction – the file rekeyed, in one transaction
– proved, and backed up under the new keys – ``keys.json`` replaced – the old entry in the keyring and the bridge gone.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from localapp import private_files
from localapp.store import resealing
from localapp.store.engine import BUSY_SECONDS, connected, said_plainly
from localapp.store.failures import CannotOpen, DamagedStore, StoreBusy, StoreFull
from localapp.store.health import Sealer
from localapp.store.key_failures import DamagedKeyFile, KeyFailure, KeyringFailure
from localapp.store.keys import KeyFile, Prepared
from localapp.store.records import Keys
from localapp.store.store import Store
from localapp.store.system_keys import SystemKeys

DATABASE, KEY_FILE, NEXT = "documents.db", "keys.json", "keys.next.json"
ROOM = 4  # times the size of the database: its log while it is rekeyed, and the backup

Answer = TypeVar("Answer")


def key_files(folder: Path) -> list[KeyFile]:
    """The key file and, while keys are being changed, the next one: what either opens opens the desk."""
    following = KeyFile(folder / NEXT)
    return [KeyFile(folder / KEY_FILE), *([following] if following.exists else [])]


def first_to_answer(files: list[KeyFile], ask: Callable[[KeyFile], Answer]) -> Answer:
    """What the first file that can answers. Raises the KeyFailure of the first file."""
    failures: list[KeyFailure] = []
    for file in files:
        try:
            return ask(file)
        except KeyFailure as failure:
            failures.append(failure)
    raise failures[0]


class Rotation:
    """A change of keys in one data folder. Used while the store is closed; ``system`` is None without a keyring."""

    def __init__(self, folder: Path, system: SystemKeys | None) -> None:
        self._folder = folder
        self._system = system
        self._path = folder / DATABASE
        self._current, self._next = KeyFile(folder / KEY_FILE), KeyFile(folder / NEXT)

    @property
    def is_pending(self) -> bool:
        """Whether a change of keys has begun and not ended."""
        return self._next.exists

    def look_for_room(self) -> None:
        """Raise StoreFull where the change would run out of room on its way."""
        if shutil.disk_usage(self._folder).free < ROOM * self._path.stat().st_size:
            raise StoreFull(path=self._path)

    def begin(self, prepared: Prepared) -> None:
        """From here on each opening goes on with the change. Raises KeyringFailure; nothing has changed then."""
        private_files.replace(self._next.path, prepared.content)
        try:
            self._put_into_keyring(prepared.keys)
        except KeyringFailure:
            self._end()
            raise

    def finish(self, keys: Keys) -> tuple[Store, Keys]:
        """Go on from wherever the change has come to; the open store and its keys. ``keys`` are the old or the new.

        Raises StoreFailure, DamagedKeyFile; the change stays pending then.
        """
        old, new = self._both(keys)
        with suppress(KeyringFailure):  # a later start names the trouble and puts the keys back
            self._put_into_keyring(new)
        if self._opens_with(new):
            self._rekeyed(new)
        elif self._can_be_made_to_open(old):
            self._reseal(old, new)
            self._rekey(old, new)
        store = Store.open(self._path, new, rotated=True)  # proves the file, and backs it up under the new key
        try:
            self._prove_health(new)
            self._replace_key_file()
            self._forget_old_entry()
            self._end()
        except BaseException:
            store.close()
            raise
        return store, new

    def take_back_if_damaged(self, keys: Keys) -> None:
        """A next key file that is damaged is let go where nothing has come under its keys yet."""
        try:
            self._next.ways()
        except DamagedKeyFile:
            if self._current.fits(keys) and self._opens_with(keys):
                with said_plainly(self._path), connected(self._path, keys.database) as connection:
                    if resealing.note(connection) in {None, self._current.ways().id}:
                        self._end()

    def _both(self, keys: Keys) -> tuple[Keys, Keys]:
        other = self._next.across(keys)
        return (other, keys) if self._next.fits(keys) else (keys, other)

    def _put_into_keyring(self, new: Keys) -> None:
        ways = self._next.ways()
        if ways.keyring is not None and self._system is not None:
            self._system.keep(ways.id, new)

    def _opens_with(self, keys: Keys) -> bool:
        """Whether the database does. A wrong key changes nothing in it, nor in its write-ahead log."""
        try:
            with said_plainly(self._path), connected(self._path, keys.database) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except CannotOpen:
            return False
        return True

    def _can_be_made_to_open(self, old: Keys) -> bool:
        """Let the store look at its file under the old key, and repair it where that is needed.

        Where that cannot be, the file was damaged after it had been backed up under the new key.
        """
        try:
            Store.open(self._path, old).close()
        except CannotOpen:
            return False
        return True

    def _reseal(self, old: Keys, new: Keys) -> None:
        key_id = self._next.ways().id
        with said_plainly(self._path), connected(self._path, old.database) as connection:
            if resealing.note(connection) != key_id:
                resealing.reseal(connection, Sealer(old.health), Sealer(new.health), key_id)

    def _rekey(self, old: Keys, new: Keys) -> None:
        """Every page in one transaction of the write-ahead log, which no key is needed to recover."""
        with said_plainly(self._path), connected(self._path, old.database) as connection:
            connection.execute(f"PRAGMA rekey = \"x'{new.database.hex()}'\"").fetchall()
        self._rekeyed(new)

    def _rekeyed(self, new: Keys) -> None:
        """Move the pages into the file: its check reads the file alone, and would call all of them damaged."""
        with said_plainly(self._path), connected(self._path, new.database) as connection:
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise StoreBusy(path=self._path, seconds=BUSY_SECONDS)

    def _prove_health(self, new: Keys) -> None:
        with said_plainly(self._path), connected(self._path, new.database) as connection:
            if not resealing.is_whole(connection, Sealer(new.health)):
                raise DamagedStore(path=self._path)

    def _replace_key_file(self) -> None:
        private_files.replace(self._current.path, self._next.without_bridge())

    def _forget_old_entry(self) -> None:
        before = self._next.before()
        if before.keyring is not None and self._system is not None:
            with suppress(KeyringFailure):  # keys of nothing: what they opened is gone
                self._system.forget(before.id, before.keyring)

    def _end(self) -> None:
        self._next.path.unlink(missing_ok=True)
        private_files.sync_folder(self._folder)


def open_store(folder: Path, keys: Keys, system: SystemKeys | None = None) -> tuple[Store, Keys]:
    """Open the database of a data folder, going on with a change of keys that was broken off; the keys that fit now.

    Raises StoreFailure, KeyFailure.
    """
    rotation = Rotation(folder, system)
    if rotation.is_pending:
        rotation.take_back_if_damaged(keys)
    if rotation.is_pending:
        return rotation.finish(keys)
    return Store.open(folder / DATABASE, keys), keys
