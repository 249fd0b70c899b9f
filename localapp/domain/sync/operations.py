"""Operations: what a desk tells the insurer, frozen as canonical text before a byte leaves.

An operation is sent again byte for byte until its outcome is known; the endpoint answers a repeat with the outcome that
it recorded. Source: docs/sync-protocol.md, "Operations".
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from localapp.domain.canonical import FrozenRevision, Pinned, digest_of, plain_canonical_text, revision_digest
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import NUMBER_LETTERS, Kind
from localapp.domain.sync.envelope_reading import EnvelopeReader, EnvelopeRefused
from localapp.domain.sync.signatures import Signature, read_signature

LARGEST = 4 * 1024 * 1024
"""Bytes of one envelope; a larger one is rejected with ``too_large``."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NUMBER = re.compile(r"([NMZO])\d{2}-\d{6}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_AFTER_COMPLETION = ',"document":'
_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class OperationKind(StrEnum):
    """A revision was completed or signed, or the document was cancelled."""

    COMPLETION = "completion"
    CANCELLATION = "cancellation"
    SIGNATURE = "signature"


_OPERATION_KINDS = {each.value: each for each in OperationKind}
_DOCUMENT_KINDS = {each.value: each for each in Kind}


class Outcome(StrEnum):
    """What became of an operation. Only ``deferred`` is not recorded: the same bytes are sent again later."""

    ACCEPTED = "accepted"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    DEFERRED = "deferred"


@dataclass(frozen=True)
class Premium:
    """What the desk showed the client: CZK of one instalment as text, and the digest of the whole output."""

    total_instalment: str
    payments_per_year: int
    output_digest: str


@dataclass(frozen=True)
class Completion:
    """The content of a completed revision. ``answers`` is canonical text; health travels sealed only."""

    form: Pinned
    calculation: Pinned
    answers: str
    answers_digest: str
    health_digest: str
    digest: str
    premium: Premium | None
    sealed_health: str
    """Base64 of the health text sealed to the insurer's intake key, bound to document and revision."""
    advisor_health: str
    """Base64 of the health text sealed under the advisor's health key, which the endpoint never holds."""
    corrects: Corrects | None = None
    """The exported revision in whose place this document stands; the same in each revision of the document."""

    def text(self) -> str:
        """Its canonical text, as it stands in the envelope."""
        return plain_canonical_text(_completion_as_json(self))


@dataclass(frozen=True)
class Envelope:
    """One operation. ``base_revision`` is the newest revision that the desk knows to be acknowledged, None for none."""

    operation: str
    kind: OperationKind
    document: str
    document_kind: Kind
    number: str
    revision: int
    base_revision: int | None
    partner_number: str
    advisor_code: str
    installation: str
    completion: Completion | None = None
    signature: Signature | None = None

    def text(self) -> str:
        """The canonical text that is frozen, sent and hashed."""
        return plain_canonical_text(self._content())

    def heading(self) -> str:
        """The same without what a completion consists of (``joined``)."""
        content = self._content()
        content.pop("completion", None)
        return plain_canonical_text(content)

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "advisor_code": self.advisor_code,
            "base_revision": self.base_revision,
            "document": self.document,
            "document_kind": self.document_kind.value,
            "installation": self.installation,
            "kind": self.kind.value,
            "number": self.number,
            "operation": self.operation,
            "partner_number": self.partner_number,
            "revision": self.revision,
        }
        if self.completion is not None:
            content["completion"] = _completion_as_json(self.completion)
        if self.signature is not None:
            content["signature"] = self.signature.as_json()
        return content


def joined(heading: str, completion: str | None) -> str:
    """The text of an envelope from its heading and the canonical text of its completion, which has its place in it.

    Within a text a quotation mark has a backslash before it, so the place is found once.
    """
    if completion is None:
        return heading
    before, after = heading.split(_AFTER_COMPLETION, 1)
    return f'{before},"completion":{completion}{_AFTER_COMPLETION}{after}'


def health_context(document: str, revision: int) -> bytes:
    """What a sealed health part is bound to."""
    return f"smartclient/health/{document}/{revision}".encode()


def read_envelope(text: str) -> Envelope:
    """Read and check an envelope: shape, canonical form, and digests over its own content. Raises EnvelopeRefused."""
    try:
        if len(text) > LARGEST or len(text.encode()) > LARGEST:
            raise EnvelopeRefused("too_large", "envelope")
        content = json.loads(text)
    except (ValueError, RecursionError):  # half of a character has no bytes
        raise EnvelopeRefused("malformed", "not JSON") from None
    envelope = envelope_of(content)
    if written(content) != text:
        raise EnvelopeRefused("malformed", "not canonical")
    return envelope


def written(content: object) -> str:
    """What an envelope was read from as canonical text: readers let no float and no half of a character through."""
    return _write(content)


