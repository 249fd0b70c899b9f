"""Linking a further installation of the same advisor by a one-time code, and handing over the advisor's health key.

The endpoint never has the code or the key: it keeps a digest of the proof and the key wrapped under the other half of
what argon2id makes of the code. Source: docs/sync-protocol.md, "Who sees what".
"""

import base64
import hashlib
import secrets

from argon2.low_level import Type, hash_secret_raw

from localapp.output.sealing import SealBroken, lock_with, unlock_with
from localapp.store.enrolments import Enrolment
from localapp.store.sync_store import SyncStore
from localapp.sync.greeting import ask_apart
from localapp.sync.transport import Transport, TransportFailed

LINK_CODES, LINKS = "/v1/link-codes", "/v1/links"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12


def make_code(store: SyncStore, transport: Transport, enrolment: Enrolment) -> tuple[str, str]:
    """A fresh code in groups of four, and until when it is valid (ISO). Raises Refused, TransportFailed."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    proof, key = _derive(code, enrolment)
    wrapped = lock_with(key, base64.b64encode(enrolment.health_key).decode("ascii"), _context(enrolment))
    content = {"proof_hash": hashlib.sha256(proof).hexdigest(), "wrapped_key": wrapped}
    answer = ask_apart(store, transport, enrolment, LINK_CODES, content)
    try:
        return "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4)), str(answer["expires_at"])
    except (KeyError, TypeError):
        raise TransportFailed("endpoint_not_recognized") from None


def enter_code(store: SyncStore, transport: Transport, enrolment: Enrolment, typed: str) -> None:
    """Link this installation with a code made on a linked one. Raises Refused (``link_code_*``), TransportFailed."""
    proof, key = _derive(clean_code(typed), enrolment)
    answer = ask_apart(store, transport, enrolment, LINKS, {"proof": base64.b64encode(proof).decode("ascii")})
    try:
        health_key = base64.b64decode(unlock_with(key, str(answer["wrapped_key"]), _context(enrolment)))
    except (KeyError, TypeError, ValueError, SealBroken):
        raise TransportFailed("endpoint_not_recognized") from None
    if len(health_key) != len(enrolment.health_key):
        raise TransportFailed("endpoint_not_recognized")
    store.link(enrolment.id, health_key)


def clean_code(typed: str) -> str:
    """The code as it was made: capitals and digits without spaces and dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _derive(code: str, enrolment: Enrolment) -> tuple[bytes, bytes]:
    """The proof and the wrapping key."""
    salt = hashlib.sha256(_context(enrolment)).digest()[:16]
    made = hash_secret_raw(
        code.encode(), salt, time_cost=3, memory_cost=65536, parallelism=4, hash_len=64, type=Type.ID
    )
    return made[:32], made[32:]


def _context(enrolment: Enrolment) -> bytes:
    return f"smartclient/link/{enrolment.partner_number}/{enrolment.advisor.identity}".encode()
