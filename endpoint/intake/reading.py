"""A push as it is read, before anything is locked: pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from endpoint.fields import is_identifier
from endpoint.refusal import RequestRefused
from localapp.domain.canonical import digest_of_bytes
from localapp.domain.sync.envelope_reading import EnvelopeRefused
from localapp.domain.sync.messages import MOST_BYTES, MOST_OPERATIONS, Refusal
from localapp.domain.sync.operations import LARGEST, Envelope, envelope_of, read_envelope, written

UNREADABLE = "unreadable"
"""Stands for the id of an operation that names none."""


@dataclass(frozen=True)
class ReadOperation:
    """One operation: its id as far as it names one, and its envelope or why it is none."""

    id: str
    text: str
    digest: str
    envelope: Envelope | None = None
    refusal: Refusal | None = None


def read_push(message: Mapping[str, Any]) -> list[ReadOperation]:
    """The operations of a request, in order.

    Raises RequestRefused ``malformed`` when the request itself breaks a rule: no list of texts, more than 500, more
    than 1 MiB (one alone may have more), two of one document.
    """
    listed = message.get("operations")
    if not isinstance(listed, list) or not all(isinstance(each, str | dict) for each in listed):
        raise RequestRefused("malformed", reason="operations")
    if len(listed) > MOST_OPERATIONS:
        raise RequestRefused("malformed", reason=f"operations: {len(listed)} > {MOST_OPERATIONS}")
    texts = [(each, None) if isinstance(each, str) else (_written(each), each) for each in listed]
    contents = [_bytes(text) for text, _ in texts]
    size = sum(map(len, contents))
    if len(texts) > 1 and size > MOST_BYTES:
        raise RequestRefused("malformed", reason=f"operations: {size} B > {MOST_BYTES} B")
    found = [_read(text, encoded, content) for (text, content), encoded in zip(texts, contents, strict=True)]
    documents = [each.envelope.document for each in found if each.envelope]
    ids = [each.id for each in found if each.id != UNREADABLE]
    if len(set(documents)) < len(documents) or len(set(ids)) < len(ids):
        raise RequestRefused("malformed", reason="operations: two of one document")
    return found


def _written(content: object) -> str:
    """The bytes of an operation that came as an object are those of its canonical text."""
    try:
        return written(content)
    except RecursionError:
        raise RequestRefused("malformed", reason="operations") from None


class _NotText(bytes):
    """The bytes of a text that JSON can hold and UTF-8 cannot: it has half of a character in it."""


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _NotText(text.encode("utf-8", "surrogatepass"))


def _read(text: str, encoded: bytes, content: object) -> ReadOperation:
    """One operation; what is wrong with it is its own refusal. ``content`` is what its text was written from, if so."""
    if isinstance(encoded, _NotText):
        return ReadOperation(UNREADABLE, "", "", refusal=Refusal("malformed", {"reason": "not text"}))
    digest = digest_of_bytes(encoded)
    if content is not None and len(encoded) > LARGEST:
        return ReadOperation(
            _named(text), text, digest, refusal=_refusal(EnvelopeRefused("too_large", "operation"), text)
        )
    try:
        envelope = read_envelope(text) if content is None else envelope_of(content)
    except EnvelopeRefused as refused:
        return ReadOperation(_named(text), text, digest, refusal=_refusal(refused, text))
    return ReadOperation(envelope.operation, text, digest, envelope)


def _refusal(refused: EnvelopeRefused, text: str) -> Refusal:
    if refused.code == "too_large":
        return Refusal("too_large", {"size": str(len(text.encode())), "limit": str(LARGEST)})
    return Refusal(refused.code, {"reason": refused.reason[:100]})


def _named(text: str) -> str:
    """The id that a refused envelope names, so that its refusal can be recorded under it."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return UNREADABLE
    found = content.get("operation") if isinstance(content, dict) else None
    return str(found) if is_identifier(found) else UNREADABLE
