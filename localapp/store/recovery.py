"""The recovery code: 155 random bits and a check character, written as 8 groups of 4 for pen and paper.

The alphabet is Crockford's base 32 (no I, L, O, U); when read, O counts as 0, I and L as 1; case and spacing are free.
"""

import hashlib
import secrets

from localapp.store.key_failures import MistypedRecoveryCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 32, 4
_ALIKE = str.maketrans("OIL", "011")
_IGNORED = str.maketrans("", "", " -–\t\u00a0")


def new_code() -> str:
    """A fresh code, e.g. ``7F3K-…`` with 8 groups."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return _grouped(body + _check_character(body))


def parse(code: str) -> bytes:
    """The secret of a code however it was typed. Raises MistypedRecoveryCode."""
    plain = code.translate(_IGNORED).upper().translate(_ALIKE)
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET) or _check_character(plain[:-1]) != plain[-1]:
        raise MistypedRecoveryCode(length=LENGTH)
    return plain.encode("ascii")


def last_group(code: str) -> str:
    """The group that proves that the code was copied out."""
    return code.rpartition("-")[2]


def same_group(typed: str, group: str) -> bool:
    """Whether the typed text is the group, read as kindly as a whole code."""
    return typed.translate(_IGNORED).upper().translate(_ALIKE) == group


def _check_character(body: str) -> str:
    return ALPHABET[hashlib.sha256(body.encode("ascii")).digest()[0] % 32]


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + GROUP] for start in range(0, LENGTH, GROUP))
