"""The signature of a revision as a bare fact: which text was signed, and which sealed files belong to it.

The signed files travel apart, after the operations, sealed; here they are named by their digests.
"""

import re
from dataclasses import dataclass
from typing import Any

from localapp.domain.sync.envelope_reading import EnvelopeReader, EnvelopeRefused

MOST_ATTACHMENTS = 20
LARGEST_ATTACHMENT = 64 * 1024 * 1024
"""Bytes of one sealed file."""

MOST_PART = 512 * 1024
"""Bytes of one part; a broken line costs one part at most."""
OFFSET_HEADER, LENGTH_HEADER = "Upload-Offset", "Upload-Length"

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Attachment:
    """One sealed file: SHA-256 of its bytes as they travel, and how many they are."""

    digest: str
    size: int


@dataclass(frozen=True)
class Signature:
    """``digest`` is that of the whole revision that was signed."""

    digest: str
    attachments: tuple[Attachment, ...]

    def as_json(self) -> dict[str, Any]:
        """As it stands in an envelope."""
        return {"attachments": [dict(vars(each)) for each in self.attachments], "digest": self.digest}


def read_signature(found: object) -> Signature:
    """Read it. Raises EnvelopeRefused ``malformed``."""
    reader = EnvelopeReader(found)
    listed = reader.maybe("attachments")
    if not isinstance(listed, list) or len(listed) > MOST_ATTACHMENTS:
        raise EnvelopeRefused("malformed", "attachments")
    signature = Signature(reader.matching("digest", _DIGEST), tuple(_read_attachment(each) for each in listed))
    reader.nothing_else()
    if len({each.digest for each in signature.attachments}) < len(signature.attachments):
        raise EnvelopeRefused("malformed", "attachments: one twice")
    return signature


def _read_attachment(found: object) -> Attachment:
    reader = EnvelopeReader(found)
    digest, size = reader.matching("digest", _DIGEST), reader.maybe("size")
    reader.nothing_else()
    if type(size) is not int or not 0 < size <= LARGEST_ATTACHMENT:
        raise EnvelopeRefused("malformed", "size")
    return Attachment(digest, size)
