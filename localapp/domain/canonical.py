"""Canonical text and digests: what a revision is made of, byte for byte the same on desk and endpoint.

Source: ARCHITECTURE.md, "The way of one value" and "Health answers are apart".
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from localapp.domain.correction import Corrects


@dataclass(frozen=True)
class Pinned:
    """A component at one version, e.g. ``Pinned("flexi-offer", "1")``."""

    name: str
    version: str


@dataclass(frozen=True)
class FrozenRevision:
    """The two canonical parts of a completed document and their digests (SHA-256, lower-case hex)."""

    answers: str
    health: str
    answers_digest: str
    health_digest: str
    digest: str


def canonical_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON with sorted keys, no spaces, not-ASCII kept.

    Raises TypeError on what has no canonical form: floats, names that are not text, halves of characters.
    """
    _check(value)
    return _lettered(_written(value))


def plain_canonical_text(value: dict[str, Any]) -> str:
    """The same for what is known to hold nothing but texts, integers, None and more of the same kind: only letters are
    looked at.
    """
    return _lettered(_written(value))


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def digest_of(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, lower-case hex."""
    return digest_of_bytes(text.encode())


def digest_of_bytes(content: bytes) -> str:
    """SHA-256, lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def freeze(
    answers: dict[str, Any],
    health: dict[str, Any],
    form: Pinned,
    calculation: Pinned,
    salts: tuple[str, str],
    corrects: Corrects | None = None,
) -> FrozenRevision:
    """Freeze the answers of a completed document.

    ``salts`` are two fresh random 256-bit values in hex, one for each part: a digest of near-boolean answers could
    otherwise be guessed. The revision's digest covers both parts' digests, the pinned versions, and what the document
    ``corrects``: who signs the one signs the other.
    """
    answers_text = canonical_text({"salt": salts[0], "values": answers})
    health_text = canonical_text({"salt": salts[1], "values": health})
    answers_digest, health_digest = digest_of(answers_text), digest_of(health_text)
    whole = revision_digest(answers_digest, health_digest, form, calculation, corrects)
    return FrozenRevision(answers_text, health_text, answers_digest, health_digest, whole)


def revision_digest(
    answers_digest: str, health_digest: str, form: Pinned, calculation: Pinned, corrects: Corrects | None = None
) -> str:
    """The digest of a whole revision: of both parts, the versions it was made with, and what it corrects, if so."""
    parts: dict[str, Any] = {
        "answers": answers_digest,
        "calculation": [calculation.name, calculation.version],
        "form": [form.name, form.version],
        "health": health_digest,
    }
    if corrects is not None:
        parts["corrects"] = corrects.as_json()
    return digest_of(plain_canonical_text(parts))


def _check(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Texts first: a document consists of them."""
    if isinstance(value, str):
        return
    if isinstance(value, float):
        raise TypeError(f"{value!r}: a float has no canonical text; amounts are integers or Decimal text")
    if isinstance(value, dict):
        for name, part in value.items():
            if not isinstance(name, str):
                raise TypeError(f"{name!r}: JSON would turn a name that is no text into one")
            _check(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _check(part)


def _lettered(text: str) -> str:
    """The text, looked through at once: encoding is the fastest way to find half of a character in a long one."""
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        raise TypeError("half of a character has no canonical text, and no bytes") from None
    return text
