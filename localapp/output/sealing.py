"""Sealing a health part: to the insurer's key (HPKE, RFC 9180) and under the advisor's own key. For desk and endpoint.

Source: ARCHITECTURE.md, "Health answers are apart". What is sealed is bound to its document and revision.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_NONCE = 12


class SealBroken(Exception):  # noqa: N818 - a state of the sealed text
    """The text was not sealed for this key and this context, or it was changed."""


def seal_to(public_key: bytes, text: str, context: bytes) -> str:
    """The text sealed to an X25519 public key (32 raw bytes), as base64."""
    key = X25519PublicKey.from_public_bytes(public_key)
    return base64.b64encode(_SUITE.encrypt(text.encode(), key, info=context)).decode("ascii")


def open_sealed(private_key: bytes, sealed: str, context: bytes) -> str:
    """The text that was sealed to the key. Raises SealBroken."""
    try:
        key = X25519PrivateKey.from_private_bytes(private_key)
        return bytes(_SUITE.decrypt(base64.b64decode(sealed, validate=True), key, info=context)).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def lock_with(key: bytes, text: str, context: bytes) -> str:
    """The text under a secret key of 32 bytes (AES-256-GCM), as base64."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), context)).decode("ascii")


def unlock_with(key: bytes, locked: str, context: bytes) -> str:
    """The text that was locked with the key. Raises SealBroken."""
    try:
        raw = base64.b64decode(locked, validate=True)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], context).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def new_sealing_key() -> tuple[bytes, bytes]:
    """A fresh X25519 pair: private and public key, 32 raw bytes each."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()
