"""Publishes component folders: checked as a desk will check them, packed, listed, signed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from endpoint.publishing import durable
from endpoint.publishing.failures import PublishingRefused
from endpoint.publishing.keys import KeyRing
from endpoint.publishing.repository import DELEGATED, ComponentRepository
from localapp.calculation.acceptance import accept
from localapp.calculation.archives import contents, pack, unpack
from localapp.calculation.components import Component, ComponentKind, PlainFolders
from localapp.calculation.failures import CalculationError
from localapp.calculation.sandbox import Sandbox

FIRST_ROOT = "1.root.json"
_STEADY = ("root", "targets", *DELEGATED)
_RESIGNED_AT = 0.25  # of the time left; a year's signature is renewed three months before its end
_HOURLY_AT = 0.9  # a timestamp that is served is never older than a few hours


@dataclass(frozen=True)
class Published:
    """What became of one folder; ``new`` is false when exactly this was published before."""

    component: Component
    new: bool


class Publisher:
    """The components of one endpoint below its data folder.

    ``components`` is served, ``keys/components`` signs, ``versions`` keeps what was published for the re-evaluation.
    """

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "components"
        self.published = data_dir / "versions"
        self._lock = self.folder / "publishing.lock"
        self.keys = KeyRing(data_dir / "keys" / "components")
        self.repository = ComponentRepository(self.folder, self.keys)

    @property
    def first_root(self) -> Path:
        """What installations are delivered with: the trust in everything later starts here."""
        return self.repository.metadata / FIRST_ROOT

    def start(self) -> None:
        """Make the repository with fresh keys unless there is one."""
        with durable.alone(self._lock):
            if not self.repository.is_started:
                self.repository.start()

    def publish(self, kind: ComponentKind, folder: Path) -> Published:
        """Publish ``…/<name>/<version>``. Raises PublishingRefused with the reason; then nothing has changed."""
        try:
            component = Component(kind, folder.resolve().parent.name, folder.resolve().name)
            packed = pack(folder)
            with durable.alone(self._lock):
                return self._publish(component, folder, packed)
        except (CalculationError, OSError) as error:
            raise PublishingRefused(f"{folder.parent.name}/{folder.name}: {error}") from None

    def withdraw(self, target: str) -> None:
        """Take a version from new documents; those made with it keep it. Raises PublishingRefused."""
        component = self._component(target)
        with durable.alone(self._lock):
            with self.repository.edit_targets(component.kind.role) as targets:
                if target not in targets.targets:
                    raise PublishingRefused(f"{target} was never published.")
                targets.targets[target].custom["withdrawn"] = True
            self.repository.make_visible()

    def refresh(self) -> tuple[str, ...]:
        """Renew signatures before they end, with the keys at hand, and finish what was interrupted.

        To be called every hour. Returns the roles whose signature is near its end and whose keys are not here: they
        have to be signed with ``publish refresh`` where the keys are.
        """
        with durable.alone(self._lock):
            if not self.repository.is_started:
                return ()
            overdue = tuple(role for role in _STEADY if not self._renew(role))
            self.repository.do_snapshot(force=self.repository.expires_within("snapshot", 0.5))
            self.repository.do_timestamp(force=self.repository.expires_within("timestamp", _HOURLY_AT))
            return overdue

    def replace_key(self, name: str) -> str:
        """Revoke a key by its file's name, e.g. ``calc-1``; the name of the one that signs instead.

        Raises PublishingRefused for a key that is not at hand or signs for nothing any more.
        """
        with durable.alone(self._lock):
            return self.repository.replace_key(name.rpartition("-")[0], self.keys.id_of(name))

    def _renew(self, role: str) -> bool:
        if self.repository.is_signed(role) and not self.repository.expires_within(role, _RESIGNED_AT):
            return True
        try:
            self.repository.sign_again(role)
        except PublishingRefused:
            return False
        return True

    def _publish(self, component: Component, folder: Path, packed: bytes) -> Published:
        role = component.kind.role
        known = self.repository.targets(role).targets.get(component.target)
        if known is not None:
            before = (self.repository.targets_folder / self.repository.stored_as(known)).read_bytes()
            if contents(before) != contents(packed):
                raise PublishingRefused(f"{component.target} is published with another content. Give it a new version.")
            if not (self.published / component.place).is_dir():
                self._keep(component, before)
            return Published(component, new=False)
        with Sandbox() as sandbox:
            accept(component, folder, sandbox)
        place = self._keep(component, packed)
        custom = {"kind": role, "name": component.name, "version": component.version}
        try:
            self.repository.add(role, component.target, packed, custom)
        except PublishingRefused:
            shutil.rmtree(place)
            raise
        self.repository.make_visible()
        return Published(component, new=True)

    def _keep(self, component: Component, packed: bytes) -> Path:
        """The endpoint evaluates again with the same versions, so it keeps them unpacked."""
        staging, place = self.folder / "staging", self.published / component.place
        for stale in (staging, place):  # left by a publication that ended before it was listed
            shutil.rmtree(stale, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        unpack(packed, staging)
        staging.rename(place)
        durable.sync_folder(place.parent)
        return place

    @staticmethod
    def _component(target: str) -> Component:
        try:
            return Component.from_target(target)
        except CalculationError as error:
            raise PublishingRefused(str(error)) from None


def seed(data_dir: Path, components: Path) -> Path:
    """Publish everything under ``components``, with fresh keys the first time; the path of the first root.

    Raises PublishingRefused for the first component that may not be published.
    """
    publisher = Publisher(data_dir)
    publisher.start()
    folders = PlainFolders(components)
    for kind in ComponentKind:
        for component in folders.all(kind):
            publisher.publish(kind, components / component.place)
    publisher.refresh()
    return publisher.first_root


def published_folders(data_dir: Path) -> PlainFolders:
    """All versions that this endpoint has published, the withdrawn ones too: what it evaluates documents with."""
    return PlainFolders(data_dir / "versions")
