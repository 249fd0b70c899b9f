"""How the two keys of a desk are sealed: under a passphrase (argon2id), under a recovery code, under other keys."""

import hashlib
import hmac
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from localapp.store import recovery
from localapp.store.key_failures import UnfitPassphrase
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


def by_passphrase(keys: Keys, passphrase: str, hardness: Hardness) -> Wrapped:
    """The keys, to be opened with the passphrase alone."""
    salt = secrets.token_bytes(16)
    cost = {"memory": hardness.memory, "passes": hardness.passes, "lanes": hardness.lanes, "salt": salt.hex()}
    return _seal(keys, _from_passphrase(passphrase, salt, hardness), "passphrase", cost)


def open_by_passphrase(wrapped: Wrapped, passphrase: str) -> Keys:
    """The keys. Raises InvalidTag for another passphrase; KeyError, TypeError, ValueError for what is no wrapping."""
    hardness = Hardness(wrapped["memory"], wrapped["passes"], wrapped["lanes"])
    return _unseal(wrapped, _from_passphrase(passphrase, bytes.fromhex(wrapped["salt"]), hardness), "passphrase")


def by_recovery(keys: Keys, code: str) -> Wrapped:
    """The keys, to be opened with the recovery code alone. Raises MistypedRecoveryCode."""
    salt = secrets.token_bytes(16)
    return _seal(keys, _from_recovery(recovery.parse(code), salt), "recovery", {"salt": salt.hex()})


def open_by_recovery(wrapped: Wrapped, code: str) -> Keys:
    """The keys. Raises MistypedRecoveryCode, and what ``open_by_passphrase`` raises."""
    return _unseal(wrapped, _from_recovery(recovery.parse(code), bytes.fromhex(wrapped["salt"])), "recovery")


def bridge(old: Keys, new: Keys) -> dict[str, Wrapped]:
    """Each of two pairs of keys sealed under the other: whoever has one has both."""
    return {
        "to_new": _seal(new, _from_keys(old), "bridge to new", {}),
        "to_old": _seal(old, _from_keys(new), "bridge to old", {}),
    }


def cross(bridged: Mapping[str, Wrapped], keys: Keys) -> Keys:
    """The pair at the other end. Raises InvalidTag when ``keys`` are neither; KeyError … for what is no bridge."""
    key = _from_keys(keys)
    try:
        return _unseal(bridged["to_new"], key, "bridge to new")
    except InvalidTag:
        return _unseal(bridged["to_old"], key, "bridge to old")


def check_value(keys: Keys) -> str:
    """A digest by which keys are recognized; it says nothing about them."""
    return hmac.new(keys.database + keys.health, b"smartclient key check", hashlib.sha256).hexdigest()


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


def _from_keys(keys: Keys) -> bytes:
    return HKDF(SHA256(), 32, None, b"smartclient bridge").derive(keys.database + keys.health)


def _seal(keys: Keys, key: bytes, purpose: str, how: Mapping[str, Any]) -> Wrapped:
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(key).encrypt(nonce, keys.database + keys.health, _bound_to(purpose))
    return {**how, "nonce": nonce.hex(), "sealed": sealed.hex()}


def _unseal(wrapped: Wrapped, key: bytes, purpose: str) -> Keys:
    plain = AESGCM(key).decrypt(bytes.fromhex(wrapped["nonce"]), bytes.fromhex(wrapped["sealed"]), _bound_to(purpose))
    return Keys(plain[:32], plain[32:])


def _bound_to(purpose: str) -> bytes:
    return f"smartclient keys {FORMAT} {purpose}".encode()
