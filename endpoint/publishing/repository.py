"""The signed metadata of the components: who may sign what, which targets there are, until when it all holds.

Everything is read from and written to files, so that the server and a command see the same repository.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.repository import Repository

from endpoint.publishing import durable
from endpoint.publishing.failures import PublishingRefused
from endpoint.publishing.keys import KeyRing
from localapp import clock

MOST_TARGETS = 999
"""A role's list travels whole at each publication; beyond a thousand targets it costs desks a quarter of a megabyte."""

_VERSIONED = re.compile(r"([0-9]+)\.([a-z]+)\.json")
_TOP = ("root", "targets", "snapshot", "timestamp")


@dataclass(frozen=True)
class RoleRule:
    """How many keys a role starts with, how many must sign, how long its signature holds."""

    keys: int
    threshold: int
    days: int


RULES = {
    "root": RoleRule(3, 2, 365),
    "targets": RoleRule(1, 1, 365),
    "snapshot": RoleRule(1, 1, 14),
    "timestamp": RoleRule(1, 1, 3),
    "calc": RoleRule(2, 2, 365),  # actuary and release
    "forms": RoleRule(1, 1, 365),
    "app": RoleRule(2, 2, 365),
}
DELEGATED = ("calc", "forms", "app")


class ComponentRepository(Repository):
    """Metadata and targets in ``folder``. Every change is signed with the keys at hand, or refused before a byte."""

    def __init__(self, folder: Path, keys: KeyRing) -> None:
        self.metadata, self.targets_folder = folder / "metadata", folder / "targets"
        self._keys = keys

    @property
    def is_started(self) -> bool:
        """Whether there is a repository that can be served: the timestamp is what is written last."""
        return (self.metadata / "timestamp.json").exists()

    def start(self) -> None:
        """Make the first version of every role, with fresh keys. A start that was interrupted is begun anew."""
        for stale in self.metadata.glob("*.json"):
            stale.unlink()
        with self.edit_root() as root:
            root.consistent_snapshot = True
            for role in _TOP:
                root.roles[role].threshold = RULES[role].threshold
                for signer in self._first_signers(role):
                    root.add_key(signer.public_key, role)
        with self.edit_targets() as targets:
            targets.delegations = Delegations({}, {role: _delegated(role) for role in DELEGATED})
            for role in DELEGATED:
                for signer in self._first_signers(role):
                    targets.add_key(signer.public_key, role)
        for role in DELEGATED:
            with self.edit_targets(role):
                pass  # an empty list, signed
        self.make_visible()

    def make_visible(self) -> None:
        """Sign a snapshot of what was changed, and the timestamp that points to it. Until then desks see the old."""
        self.do_snapshot()
        self.do_timestamp()

    def add(self, role: str, path: str, content: bytes, custom: dict[str, Any]) -> None:
        """List a target under a role and store its bytes. Raises PublishingRefused for another role's path."""
        rule = self._delegation(role)
        if not rule.is_delegated_path(path):
            raise PublishingRefused(f"{role} may not sign {path}: its paths are {', '.join(rule.paths or [])}")
        target = TargetFile.from_data(path, content, ["sha256"])
        target.unrecognized_fields["custom"] = custom
        with self.edit_targets(role) as targets:
            if path not in targets.targets and len(targets.targets) >= MOST_TARGETS:
                raise PublishingRefused(f"{role} lists {len(targets.targets)} targets, the limit is {MOST_TARGETS}.")
            durable.write(self.targets_folder / self.stored_as(target), content)
            targets.targets[path] = target

    @staticmethod
    def stored_as(target: TargetFile) -> str:
        """Where a target's bytes lie below ``targets``: its digest stands before its name."""
        folder, _, name = target.path.rpartition("/")
        return f"{folder}/{target.hashes['sha256']}.{name}"

    def expires_within(self, role: str, part: float) -> bool:
        """Whether less than that part of a role's time is left."""
        left: timedelta = self.open(role).signed.expires - clock.now()
        return left < part * timedelta(days=RULES[role].days)

    def is_signed(self, role: str) -> bool:
        """Whether a role is signed by the keys that are valid now: not after a key was replaced and nothing more."""
        try:
            self._refuse_unsigned(role, self.open(role))
        except PublishingRefused:
            return False
        return True

    def sign_again(self, role: str) -> None:
        """A new version of a role with the same content, a later expiry and the keys at hand."""
        with self.edit(role):
            pass

    def replace_key(self, role: str, key_id: str) -> str:
        """Take a key's right to sign for a role, give it to a fresh one (its name), and sign the role anew.

        Raises PublishingRefused for a key that has no such right.
        """
        if role not in RULES or key_id not in self._delegator(role).get_delegated_role(role).keyids:
            raise PublishingRefused(f"The key does not sign for {role or 'any role'}; it was replaced before.")
        name = self._keys.next_name(role)
        fresh = self._keys.signer(name).public_key
        holder: Callable[[], Any] = self.edit_root if role in _TOP else self.edit_targets
        with holder() as delegator:
            delegator.revoke_key(key_id, role)
            delegator.add_key(fresh, role)
        if role != "root":
            self.sign_again(role)
        if role not in {"timestamp", "snapshot"}:
            self.make_visible()
        elif role == "snapshot":
            self.do_timestamp()
        return name

    def open(self, role: str) -> Metadata[Any]:
        """The newest version of a role, or an empty one before the first."""
        path = self._newest(role)
        if path is not None:
            return Metadata.from_bytes(path.read_bytes())
        fresh: Root | Snapshot | Timestamp | Targets
        fresh = {"root": Root, "snapshot": Snapshot, "timestamp": Timestamp}.get(role, Targets)()
        fresh.version = 0
        return Metadata(fresh)

    def close(self, role: str, md: Metadata[Any]) -> None:
        """Sign a role's next version and store it. Raises PublishingRefused when too few keys are at hand."""
        md.signed.version += 1
        md.signed.expires = clock.now().replace(microsecond=0) + timedelta(days=RULES[role].days)
        md.signatures.clear()
        for signer in self._keys.signing(self._key_ids(role, md)):
            md.sign(signer, append=True)
        self._refuse_unsigned(role, md)
        name = "timestamp.json" if role == "timestamp" else f"{md.signed.version}.{role}.json"
        durable.write(self.metadata / name, md.to_bytes())

    @property
    def targets_infos(self) -> dict[str, MetaFile]:
        """The versions of all lists of targets."""
        return {f"{role}.json": MetaFile(self.open(role).signed.version) for role in ("targets", *DELEGATED)}

    @property
    def snapshot_info(self) -> MetaFile:
        """The version of the snapshot."""
        return MetaFile(self.open("snapshot").signed.version)

    def _first_signers(self, role: str) -> list[Any]:
        return [self._keys.signer(f"{role}-{number}") for number in range(1, RULES[role].keys + 1)]

    def _delegation(self, role: str) -> DelegatedRole:
        delegations = self.targets().delegations
        return (delegations.roles if delegations and delegations.roles else {})[role]

    def _newest(self, role: str) -> Path | None:
        if role == "timestamp":
            path = self.metadata / "timestamp.json"
            return path if path.exists() else None
        versions = {}
        for path in self.metadata.glob(f"*.{role}.json"):
            found = _VERSIONED.fullmatch(path.name)
            if found and found[2] == role:
                versions[int(found[1])] = path
        return versions[max(versions)] if versions else None

    def _key_ids(self, role: str, md: Metadata[Any]) -> set[str]:
        if role == "root":  # a new root is signed by what the old one and what the new one names
            return {*md.signed.roles["root"].keyids, *self.open("root").signed.roles["root"].keyids}
        return set(self._delegator(role).get_delegated_role(role).keyids)

    def _delegator(self, role: str) -> Root | Targets:
        return self.root() if role in _TOP else self.targets()

    def _refuse_unsigned(self, role: str, md: Metadata[Any]) -> None:
        delegators: list[Root | Targets] = [self._delegator(role)] if self._newest("root") else []
        if role == "root":
            delegators.append(md.signed)
        try:
            for delegator in delegators:
                delegator.verify_delegate(role, md.signed_bytes, md.signatures)
        except UnsignedMetadataError as error:
            raise PublishingRefused(f"{role} cannot be signed: {error}. Bring its keys to the keys folder.") from None


def _delegated(role: str) -> DelegatedRole:
    return DelegatedRole(role, [], RULES[role].threshold, terminating=True, paths=[f"{role}/*/*"])
