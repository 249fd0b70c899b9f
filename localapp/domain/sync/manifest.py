"""The manifest: what a desk holds as acknowledged, so that the endpoint can say what of it is not here (any more).

Source: docs/sync-protocol.md, "Manifest and resync".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from localapp.domain.sync.parts import MessageRefused, a_list, an_object

MOST_LISTED = 1_000
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Listed:
    """A document with its newest acknowledged revision, and whether its cancellation was acknowledged, or a signature
    that was made on this desk.
    """

    document: str
    revision: int
    digest: str
    cancelled: bool
    signed: bool


@dataclass(frozen=True)
class Differences:
    """Of the documents that were listed: ``unknown`` are not here, of ``differs`` something that was listed is not.

    Of the latter with the newest revision that is here.
    """

    unknown: tuple[str, ...] = ()
    differs: tuple[tuple[str, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return {"unknown": list(self.unknown), "differs": [list(each) for each in self.differs]}


def manifest_message(listed: Sequence[Listed]) -> dict[str, Any]:
    """One page of a manifest as it travels."""
    return {"documents": [[each.document, each.revision, each.digest, each.cancelled, each.signed] for each in listed]}


def read_manifest(found: object) -> list[Listed]:
    """Read one page of a manifest. Raises MessageRefused."""
    entries = a_list(an_object(found), "documents")
    if len(entries) > MOST_LISTED:
        raise MessageRefused(f"documents: {len(entries)} > {MOST_LISTED}")
    return [_read_listed(each) for each in entries]


def _read_listed(found: object) -> Listed:
    if not isinstance(found, list) or len(found) != 5:
        raise MessageRefused("documents")
    document, revision, digest, cancelled, signed = found
    is_listed = (
        isinstance(document, str)
        and _ID.fullmatch(document) is not None
        and type(revision) is int
        and 0 < revision < 1_000_000
        and isinstance(digest, str)
        and _DIGEST.fullmatch(digest) is not None
        and isinstance(cancelled, bool)
        and isinstance(signed, bool)
    )
    if not is_listed:
        raise MessageRefused("documents")
    return Listed(document, revision, digest, cancelled, signed)


def read_differences(found: object) -> Differences:
    """Read the answer to a manifest. Raises MessageRefused."""
    part = an_object(found)
    unknown, differs = a_list(part, "unknown"), a_list(part, "differs")
    if not all(isinstance(each, str) for each in unknown):
        raise MessageRefused("unknown")
    if not all(map(_is_newest, differs)):
        raise MessageRefused("differs")
    return Differences(tuple(unknown), tuple((document, revision) for document, revision in differs))


def _is_newest(found: object) -> bool:
    """Whether it is a document with a revision."""
    if not isinstance(found, list) or len(found) != 2:
        return False
    return isinstance(found[0], str) and type(found[1]) is int and found[1] > 0
