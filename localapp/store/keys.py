"""The keys of a desk, wrapped twice: by a passphrase (argon2id) and by a recovery code.

``keys.json`` never holds a key in the open. Three troubles are told apart: a wrong passphrase (the seal does not open),
a damaged key file (its digest does not fit, or it cannot be read), a damaged database (``fits``: the key is right).
"""

import hashlib
import hmac
import json
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from localapp import private_files
from localapp.store import recovery
from localapp.store.key_failures import (
    DamagedKeyFile,
    KeyFileExists,
    NoKeyFile,
    UnfitPassphrase,
    WrongPassphrase,
    WrongRecoveryCode,
)
from localapp.store.records import Keys

FORMAT = 1
SHORTEST, LONGEST, FEWEST_DISTINCT = 10, 256, 5

Wrapped = dict[str, Any]

_one_at_a_time = threading.Lock()  # 64 MiB each: many guesses at once must not exhaust the memory


@dataclass(frozen=True)
class Hardness:
    """The cost of one guess of the passphrase (argon2id): memory in KiB, passes, lanes."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        """Raise ValueError for a cost that a changed file could use to stop the computer."""
        if not (8 * 1024 <= self.memory <= 1024 * 1024 and 1 <= self.passes <= 20 and 1 <= self.lanes <= 16):
            raise ValueError("hardness out of range")


@dataclass(frozen=True)
class Prepared:
    """New keys that nothing has been written of yet, so that the recovery code can be copied out first."""

    keys: Keys = field(repr=False)
    recovery_code: str = field(repr=False)
    content: bytes = field(repr=False)


class KeyFile:
    """The key file of one data folder."""

    def __init__(self, path: Path, hardness: Hardness | None = None) -> None:
        self._path = path
        self._hardness = hardness or Hardness()

    @property
    def exists(self) -> bool:
        """Whether a passphrase has been chosen; true also for a link in its place, which reading refuses."""
        return self._path.exists() or self._path.is_symlink()

    def prepare(self, passphrase: str) -> Prepared:
        """New random keys and a recovery code. Raises UnfitPassphrase."""
        check_passphrase(passphrase)
        keys = Keys(secrets.token_bytes(32), secrets.token_bytes(32))
        code = recovery.new_code()
        document = {
            "format": FORMAT,
            "check": _check_value(keys),
            "passphrase": _wrap_by_passphrase(keys, passphrase, self._hardness),
            "recovery": _wrap_by_recovery(keys, code),
        }
        return Prepared(keys, code, _with_digest(document))

    def write(self, prepared: Prepared) -> None:
        """Make the prepared keys those of the desk. Raises KeyFileExists rather than losing the keys of a database."""
        if self.exists:
            raise KeyFileExists
        private_files.replace(self._path, prepared.content)

    def create(self, passphrase: str) -> tuple[Keys, str]:
        """New keys, written at once, and their recovery code. Raises UnfitPassphrase, KeyFileExists."""
        prepared = self.prepare(passphrase)
        self.write(prepared)
        return prepared.keys, prepared.recovery_code

    def unlock(self, passphrase: str) -> Keys:
        """The keys. Raises WrongPassphrase, DamagedKeyFile, NoKeyFile."""
        wrapped = self._read()["passphrase"]
        try:
            hardness = Hardness(wrapped["memory"], wrapped["passes"], wrapped["lanes"])
            key = _from_passphrase(passphrase, bytes.fromhex(wrapped["salt"]), hardness)
            return _unseal(wrapped, key, "passphrase")
        except InvalidTag as problem:
            raise WrongPassphrase from problem
        except (KeyError, TypeError, ValueError) as problem:
            raise DamagedKeyFile(path=self._path) from problem

    def unlock_with_recovery(self, code: str) -> Keys:
        """The keys. Raises MistypedRecoveryCode, WrongRecoveryCode, DamagedKeyFile, NoKeyFile."""
        wrapped = self._read()["recovery"]
        secret = recovery.parse(code)
        try:
            return _unseal(wrapped, _from_recovery(secret, bytes.fromhex(wrapped["salt"])), "recovery")
        except InvalidTag as problem:
            raise WrongRecoveryCode from problem
        except (KeyError, TypeError, ValueError) as problem:
            raise DamagedKeyFile(path=self._path) from problem

    def change_passphrase(self, keys: Keys, passphrase: str) -> None:
        """Wrap the keys by another passphrase; the recovery code stays. Raises KeyFailure; ValueError: foreign keys."""
        check_passphrase(passphrase)
        document = self._read()
        if not hmac.compare_digest(str(document["check"]), _check_value(keys)):
            raise ValueError("keys of another desk")
        document["passphrase"] = _wrap_by_passphrase(keys, passphrase, self._hardness)
        private_files.replace(self._path, _with_digest(document))

    def fits(self, keys: Keys) -> bool:
        """Whether these are the keys that the desk was made with: if so, what does not open with them is damaged."""
        return hmac.compare_digest(str(self._read()["check"]), _check_value(keys))

    def _read(self) -> dict[str, Any]:
        """The document of the file, proved whole. Raises NoKeyFile, DamagedKeyFile."""
        try:
            document = json.loads(private_files.read(self._path))
            digest = document.pop("digest")
            if document["format"] == FORMAT and hmac.compare_digest(str(digest), _digest(document)):
                return dict(document)
        except FileNotFoundError as problem:
            raise NoKeyFile(path=self._path) from problem
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise DamagedKeyFile(path=self._path) from problem
        raise DamagedKeyFile(path=self._path)


def check_passphrase(passphrase: str) -> None:
    """Raise UnfitPassphrase, with the rule that is broken, for what would be guessed soon."""
    length = len(_normal(passphrase))
    if length < SHORTEST:
        raise UnfitPassphrase("short", length=length, shortest=SHORTEST)
    if length > LONGEST:
        raise UnfitPassphrase("long", length=length, longest=LONGEST)
    distinct = len(set(_normal(passphrase)))
    if distinct < FEWEST_DISTINCT:
        raise UnfitPassphrase("plain", distinct=distinct, fewest=FEWEST_DISTINCT)


def _normal(passphrase: str) -> str:
    """One spelling for one passphrase: keyboards compose „č“ differently."""
    return unicodedata.normalize("NFKC", passphrase)


def _from_passphrase(passphrase: str, salt: bytes, hardness: Hardness) -> bytes:
    secret = _normal(passphrase).encode("utf-8", "surrogatepass")
    with _one_at_a_time:
        return hash_secret_raw(secret, salt, hardness.passes, hardness.memory, hardness.lanes, 32, Type.ID)


def _from_recovery(secret: bytes, salt: bytes) -> bytes:
    """The code is random and long, so it needs no costly derivation."""
    return HKDF(SHA256(), 32, salt, b"smartclient recovery").derive(secret)


def _wrap_by_passphrase(keys: Keys, passphrase: str, hardness: Hardness) -> Wrapped:
    salt = secrets.token_bytes(16)
    cost = {"memory": hardness.memory, "passes": hardness.passes, "lanes": hardness.lanes, "salt": salt.hex()}
    return _seal(keys, _from_passphrase(passphrase, salt, hardness), "passphrase", cost)


def _wrap_by_recovery(keys: Keys, code: str) -> Wrapped:
    salt = secrets.token_bytes(16)
    return _seal(keys, _from_recovery(recovery.parse(code), salt), "recovery", {"salt": salt.hex()})


def _seal(keys: Keys, key: bytes, purpose: str, how: Mapping[str, Any]) -> Wrapped:
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(key).encrypt(nonce, keys.database + keys.health, _bound_to(purpose))
    return {**how, "nonce": nonce.hex(), "sealed": sealed.hex()}


def _unseal(wrapped: Wrapped, key: bytes, purpose: str) -> Keys:
    plain = AESGCM(key).decrypt(bytes.fromhex(wrapped["nonce"]), bytes.fromhex(wrapped["sealed"]), _bound_to(purpose))
    return Keys(plain[:32], plain[32:])


def _bound_to(purpose: str) -> bytes:
    return f"smartclient keys {FORMAT} {purpose}".encode()


def _check_value(keys: Keys) -> str:
    return hmac.new(keys.database + keys.health, b"smartclient key check", hashlib.sha256).hexdigest()


def _with_digest(document: Mapping[str, Any]) -> bytes:
    return json.dumps({**document, "digest": _digest(document)}, indent=1).encode()


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
