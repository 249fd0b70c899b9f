"""What the pages work with: one desk in one process."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from localapp import __version__, clock
from localapp.web.language import ChosenLanguage
from localapp.web.screen_lock import ScreenLock

if TYPE_CHECKING:
    from localapp.store.keys import Prepared
    from localapp.store.records import Keys
    from localapp.store.store import Store
    from localapp.sync.connection import Connection
    from localapp.sync.progress import Standing
    from localapp.sync.synchronizer import Synchronizer
    from localapp.sync.transport import Transport
    from localapp.web.calculations import Calculations
    from localapp.web.care import Care
    from localapp.web.keyholder import Keyholder

SYNCHRONIZATION_ENDS = 20.0  # seconds that a change of keys waits for one that goes on
PROXY = "connection.proxy"  # the setting that keeps the proxy of the advisor's network
KEPT_DELETED = timedelta(days=30)  # how long Smazané keeps a draft. Source: DOMAIN.md, "Actions"


class Locked(Exception):  # noqa: N818 - a state, not a defect
    """The desk has not been unlocked yet."""


@dataclass
class Desk:
    """The desk's parts. ``data_dir`` holds the advisor's data; ``demo`` marks every page as a demonstration."""

    data_dir: Path
    connection: "Connection"
    demo: bool = False
    version: str = __version__
    is_activated: bool = False  # remembered once activation was found done, so that pages need not ask again
    no_window: Callable[[], str] = str  # why there is none, once, as a text of the area ``window``; else empty
    is_changing_keys: bool = False
    edits_anyway: set[tuple[str, datetime]] = field(default_factory=set)  # documents that are edited past a cut-off
    language: ChosenLanguage = field(init=False)
    when_opened: Callable[[], None] = lambda: None  # told when the store has been opened
    when_queued: Callable[[], None] = lambda: None  # told after something was put into the outbox
    when_synchronized: Callable[["Standing"], None] = lambda _: None  # told when a synchronization has ended
    next_in: Callable[[], float | None] = lambda: None  # in how many seconds the next synchronization begins by itself
    _store: "Store | None" = None
    _calculations: "Calculations | None" = None
    _synchronizer: "Synchronizer | None" = None
    _keyholder: "Keyholder | None" = None
    _care: "Care | None" = None
    _opening: threading.RLock = field(default_factory=threading.RLock)
    screen_lock: ScreenLock = field(init=False)

    def __post_init__(self) -> None:
        self.language = ChosenLanguage(self.data_dir)
        self.screen_lock = ScreenLock(lambda: self.store)

    @property
    def is_open(self) -> bool:
        """Whether the store is open: after the passphrase, and until the desk closes.

        Whoever asks while it is being opened, repaired or given other keys waits for that: a page must not be led to
        the unlock page, away from what is typed in it, because of a moment.
        """
        if self._store is None:
            with self._opening:
                return self._store is not None
        return True

    @property
    def store(self) -> "Store":
        """The open store. Raises Locked before."""
        store = self._store
        if store is None:
            with self._opening:  # as above
                store = self._store
        if store is None:
            raise Locked
        return store

    @property
    def keyholder(self) -> "Keyholder":
        """Who opens this desk. A demonstration keeps its passphrase beside its data and asks no keyring."""
        from localapp.web.keyholder import Keyholder  # noqa: PLC0415 - a heavy import, kept off the way to the first page

        with self._opening:
            if self._keyholder is None:
                self._keyholder = Keyholder(self.data_dir, self.unlock, keyring=not self.demo)
            return self._keyholder

    def unlock(self, keys: "Keys") -> "Keys":
        """Open the store, once. The keys that it has: new ones after a change that was broken off.

        Raises the failures of store and keys.
        """
        from localapp.store.rotation import open_store  # noqa: PLC0415 - a heavy import, kept off the way to the first page

        with self._opening:
            if self._store is None:
                store, keys = open_store(self.data_dir, keys, self.keyholder.system)
                store.purge_deleted(clock.now() - KEPT_DELETED)
                store.purge_discarded(clock.now())
                self._take(store)
        return keys

    def _take(self, store: "Store") -> None:
        store.when_queued = self._tell_queued
        self._store = store
        self.when_opened()

    def _tell_queued(self) -> None:
        self.when_queued()

    def _tell_synchronized(self, standing: "Standing") -> None:
        from localapp.web.settling import settle_equal  # noqa: PLC0415 - a heavy import, as above

        settle_equal(self)
        self.when_synchronized(standing)

    def change_keys(self, prepared: "Prepared", keys: "Keys") -> "Keys":
        """Give the store the prepared keys in place of ``keys``, closed to everybody meanwhile; the keys it has then.

        Raises StoreFull, KeyringFailure: nothing has changed then. Other failures leave the desk closed, and the change
        goes on when it is unlocked.
        """
        from localapp.store.rotation import Rotation  # noqa: PLC0415 - as above

        if self._synchronizer is not None:
            self._synchronizer.wait(SYNCHRONIZATION_ENDS)
        with self._opening:
            rotation, store = Rotation(self.data_dir, self.keyholder.system), self.store
            rotation.look_for_room()
            rotation.begin(prepared)
            self.is_changing_keys = True
            try:
                self._store = self._synchronizer = None  # which hold the former keys
                store.close()
                store.retire()
                keys = self.unlock(keys)
                self.care.trouble = None  # there is a fresh backup, and the file was proved
                return keys
            finally:
                self.is_changing_keys = False

    @property
    def care(self) -> "Care":
        """Backups and repairs of this desk's store."""
        from localapp.web.care import Care  # noqa: PLC0415 - a heavy import, as above

        with self._opening:
            if self._care is None:
                self._care = Care(self)
            return self._care

    def reopen(self) -> None:
        """Close the store, prove it and repair it where it is not whole. Raises StoreFailure; the desk is shut then."""
        with self._opening:
            damaged, self._store = self.store, None
            if self._synchronizer is not None:
                self._synchronizer.wait(1.0)
                self._synchronizer = None
            self._take(damaged.reopened())

    @property
    def calculations(self) -> "Calculations":
        """The forms and calculation libraries of the components, with their worker process."""
        from localapp.web.calculations import Calculations  # noqa: PLC0415 - a heavy import, as above

        with self._opening:
            if self._calculations is None:
                self._calculations = Calculations(self.connection.folders)
            return self._calculations

    @property
    def synchronizer(self) -> "Synchronizer":
        """What synchronizes this desk's store. Raises Locked before it is open."""
        from localapp.sync.synchronizer import Synchronizer  # noqa: PLC0415 - a heavy import, as above

        with self._opening:
            if self._synchronizer is None:
                self._synchronizer = Synchronizer(
                    self.store.sync,
                    self.transport,
                    self.connection.update_components,
                    self._tell_synchronized,
                )
            return self._synchronizer

    def transport(self, *, anew: bool = False) -> "Transport":
        """The way to the endpoint that the current enrolment is fixed to, once confirmed. Raises TransportFailed.

        ``anew``, for an activation, believes the authority of the installation in place of the one that was kept.
        """
        from localapp.sync.proxy import kept_proxy  # noqa: PLC0415 - as above

        enrolment = self.store.sync.enrolment()
        fixed = enrolment if enrolment and enrolment.confirmed_at else None
        pinned = fixed.authority if fixed and not anew else ""
        proxy = kept_proxy(self.store.setting(PROXY))
        transport = self.connection.transport(fixed.endpoint if fixed else None, pinned, proxy)
        if self.demo and enrolment and enrolment.endpoint != transport.address:
            self.store.sync.follow(transport.address)
        return transport

    def close(self) -> None:
        """Stop the worker process and close the store; a synchronization that goes on has a second to end."""
        if self._synchronizer is not None:
            self._synchronizer.wait(1.0)
        with self._opening:
            self.connection.close()
            if self._keyholder is not None:
                self._keyholder.drop()
            if self._calculations is not None:
                self._calculations.close()
                self._calculations = None
            if self._store is not None:
                self._store.close()
                self._store = None
