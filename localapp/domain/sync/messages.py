"""The messages of a synchronization, as both sides build and read them. In prose: docs/sync-protocol.md.

Reading is strict about what is needed and lenient about what is new: a field that this version does not know is passed
over, so that an older desk can speak to a newer endpoint.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from localapp.domain.lifecycle import Kind
from localapp.domain.sync.exports import ExportRun, read_export_run
from localapp.domain.sync.operations import Outcome
from localapp.domain.sync.parts import (
    MessageRefused,
    a_count,
    a_flag,
    a_list,
    a_moment,
    a_text,
    an_object,
    maybe_count,
    maybe_moment,
    maybe_text,
    one_of,
)

PROTOCOL = 1
MOST_OPERATIONS = 500
MOST_BYTES = 1024 * 1024
MOST_CHANGES = 500
BLOCK_SIZE = 50
BLOCK_LOW = 20
"""A desk with fewer numbers left than this is given another block."""

_KINDS = {each.value: each for each in Kind}
_OUTCOMES = {each.value: each for each in Outcome}


@dataclass(frozen=True)
class Refusal:
    """Why something was refused: a code of ``refusals`` and the facts of its sentence."""

    code: str
    facts: Mapping[str, str]

    @property
    def is_about_components(self) -> bool:
        """Whether documents went all the same: a form or a library was not taken."""
        return self.code.startswith("component") or self.code == "trust_root_missing"

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return {"code": self.code, "facts": dict(self.facts)}


@dataclass(frozen=True)
class DocumentFacts:
    """What the endpoint knows of a document: never its answers. Times are ISO 8601 in UTC, by the server's clock.

    ``export`` is the key of the run that took it and ``position`` its line there; ``verified`` is false for a document
    of an installation that has not been linked. A document with ``signed_at`` has no later revision;
    ``attachments_missing`` says how many of its signature's files the insurer does not have yet.
    """

    document: str
    number: str
    kind: Kind
    sequence: int
    revision: int
    digest: str
    backed_up_at: str
    evaluated_at: str | None = None
    returned_at: str | None = None
    returned: Refusal | None = None
    cancelled_at: str | None = None
    exported_at: str | None = None
    exported_revision: int | None = None
    export: str | None = None
    position: int | None = None
    signed_at: str | None = None
    attachments_missing: int = 0
    verified: bool = True

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        plain = dict(vars(self))  # not asdict: it copies each value, and a push answers with hundreds of these
        return plain | {"kind": self.kind.value, "returned": self.returned and self.returned.as_json()}


@dataclass(frozen=True)
class PushResult:
    """What became of one operation. ``facts`` are the document's present ones, with every recorded outcome."""

    operation: str
    outcome: Outcome
    refusal: Refusal | None = None
    facts: DocumentFacts | None = None
    planned_export_at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "operation": self.operation,
            "outcome": self.outcome.value,
            "refusal": self.refusal and self.refusal.as_json(),
            "facts": self.facts and self.facts.as_json(),
            "planned_export_at": self.planned_export_at,
        }


@dataclass(frozen=True)
class NumberBlock:
    """Numbers for documents made off-line: ``prefix`` with six digits from ``first`` to ``last``, e.g. ``N26-``."""

    prefix: str
    first: int
    last: int


@dataclass(frozen=True)
class Hello:
    """The beginning of a session. ``numbers`` says how many numbers are left of each prefix, e.g. ``{"N26": 12}``.

    ``lease_previous`` is the lease that the endpoint has as far as the desk knows, ``lease_next`` takes its place; they
    are the same when the session only reads.
    """

    cursor: int
    stream: str
    waiting: int
    numbers: Mapping[str, int]
    version: str
    lease_previous: str = ""
    lease_next: str = ""
    protocol: int = PROTOCOL

    @property
    def renews(self) -> bool:
        """Whether the lease is renewed, so that the session may bring something new."""
        return self.lease_next != self.lease_previous

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return asdict(self) | {"numbers": dict(self.numbers)}


@dataclass(frozen=True)
class Welcome:
    """The answer to a hello. ``changed`` says whether a pull would bring anything; ``exported`` is the last run."""

    session: str
    stream: str
    sequence: int
    server_time: str
    cutoff_at: str
    linked: bool
    changed: bool
    partner_name: str
    partner_ended: bool
    numbers: tuple[NumberBlock, ...] = ()
    notices: tuple[str, ...] = ()
    exported: ExportRun | None = None

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return asdict(self)


