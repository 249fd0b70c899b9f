"""Whole revisions come down to a linked desk: what is asked for, and what comes. In prose: docs/sync-protocol.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from localapp.domain.sync.operations import LARGEST
from localapp.domain.sync.parts import MessageRefused, a_count, a_list, a_moment, a_text, an_object

MOST_BODIES = 200
"""Revisions of one request."""
MOST_BODY_BYTES = 2 * 1024 * 1024
"""Bytes of envelopes in one answer; the first one may have more."""

Wanted = tuple[str, int]
"""A document and its revision."""


@dataclass(frozen=True)
class Body:
    """One acknowledged revision: the envelope as it was acknowledged, byte for byte, and when (the server's clock)."""

    document: str
    revision: int
    envelope: str
    backed_up_at: str

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return dict(vars(self))


@dataclass(frozen=True)
class Bodies:
    """The answer: what was found, what is there but did not fit and is to be asked for again, and what is not there."""

    bodies: tuple[Body, ...]
    left_out: tuple[Wanted, ...] = ()
    unknown: tuple[Wanted, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "bodies": [each.as_json() for each in self.bodies],
            "left_out": [list(each) for each in self.left_out],
            "unknown": [list(each) for each in self.unknown],
        }


def ask_for(want: Sequence[Wanted]) -> dict[str, Any]:
    """The question."""
    return {"want": [list(each) for each in want]}


def read_wanted(found: object) -> list[Wanted]:
    """Read the question. Raises MessageRefused."""
    want = a_list(an_object(found), "want")
    if len(want) > MOST_BODIES:
        raise MessageRefused(f"want: {len(want)} > {MOST_BODIES}")
    return [_pair(each, "want") for each in want]


def read_bodies(found: object) -> Bodies:
    """Read the answer. What an envelope says is verified by whoever asked. Raises MessageRefused."""
    part = an_object(found)
    return Bodies(
        bodies=tuple(_body(each) for each in a_list(part, "bodies")),
        left_out=tuple(_pair(each, "left_out") for each in a_list(part, "left_out")),
        unknown=tuple(_pair(each, "unknown") for each in a_list(part, "unknown")),
    )


def _body(found: object) -> Body:
    part = an_object(found)
    envelope = part.get("envelope")
    if not isinstance(envelope, str) or not 0 < len(envelope) <= LARGEST:
        raise MessageRefused("envelope")
    return Body(a_text(part, "document"), a_count(part, "revision"), envelope, a_moment(part, "backed_up_at"))


def _pair(found: object, name: str) -> Wanted:
    if not isinstance(found, list) or len(found) != 2:
        raise MessageRefused(name)
    part = {"document": found[0], "revision": found[1]}
    return a_text(part, "document"), a_count(part, "revision")