def envelope_of(content: object) -> Envelope:
    """Read and check an envelope that was read as JSON: shape, and digests over its own content.

    Raises EnvelopeRefused.
    """
    reader = EnvelopeReader(content)
    completion, signature = reader.object_or_nothing("completion"), reader.object_or_nothing("signature")
    envelope = Envelope(
        operation=reader.matching("operation", _ID),
        kind=reader.one_of("kind", _OPERATION_KINDS),
        document=reader.matching("document", _ID),
        document_kind=reader.one_of("document_kind", _DOCUMENT_KINDS),
        number=reader.matching("number", _NUMBER),
        revision=reader.count("revision"),
        base_revision=reader.maybe_count("base_revision"),
        partner_number=reader.text("partner_number"),
        advisor_code=reader.text("advisor_code"),
        installation=reader.matching("installation", _ID),
        completion=None if completion is None else _read_completion(completion),
        signature=None if signature is None else read_signature(signature),
    )
    reader.nothing_else()
    _check(envelope)
    return envelope


def _check(envelope: Envelope) -> None:
    if (envelope.kind is OperationKind.COMPLETION) != (envelope.completion is not None):
        raise EnvelopeRefused("malformed", "a completion has its content, a cancellation has none")
    if (envelope.kind is OperationKind.SIGNATURE) != (envelope.signature is not None):
        raise EnvelopeRefused("malformed", "a signature says what was signed, nothing else does")
    if envelope.number[0] != NUMBER_LETTERS[envelope.document_kind]:
        raise EnvelopeRefused("malformed", "number of another kind")
    if envelope.completion is not None:
        _check_digests(envelope.completion)
        _check_corrects(envelope, envelope.completion.corrects)


def _check_corrects(envelope: Envelope, corrects: Corrects | None) -> None:
    """A document corrects another one of its kind."""
    if corrects and (corrects.document == envelope.document or corrects.number[0] != envelope.number[0]):
        raise EnvelopeRefused("malformed", "corrects")


def _check_digests(completion: Completion) -> None:
    if digest_of(completion.answers) != completion.answers_digest:
        raise EnvelopeRefused("digest_wrong", "answers")
    whole = revision_digest(
        completion.answers_digest,
        completion.health_digest,
        completion.form,
        completion.calculation,
        completion.corrects,
    )
    if whole != completion.digest:
        raise EnvelopeRefused("digest_wrong", "revision")


def completion_of(
    frozen: FrozenRevision,
    form: Pinned,
    calculation: Pinned,
    premium: Premium | None,
    sealed: tuple[str, str],
    corrects: Corrects | None = None,
) -> Completion:
    """The content of an operation from a frozen revision; ``sealed`` are its health for the insurer and the advisor."""
    return Completion(
        form=form,
        calculation=calculation,
        answers=frozen.answers,
        answers_digest=frozen.answers_digest,
        health_digest=frozen.health_digest,
        digest=frozen.digest,
        premium=premium,
        sealed_health=sealed[0],
        advisor_health=sealed[1],
        corrects=corrects,
    )


def _completion_as_json(completion: Completion) -> dict[str, Any]:
    premium = completion.premium
    return {
        "advisor_health": completion.advisor_health,
        "answers": completion.answers,
        "answers_digest": completion.answers_digest,
        "calculation": [completion.calculation.name, completion.calculation.version],
        "corrects": completion.corrects and completion.corrects.as_json(),
        "digest": completion.digest,
        "form": [completion.form.name, completion.form.version],
        "health_digest": completion.health_digest,
        "premium": None
        if premium is None
        else {
            "output_digest": premium.output_digest,
            "payments_per_year": premium.payments_per_year,
            "total_instalment": premium.total_instalment,
        },
        "sealed_health": completion.sealed_health,
    }


def _read_completion(found: object) -> Completion:
    reader = EnvelopeReader(found)
    premium, corrects = reader.given("premium"), reader.given("corrects")
    completion = Completion(
        form=reader.pinned("form"),
        calculation=reader.pinned("calculation"),
        answers=reader.text("answers", LARGEST),
        answers_digest=reader.matching("answers_digest", _DIGEST),
        health_digest=reader.matching("health_digest", _DIGEST),
        digest=reader.matching("digest", _DIGEST),
        premium=None if premium is None else _read_premium(premium),
        sealed_health=reader.text("sealed_health", LARGEST),
        advisor_health=reader.text("advisor_health", LARGEST),
        corrects=None if corrects is None else _read_corrects(corrects),
    )
    reader.nothing_else()
    return completion


def _read_corrects(found: object) -> Corrects:
    reader = EnvelopeReader(found)
    corrects = Corrects(reader.matching("document", _ID), reader.matching("number", _NUMBER), reader.count("revision"))
    reader.nothing_else()
    return corrects


def _read_premium(found: object) -> Premium:
    reader = EnvelopeReader(found)
    premium = Premium(
        reader.text("total_instalment"), reader.count("payments_per_year"), reader.matching("output_digest", _DIGEST)
    )
    reader.nothing_else()
    return premium
