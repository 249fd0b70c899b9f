"""The endpoint's X25519 keys: it opens sealed health with the intake key and seals it for the core system's key."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from endpoint import durable
from localapp.output.sealing import new_sealing_key

INTAKE, CORE_PUBLIC, CORE_PRIVATE = "intake.key", "core.pub", "core.key"


class KeyMissing(Exception):  # noqa: N818 - a state of the folder
    """A key file is missing or has not its 32 bytes; the text names the file."""


@dataclass(frozen=True)
class SealingKeys:
    """Raw keys of 32 bytes. The core system's private key is not among them."""

    intake_private: bytes = field(repr=False)
    intake_public: bytes
    core_public: bytes


def create(folder: Path, *, demo: bool) -> None:
    """Make the keys that are missing; a demonstration also gets the core system's pair, to open its exports with."""
    durable.folder(folder)
    if not (folder / INTAKE).exists():
        durable.write(folder / INTAKE, [new_sealing_key()[0]])
    if demo and not (folder / CORE_PUBLIC).exists():
        private, public = new_sealing_key()
        durable.write(folder / CORE_PRIVATE, [private])
        durable.write(folder / CORE_PUBLIC, [public])


def read(folder: Path) -> SealingKeys:
    """The keys of the folder. Raises KeyMissing."""
    intake = _read(folder / INTAKE)
    public = X25519PrivateKey.from_private_bytes(intake).public_key().public_bytes_raw()
    return SealingKeys(intake, public, _read(folder / CORE_PUBLIC))


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyMissing(path.name) from None
    if len(content) != 32:
        raise KeyMissing(path.name)
    return content
