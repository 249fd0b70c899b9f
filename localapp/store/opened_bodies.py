"""A revision from another machine, verified and opened before anything of it is believed.

The endpoint is believed for facts; a content has to fit the digest of the facts, and its health opens only with the
advisor's own key, which the endpoint never holds.
"""

import json
from dataclasses import dataclass, field

from localapp.domain.canonical import FrozenRevision, digest_of
from localapp.domain.sync.bodies import Body
from localapp.domain.sync.enrolment import advisor_identity
from localapp.domain.sync.envelope_reading import EnvelopeRefused
from localapp.domain.sync.messages import DocumentFacts, Refusal
from localapp.domain.sync.operations import Completion, Envelope, health_context, read_envelope
from localapp.output.sealing import SealBroken, unlock_with
from localapp.store.enrolments import Enrolment
from localapp.store.records import Answers


class BodyRefused(Exception):  # noqa: N818 - a refusal
    """A content that is not applied: ``body_not_verified`` or ``body_not_opened``."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)


@dataclass(frozen=True)
class OpenedBody:
    """A verified revision: both parts as they were frozen, and what they say."""

    envelope: Envelope
    completion: Completion
    frozen: FrozenRevision = field(repr=False)
    answers: Answers = field(repr=False)
    health: Answers = field(repr=False)
    backed_up_at: str


def open_body(body: Body, facts: DocumentFacts, enrolment: Enrolment) -> OpenedBody:
    """The content of the revision that the facts are about. Raises BodyRefused."""
    envelope = _read(body, facts)
    completion = envelope.completion
    if completion is None or not _is_the_one(envelope, completion, facts, enrolment):
        raise BodyRefused("body_not_verified", number=facts.number)
    text = _open_health(envelope, completion, facts, enrolment)
    frozen = FrozenRevision(
        completion.answers, text, completion.answers_digest, completion.health_digest, completion.digest
    )
    answers, health = (_values(each, facts) for each in (completion.answers, text))
    return OpenedBody(envelope, completion, frozen, answers, health, body.backed_up_at)


def _read(body: Body, facts: DocumentFacts) -> Envelope:
    """Reading checks the canonical form and the digests over the bytes."""
    try:
        return read_envelope(body.envelope)
    except (EnvelopeRefused, ValueError):  # halves of characters have no bytes
        raise BodyRefused("body_not_verified", number=facts.number) from None


def _is_the_one(envelope: Envelope, completion: Completion, facts: DocumentFacts, enrolment: Enrolment) -> bool:
    said = (envelope.document, envelope.revision, completion.digest, envelope.number, envelope.document_kind)
    told = (facts.document, facts.revision, facts.digest, facts.number, facts.kind)
    whose = (envelope.partner_number, advisor_identity(envelope.advisor_code))
    return said == told and whose == (enrolment.partner_number, enrolment.advisor.identity)


def _open_health(envelope: Envelope, completion: Completion, facts: DocumentFacts, enrolment: Enrolment) -> str:
    context = health_context(envelope.document, envelope.revision)
    try:
        text = unlock_with(enrolment.health_key, completion.advisor_health, context)
    except SealBroken:
        raise BodyRefused("body_not_opened", number=facts.number) from None
    if digest_of(text) != completion.health_digest:
        raise BodyRefused("body_not_verified", number=facts.number)
    return text


def _values(text: str, facts: DocumentFacts) -> Answers:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    values = found.get("values") if isinstance(found, dict) else None
    if not isinstance(values, dict) or "\0" in text:
        raise BodyRefused("body_not_verified", number=facts.number)
    return values
