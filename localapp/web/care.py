"""The care for the store: a backup when one is due, the repair when it is damaged, and what has to be told of both."""

import threading
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from localapp.store.failures import DamagedStore, StoreFailure
from localapp.store.forks import CODES as FORK_CODES
from localapp.store.manifests import SERVER_RESTORED
from localapp.store.renumbering import RENUMBERED
from localapp.store.repairs import BACKUP_DAMAGED, FORGOTTEN, LOG_DAMAGED, Repair
from localapp.web import failures
from localapp.web.wording import moment, t

if TYPE_CHECKING:
    from localapp.web.desk import Desk

_LOOK_EVERY = 3600.0


class Care:
    """For one desk. ``trouble`` is what the last backup met, until one succeeds."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._repairing = threading.Lock()
        self.trouble: StoreFailure | None = None
        self._next_look = 0.0

    @property
    def is_damaged(self) -> bool:
        """Whether the store was found damaged and has not been repaired."""
        return isinstance(self.trouble, DamagedStore)

    def back_up(self) -> None:
        """Make a backup now. Raises StoreFailure, which is told on every page too."""
        try:
            self._desk.store.backups.make()
        except StoreFailure as failure:
            self.trouble = failure
            raise
        self.trouble = None

    def back_up_if_due(self) -> None:
        """Make a backup if one is due; what it meets is logged and told."""
        if self._desk.is_open and not self.is_damaged and self._desk.store.backups.due:
            try:
                self.back_up()
            except StoreFailure as failure:
                failures.note(failure)

    def let_old_go_if_due(self) -> None:
        """Once an hour, and only by the insurer's own word of what time it is; what it meets is logged."""
        if not self._desk.is_open or self.is_damaged or monotonic() < self._next_look:
            return
        server_clock = self._desk.store.sync.server_clock
        if not server_clock.is_heard:
            return
        self._next_look = monotonic() + _LOOK_EVERY
        try:
            self._desk.store.retaining.attend(server_clock.now())
        except StoreFailure as failure:
            failures.note(failure)

    def repair(self) -> None:
        """Prove the store; make it again from a backup where it is not whole. Raises StoreFailure; it stays shut."""
        with self._repairing:
            self._desk.reopen()
            self.trouble = None


def sentences(repair: Repair) -> list[str]:
    """What a repair found and did, what is missing, and where the damaged files lie."""
    if repair.code == FORGOTTEN:
        return [t("backups.forgotten", folder=repair.kept)]
    if repair.code == RENUMBERED:
        former, _, number = repair.kept.partition(" ")
        return [t("backups.renumbered" if number else "backups.renumbered_later", former=former, number=number)]
    if repair.code in {*FORK_CODES.values(), SERVER_RESTORED}:
        return [t(f"backups.{repair.code}", count=repair.repeated)]
    kept = t("backups.kept", folder=repair.kept)
    if repair.code == LOG_DAMAGED and repair.missing != 0:
        return [t("backups.found_behind"), _missing(repair.missing), kept]
    if repair.code in {LOG_DAMAGED, BACKUP_DAMAGED}:
        return [t(f"backups.{repair.code}"), kept]
    found = t(f"backups.found_{repair.code.removeprefix('restored_')}")
    if repair.backup_at:
        done = t("backups.restored", at=moment(datetime.fromisoformat(repair.backup_at)), count=repair.repeated)
    else:
        done = t("backups.repeated", count=repair.repeated)
    return [found, done, _missing(repair.missing), kept]


def _missing(count: int | None) -> str:
    if count is None:
        return t("backups.maybe_missing")
    return t("backups.missing", count=count) if count else t("backups.nothing_missing")
