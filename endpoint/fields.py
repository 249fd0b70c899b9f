"""Fields of a message, of the right type or the whole request is refused as ``malformed``."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from endpoint.refusal import RequestRefused

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def text_of(message: Mapping[str, Any], name: str, longest: int = 400) -> str:
    """A text that is not empty. Raises RequestRefused ``malformed``."""
    found = message.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= longest or not is_storable(found):
        raise RequestRefused("malformed", reason=name)
    return found


def identifier(message: Mapping[str, Any], name: str) -> str:
    """A UUID as text. Raises RequestRefused ``malformed``."""
    found = text_of(message, name)
    if not _ID.fullmatch(found):
        raise RequestRefused("malformed", reason=name)
    return found


def bytes_of(message: Mapping[str, Any], name: str, longest: int = 1024) -> bytes:
    """Bytes that travel as base64. Raises RequestRefused ``malformed``."""
    try:
        return base64.b64decode(text_of(message, name, longest), validate=True)
    except ValueError:
        raise RequestRefused("malformed", reason=name) from None


def is_identifier(found: object) -> bool:
    """Whether it is a UUID as text."""
    return isinstance(found, str) and _ID.fullmatch(found) is not None


def is_storable(text: str) -> bool:
    """Whether the text has UTF-8 bytes; JSON can hold lone surrogates, which have none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
