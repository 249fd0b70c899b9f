"""The key file of a desk: its two keys, wrapped by a recovery code and, where one was chosen, by a passphrase.

``keys.json`` never holds a key in the open. It names the keyring of the system that holds the keys too, if one does.
Three troubles are told apart: a wrong passphrase (the seal does not open), a damaged key file (its digest does not fit,
or it cannot be read), a damaged database (``fits``: the key is right).
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from localapp import private_files
from localapp.store import recovery, wrapping
from localapp.store.key_failures import (
    DamagedKeyFile,
    KeyFileExists,
    NoKeyFile,
    NoPassphrase,
    WrongPassphrase,
    WrongRecoveryCode,
)
from localapp.store.records import Keys
from localapp.store.wrapping import FORMAT, Hardness, check_passphrase

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True)
class Ways:
    """How the keys can be had besides the recovery code. ``id`` names the keys; ``keyring`` is a backend's name."""

    id: str
    passphrase: bool
    keyring: str | None


@dataclass(frozen=True)
class Prepared:
    """New keys that nothing has been written of yet, so that the recovery code can be copied out first."""

    id: str
    keyring: str | None
    keys: Keys = field(repr=False)
    recovery_code: str = field(repr=False)
    content: bytes = field(repr=False)


class KeyFile:
    """The key file of one data folder."""

    def __init__(self, path: Path, hardness: Hardness | None = None) -> None:
        self.path = path
        self._hardness = hardness or Hardness()

    @property
    def exists(self) -> bool:
        """Whether keys have been made; true also for a link in its place, which reading refuses."""
        return self.path.exists() or self.path.is_symlink()

    def prepare(
        self, passphrase: str | None, keyring: str | None = None, *, after: tuple[Ways, Keys] | None = None
    ) -> Prepared:
        """New random keys and a recovery code. Raises UnfitPassphrase.

        Those that take the place of the keys ``after`` come with a bridge between the two (``rotation``).
        """
        if passphrase is not None:
            check_passphrase(passphrase)
        keys, name, code = Keys(secrets.token_bytes(32), secrets.token_bytes(32)), new_id(), recovery.new_code()
        document = {
            "format": FORMAT,
            "id": name,
            "check": wrapping.check_value(keys),
            "keyring": keyring,
            "passphrase": passphrase and wrapping.by_passphrase(keys, passphrase, self._hardness),
            "recovery": wrapping.by_recovery(keys, code),
            "bridge": after
            and {
                "old_id": after[0].id,
                "old_keyring": after[0].keyring,
                **wrapping.bridge(after[1], keys),
            },
        }
        return Prepared(name, keyring, keys, code, _with_digest(document))

    def write(self, prepared: Prepared) -> None:
        """Make the prepared keys those of the desk. Raises KeyFileExists rather than losing the keys of a database."""
        if self.exists:
            raise KeyFileExists
        private_files.replace(self.path, prepared.content)

    def create(self, passphrase: str) -> tuple[Keys, str]:
        """New keys, written at once, and their recovery code. Raises UnfitPassphrase, KeyFileExists."""
        prepared = self.prepare(passphrase)
        self.write(prepared)
        return prepared.keys, prepared.recovery_code

    def ways(self) -> Ways:
        """How the keys can be had. Raises DamagedKeyFile, NoKeyFile."""
        document = self._read()
        return Ways(str(document["id"]), bool(document["passphrase"]), document["keyring"])

    def unlock(self, passphrase: str) -> Keys:
        """The keys. Raises WrongPassphrase, NoPassphrase, DamagedKeyFile, NoKeyFile."""
        wrapped = self._read()["passphrase"]
        if wrapped is None:
            raise NoPassphrase
        try:
            return wrapping.open_by_passphrase(wrapped, passphrase)
        except InvalidTag as problem:
            raise WrongPassphrase from problem
        except _UNREADABLE as problem:
            raise DamagedKeyFile(path=self.path) from problem

    def unlock_with_recovery(self, code: str) -> Keys:
        """The keys. Raises MistypedRecoveryCode, WrongRecoveryCode, DamagedKeyFile, NoKeyFile."""
        wrapped = self._read()["recovery"]
        try:
            return wrapping.open_by_recovery(wrapped, code)
        except InvalidTag as problem:
            raise WrongRecoveryCode from problem
        except _UNREADABLE as problem:
            raise DamagedKeyFile(path=self.path) from problem

    def change_passphrase(self, keys: Keys, passphrase: str | None) -> None:
        """Wrap the keys by another passphrase, or by none; the rest stays. Raises KeyFailure; ValueError: see there."""
        if passphrase is not None:
            check_passphrase(passphrase)
        self._change(keys, passphrase=passphrase and wrapping.by_passphrase(keys, passphrase, self._hardness))

    def change_recovery_code(self, keys: Keys, code: str) -> None:
        """Wrap the keys by another recovery code; the earlier one opens nothing any more."""
        self._change(keys, recovery=wrapping.by_recovery(keys, code))

    def change_keyring(self, keys: Keys, keyring: str | None) -> None:
        """Note which keyring of the system holds the keys, or that none does."""
        self._change(keys, keyring=keyring)

    def fits(self, keys: Keys) -> bool:
        """Whether these are the keys that the desk was made with: if so, what does not open with them is damaged."""
        return hmac.compare_digest(str(self._read()["check"]), wrapping.check_value(keys))

    def across(self, keys: Keys) -> Keys:
        """The keys at the other end of the bridge. Raises DamagedKeyFile when there is none for these keys."""
        try:
            return wrapping.cross(self._read()["bridge"], keys)
        except (InvalidTag, *_UNREADABLE) as problem:
            raise DamagedKeyFile(path=self.path) from problem

    def before(self) -> Ways:
        """Where the keys at the far end of the bridge are kept. Raises DamagedKeyFile."""
        try:
            bridge = self._read()["bridge"]
            return Ways(str(bridge["old_id"]), passphrase=False, keyring=bridge["old_keyring"])
        except _UNREADABLE as problem:
            raise DamagedKeyFile(path=self.path) from problem

    def without_bridge(self) -> bytes:
        """The content of the file as it is once the earlier keys are forgotten."""
        return _with_digest({**self._read(), "bridge": None})

    def _change(self, keys: Keys, **values: object) -> None:
        """Raises ValueError for foreign keys, and for a file that only the recovery code would open."""
        document = {**self._read(), **values}
        if not hmac.compare_digest(str(document["check"]), wrapping.check_value(keys)):
            raise ValueError("keys of another desk")
        if document["passphrase"] is None and document["keyring"] is None:
            raise ValueError("neither passphrase nor keyring would be left")
        private_files.replace(self.path, _with_digest(document))

    def _read(self) -> dict[str, Any]:
        """The document of the file, proved whole. Raises NoKeyFile, DamagedKeyFile."""
        try:
            document = json.loads(private_files.read(self.path))
            digest = document.pop("digest")
            if document["format"] == FORMAT and hmac.compare_digest(str(digest), _digest(document)):
                return dict(document)
        except FileNotFoundError as problem:
            raise NoKeyFile(path=self.path) from problem
        except (OSError, *_UNREADABLE) as problem:
            raise DamagedKeyFile(path=self.path) from problem
        raise DamagedKeyFile(path=self.path)


def new_id() -> str:
    """A name for new keys that no other keys have."""
    return secrets.token_hex(16)


def _with_digest(document: Mapping[str, Any]) -> bytes:
    return json.dumps({**document, "digest": _digest(document)}, indent=1).encode()


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
