"""The messages of a synchronization, as both sides build and read them. In prose: docs/sync-protocol.md.

Reading is strict about what is needed and lenient about what is new: a field that this version does not know is passed
over, so that an older desk can speak to a newer endpoint.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import Outcome

PROTOCOL = 1
MOST_OPERATIONS = 500
MOST_BYTES = 1024 * 1024
MOST_CHANGES = 500
BLOCK_SIZE = 50
BLOCK_LOW = 20
"""A desk with fewer numbers left than this is given another block."""


class MessageRefused(Exception):  # noqa: N818 - a refusal
    """A message is not of its shape; the text names the field."""


@dataclass(frozen=True)
class Refusal:
    """Why something was refused: a code of ``refusals`` and the facts of its sentence."""

    code: str
    facts: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return {"code": self.code, "facts": dict(self.facts)}


@dataclass(frozen=True)
class DocumentFacts:
    """What the endpoint knows of a document: never its answers. Times are ISO 8601 in UTC, by the server's clock.

    ``export`` is the key of the run that took it and ``position`` its line there; ``verified`` is false for a document
    of an installation that has not been linked.
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
    """The beginning of a session. ``numbers`` says how many numbers are left of each prefix, e.g. ``{"N26": 12}``."""

    cursor: int
    stream: str
    waiting: int
    numbers: Mapping[str, int]
    version: str
    protocol: int = PROTOCOL

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return asdict(self) | {"numbers": dict(self.numbers)}


@dataclass(frozen=True)
class Welcome:
    """The answer to a hello. ``changed`` says whether a pull would bring anything."""

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
    part = _object(found)
    returned = part.get("returned")
    return DocumentFacts(
        document=_text(part, "document"),
        number=_text(part, "number"),
        kind=Kind(_one_of(part, "kind", {kind.value for kind in Kind})),
        sequence=_count(part, "sequence"),
        revision=_count(part, "revision"),
        digest=_text(part, "digest"),
        backed_up_at=_moment(part, "backed_up_at"),
        evaluated_at=_maybe_moment(part, "evaluated_at"),
        returned_at=_maybe_moment(part, "returned_at"),
        returned=None if returned is None else read_refusal(returned),
        cancelled_at=_maybe_moment(part, "cancelled_at"),
        exported_at=_maybe_moment(part, "exported_at"),
        exported_revision=None if part.get("exported_revision") is None else _count(part, "exported_revision"),
        export=None if part.get("export") is None else _text(part, "export"),
        position=None if part.get("position") is None else _count(part, "position"),
        verified=_flag(part, "verified"),
    )


def read_refusal(found: object) -> Refusal:
    """Read a code with its facts. Raises MessageRefused."""
    part = _object(found)
    facts = _object(part.get("facts", {}))
    return Refusal(_text(part, "code"), {name: str(value) for name, value in facts.items()})


def read_result(found: object) -> PushResult:
    """Read what became of one operation. Raises MessageRefused."""
    part = _object(found)
    refusal, facts = part.get("refusal"), part.get("facts")
    return PushResult(
        operation=_text(part, "operation"),
        outcome=Outcome(_one_of(part, "outcome", {outcome.value for outcome in Outcome})),
        refusal=None if refusal is None else read_refusal(refusal),
        facts=None if facts is None else read_facts(facts),
        planned_export_at=_maybe_moment(part, "planned_export_at"),
    )


def read_hello(found: object) -> Hello:
    """Read the beginning of a session. Raises MessageRefused."""
    part = _object(found)
    numbers = _object(part.get("numbers"))
    return Hello(
        cursor=_count(part, "cursor"),
        stream=_text(part, "stream", empty=True),
        waiting=_count(part, "waiting"),
        numbers={prefix: _count(numbers, prefix) for prefix in numbers},
        version=_text(part, "version"),
        protocol=_count(part, "protocol"),
    )


def read_welcome(found: object) -> Welcome:
    """Read the answer to a hello. Raises MessageRefused."""
    part = _object(found)
    return Welcome(
        session=_text(part, "session"),
        stream=_text(part, "stream"),
        sequence=_count(part, "sequence"),
        server_time=_moment(part, "server_time"),
        cutoff_at=_moment(part, "cutoff_at"),
        linked=_flag(part, "linked"),
        changed=_flag(part, "changed"),
        partner_name=_text(part, "partner_name"),
        partner_ended=_flag(part, "partner_ended"),
        numbers=tuple(_read_block(each) for each in _list(part, "numbers")),
        notices=tuple(str(each) for each in _list(part, "notices")),
    )


def read_changes(found: object) -> Changes:
    """Read one page of the change feed. Raises MessageRefused."""
    part = _object(found)
    return Changes(
        stream=_text(part, "stream"),
        documents=tuple(read_facts(each) for each in _list(part, "documents")),
        next=_count(part, "next"),
        more=_flag(part, "more"),
        resync=_flag(part, "resync"),
    )


def _read_block(found: object) -> NumberBlock:
    part = _object(found)
    return NumberBlock(_text(part, "prefix"), _count(part, "first"), _count(part, "last"))


def _object(found: object) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise MessageRefused("not an object")
    return found


def _list(part: Mapping[str, Any], name: str) -> list[Any]:
    found = part.get(name)
    if not isinstance(found, list):
        raise MessageRefused(name)
    return found


def _text(part: Mapping[str, Any], name: str, *, empty: bool = False) -> str:
    found = part.get(name)
    if not isinstance(found, str) or len(found) > 400 or not (found or empty):
        raise MessageRefused(name)
    return found


def _one_of(part: Mapping[str, Any], name: str, allowed: set[str]) -> str:
    found = _text(part, name)
    if found not in allowed:
        raise MessageRefused(name)
    return found


def _count(part: Mapping[str, Any], name: str) -> int:
    found = part.get(name)
    if type(found) is not int or not 0 <= found < 1 << 62:
        raise MessageRefused(name)
    return found


def _flag(part: Mapping[str, Any], name: str) -> bool:
    found = part.get(name)
    if not isinstance(found, bool):
        raise MessageRefused(name)
    return found


def _moment(part: Mapping[str, Any], name: str) -> str:
    found = _text(part, name)
    try:
        aware = datetime.fromisoformat(found).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise MessageRefused(name)
    return found


def _maybe_moment(part: Mapping[str, Any], name: str) -> str | None:
    return None if part.get(name) is None else _moment(part, name)
