"""The keys at hand: Ed25519 private keys in a folder that only the publisher reads.

Which roles a key signs for is said by the signed metadata, not here. A key that is not in the folder cannot sign, so
root, targets, calc and app keys can be kept off the server.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

from endpoint.publishing import durable
from endpoint.publishing.failures import PublishingRefused


class KeyRing:
    """A folder (0700) with one PEM file (0600) for each key, e.g. ``calc-1.pem``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for private in (folder.parent, folder):  # parents made on the way would be open to others
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
            private.chmod(0o700)
        self._signers = {path.stem: _read(path) for path in sorted(folder.glob("*.pem"))}

    def signer(self, name: str) -> CryptoSigner:
        """The key of that name, generated when there is none yet."""
        if name not in self._signers:
            fresh = CryptoSigner.generate_ed25519()
            durable.write(self._folder / f"{name}.pem", fresh.private_bytes)
            self._signers[name] = fresh
        return self._signers[name]

    def id_of(self, name: str) -> str:
        """What the metadata call the key of that name. Raises PublishingRefused when it is not at hand."""
        if name not in self._signers:
            raise PublishingRefused(f"There is no key {name}. Those at hand: {', '.join(sorted(self._signers))}.")
        return self._signers[name].public_key.keyid

    def signing(self, key_ids: set[str]) -> list[CryptoSigner]:
        """The keys at hand among those."""
        return [signer for signer in self._signers.values() if signer.public_key.keyid in key_ids]

    def next_name(self, role: str) -> str:
        """A name that no key of a role has had."""
        numbers = [int(name.rpartition("-")[2]) for name in self._signers if name.rpartition("-")[0] == role]
        return f"{role}-{max(numbers, default=0) + 1}"


def _read(path: Path) -> CryptoSigner:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise PublishingRefused(f"{path.name} is no private key: {error}. Put the saved key back.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise PublishingRefused(f"{path.name} is no Ed25519 key. Put the saved key back.")
    return CryptoSigner(key)