@dataclass(frozen=True)
class Changes:
    """One page of the change feed. ``next`` is the cursor after it; ``more`` says whether another page waits.

    ``resync`` (with no documents) says that the stream is not the endpoint's any more: begin again from 0.
    """

    stream: str
    documents: tuple[DocumentFacts, ...]
    next: int
    more: bool
    resync: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "stream": self.stream,
            "documents": [each.as_json() for each in self.documents],
            "next": self.next,
            "more": self.more,
            "resync": self.resync,
        }


def read_facts(found: object) -> DocumentFacts:
    """Read one document's facts. Raises MessageRefused."""
    part = an_object(found)
    returned = part.get("returned")
    return DocumentFacts(
        document=a_text(part, "document"),
        number=a_text(part, "number"),
        kind=one_of(part, "kind", _KINDS),
        sequence=a_count(part, "sequence"),
        revision=a_count(part, "revision"),
        digest=a_text(part, "digest"),
        backed_up_at=a_moment(part, "backed_up_at"),
        evaluated_at=maybe_moment(part, "evaluated_at"),
        returned_at=maybe_moment(part, "returned_at"),
        returned=None if returned is None else read_refusal(returned),
        cancelled_at=maybe_moment(part, "cancelled_at"),
        exported_at=maybe_moment(part, "exported_at"),
        exported_revision=maybe_count(part, "exported_revision"),
        export=maybe_text(part, "export"),
        position=maybe_count(part, "position"),
        signed_at=maybe_moment(part, "signed_at"),
        attachments_missing=a_count(part, "attachments_missing") if "attachments_missing" in part else 0,
        verified=a_flag(part, "verified"),
    )


def read_refusal(found: object) -> Refusal:
    """Read a code with its facts. Raises MessageRefused."""
    part = an_object(found)
    facts = an_object(part.get("facts", {}))
    return Refusal(a_text(part, "code"), {name: str(value) for name, value in facts.items()})


def read_result(found: object) -> PushResult:
    """Read what became of one operation. Raises MessageRefused."""
    part = an_object(found)
    refusal, facts = part.get("refusal"), part.get("facts")
    return PushResult(
        operation=a_text(part, "operation"),
        outcome=one_of(part, "outcome", _OUTCOMES),
        refusal=None if refusal is None else read_refusal(refusal),
        facts=None if facts is None else read_facts(facts),
        planned_export_at=maybe_moment(part, "planned_export_at"),
    )


def read_hello(found: object) -> Hello:
    """Read the beginning of a session. Raises MessageRefused."""
    part = an_object(found)
    numbers = an_object(part.get("numbers"))
    previous, following = a_text(part, "lease_previous", empty=True), a_text(part, "lease_next", empty=True)
    if previous and not following:  # a lease is never given up
        raise MessageRefused("lease_next")
    return Hello(
        cursor=a_count(part, "cursor"),
        stream=a_text(part, "stream", empty=True),
        waiting=a_count(part, "waiting"),
        numbers={prefix: a_count(numbers, prefix) for prefix in numbers},
        version=a_text(part, "version"),
        lease_previous=previous,
        lease_next=following,
        protocol=a_count(part, "protocol"),
    )


def read_welcome(found: object) -> Welcome:
    """Read the answer to a hello. Raises MessageRefused."""
    part = an_object(found)
    return Welcome(
        session=a_text(part, "session"),
        stream=a_text(part, "stream"),
        sequence=a_count(part, "sequence"),
        server_time=a_moment(part, "server_time"),
        cutoff_at=a_moment(part, "cutoff_at"),
        linked=a_flag(part, "linked"),
        changed=a_flag(part, "changed"),
        partner_name=a_text(part, "partner_name"),
        partner_ended=a_flag(part, "partner_ended"),
        numbers=tuple(_read_block(each) for each in a_list(part, "numbers")),
        notices=tuple(str(each) for each in a_list(part, "notices")),
        exported=read_export_run(part.get("exported")),
    )


def read_changes(found: object) -> Changes:
    """Read one page of the change feed. Raises MessageRefused."""
    part = an_object(found)
    return Changes(
        stream=a_text(part, "stream"),
        documents=tuple(read_facts(each) for each in a_list(part, "documents")),
        next=a_count(part, "next"),
        more=a_flag(part, "more"),
        resync=a_flag(part, "resync"),
    )


def _read_block(found: object) -> NumberBlock:
    part = an_object(found)
    return NumberBlock(a_text(part, "prefix"), a_count(part, "first"), a_count(part, "last"))
