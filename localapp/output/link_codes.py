"""One-time codes by which a further computer of an advisor is linked, and what both sides make of one.

Whoever makes a code – a linked desk, or Help Desk when none is left – and the desk that enters it derive the same from
it; the endpoint's database has a digest of the proof only. Source: docs/sync-protocol.md, "Who sees what".
"""

import hashlib
import secrets
from dataclasses import dataclass, field

from argon2.low_level import Type, hash_secret_raw

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12


@dataclass(frozen=True)
class Derived:
    """``proof`` is shown to the endpoint, ``key`` wraps the advisor's health key and never leaves the two computers."""

    proof: bytes = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def proof_hash(self) -> str:
        """What the endpoint keeps."""
        return hashlib.sha256(self.proof).hexdigest()


def new_code() -> str:
    """A fresh code of 60 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def grouped(code: str) -> str:
    """The code in groups of four, as it is read out."""
    return "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4))


def clean_code(typed: str) -> str:
    """The code as it was made: capitals and digits without spaces and dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def link_context(partner_number: str, identity: str) -> bytes:
    """What a code is bound to: the advisor (``enrolment.advisor_identity``) and the partner."""
    return f"smartclient/link/{partner_number}/{identity}".encode()


def derived(code: str, context: bytes) -> Derived:
    """What is made of a code; it takes a while, so that codes cannot be tried in masses."""
    salt = hashlib.sha256(context).digest()[:16]
    made = hash_secret_raw(
        code.encode(), salt, time_cost=3, memory_cost=65536, parallelism=4, hash_len=64, type=Type.ID
    )
    return Derived(made[:32], made[32:])
