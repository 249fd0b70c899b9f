"""Whoever opens the desk: by the system's keyring, by a passphrase, by the recovery code."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from localapp.store import key_search, recovery
from localapp.store.failures import CannotOpen, StoreFailure
from localapp.store.key_failures import (
    ChangedKeyring,
    ForeignEntry,
    KeyFailure,
    KeyringFailure,
    MissingEntry,
    NoKeyFile,
    NoPassphrase,
    WrongPassphrase,
    WrongRecoveryCode,
)
from localapp.store.key_search import Found
from localapp.store.keys import KeyFile, Prepared, Ways
from localapp.store.records import Keys
from localapp.store.rotation import first_to_answer, key_files
from localapp.store.system_keys import SystemKeys
from localapp.web.patience import Patience


@dataclass(frozen=True)
class Change:
    """A new recovery code, not valid until it has been copied out; with new keys, if those are changed too."""

    code: str = field(repr=False)
    prepared: Prepared | None = None


class Keyholder:
    """The keys of one desk in one process. ``system`` is None without a keyring.

    ``open_store`` opens its store and says which keys it has: others after a change of keys that was broken off.
    """

    def __init__(self, folder: Path, open_store: Callable[[Keys], Keys], *, keyring: bool) -> None:
        self.folder = folder
        self.key_file = KeyFile(folder / "keys.json")
        self.patience = Patience()
        self.pending: Prepared | None = None
        self.change: Change | None = None
        self.trouble: KeyFailure | StoreFailure | None = None
        self.usable_keyring: str | None = None
        self.system = SystemKeys(folder) if keyring else None
        self._open_store = open_store
        self._lock = threading.Lock()
        self._keys: Keys | None = None

    @property
    def ways(self) -> Ways | None:
        """How the keys can be had; None while there is no readable key file."""
        try:
            return self.key_file.ways()
        except KeyFailure:
            return None

    @property
    def opens_by_keyring(self) -> bool:
        """Whether the keyring is where the keys are to be found."""
        ways = self.ways
        return ways is not None and ways.keyring is not None

    @property
    def can_be_put_back(self) -> bool:
        """Whether the keyring answers and only lacks the keys."""
        return self.system is not None and isinstance(self.trouble, MissingEntry | ForeignEntry | ChangedKeyring)

    def look(self) -> None:
        """Look into the keyring once more."""
        if self.system is not None:
            self.take(key_search.look(self.folder))

    def take(self, found: Found) -> None:
        """Open the desk with what a look has found, or remember why not."""
        self.trouble, self.usable_keyring = found.trouble, found.keyring
        if found.keys is not None:
            try:
                self.open_with(found.keys)
            except (StoreFailure, KeyFailure) as failure:
                self.trouble = failure

    def open_with(self, keys: Keys) -> None:
        """Open the store. Raises StoreFailure, KeyFailure; what the right key does not open is called damaged."""
        try:
            opened = self._open_store(keys)
            if self.key_file.exists and self.key_file.fits(opened):
                self._keys = opened
        except CannotOpen as problem:
            right = any(file.fits(keys) for file in key_files(self.folder))
            raise problem.decided(key_is_right=right) from problem

    def try_passphrase(self, passphrase: str) -> Keys:
        """The keys; tries come one after the other and wrong ones are counted. Raises MustWait, KeyFailure."""
        return self._try(lambda file: file.unlock(passphrase))

    def try_recovery_code(self, code: str) -> Keys:
        """The same for the recovery code, where somebody may have all day to try: at a desk whose screen is locked."""
        return self._try(lambda file: file.unlock_with_recovery(code))

    def open_recovery_code(self, code: str) -> Keys:
        """The keys. 155 random bits need no delay. Raises KeyFailure."""
        return first_to_answer(key_files(self.folder), lambda file: file.unlock_with_recovery(code))

    def _try(self, attempt: Callable[[KeyFile], Keys]) -> Keys:
        with self._lock:
            self.patience.ask()
            try:
                keys = first_to_answer(key_files(self.folder), attempt)
            except (WrongPassphrase, WrongRecoveryCode):
                self.patience.failed()
                raise
            self.patience.succeeded()
            return keys

    def prepare(self, passphrase: str | None) -> None:
        """New keys for a first start, pending until their recovery code has been copied out. Raises KeyFailure."""
        if passphrase is None and self.usable_keyring is None:
            raise NoPassphrase
        self.pending = self.key_file.prepare(passphrase, self.usable_keyring if passphrase is None else None)

    def confirm(self) -> None:
        """Keep the pending keys, now that their recovery code has been copied out, and open the desk.

        They go into the keyring first: a key file that names it never stands alone. Raises KeyFailure, StoreFailure.
        """
        with self._lock:
            pending = self.pending
            if pending is None:
                return
            if pending.keyring is not None and self.system is not None:
                self.system.keep(pending.id, pending.keys)
            self.key_file.write(pending)
            self.pending = None
        self.open_with(pending.keys)

    @property
    def keys(self) -> Keys:
        """The keys of the open desk. Raises NoKeyFile where it was not opened with a key file of its own."""
        if self._keys is None:
            raise NoKeyFile(path=self.key_file.path)
        return self._keys

    def put_back(self) -> None:
        """Put the keys into the keyring that the system uses now. Raises KeyFailure."""
        ways = self.key_file.ways()
        if self.system is not None:
            self.key_file.change_keyring(self.keys, self.system.keep(ways.id, self.keys))
            self.trouble = None

    def choose_passphrase(self, passphrase: str, *, alone: bool) -> None:
        """Another passphrase, or the first one; ``alone`` takes the keys out of the keyring. Raises KeyFailure."""
        self.key_file.change_passphrase(self.keys, passphrase)
        ways = self.key_file.ways()
        if alone and ways.keyring is not None and self.system is not None:
            self.key_file.change_keyring(self.keys, None)
            self.trouble = None
            with suppress(KeyringFailure):  # it is not asked any more
                self.system.forget(ways.id, ways.keyring)

    def choose_keyring(self, *, alone: bool) -> None:
        """Let the keyring hold the keys; ``alone`` lets the passphrase go. Raises KeyFailure."""
        self.put_back()
        if alone:
            self.key_file.change_passphrase(self.keys, None)

    def prepare_code(self) -> None:
        """A new recovery code, pending until it has been copied out."""
        self.change = Change(recovery.new_code())

    def prepare_keys(self, passphrase: str | None) -> None:
        """New keys and a new recovery code, pending likewise. Raises KeyFailure."""
        ways = self.key_file.ways()
        prepared = self.key_file.prepare(passphrase, ways.keyring, after=(ways, self.keys))
        self.change = Change(prepared.recovery_code, prepared)

    def carry_out(self, change_keys: Callable[[Prepared, Keys], Keys]) -> None:
        """Carry out the pending change, once. Raises KeyFailure, StoreFailure."""
        with self._lock:
            change, self.change = self.change, None
        if change is None:
            return
        if change.prepared is None:
            self.key_file.change_recovery_code(self.keys, change.code)
        else:
            self._keys = change_keys(change.prepared, self.keys)

    def drop(self) -> None:
        """Forget the keys, as the desk closes."""
        self._keys = None
