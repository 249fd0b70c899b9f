"""Reading the parts of a message: each of its type, or refused by its name."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any


class MessageRefused(Exception):  # noqa: N818 - a refusal
    """A message is not of its shape; the text names the field."""


def an_object(found: object) -> Mapping[str, Any]:
    """The value if it is a JSON object. Raises MessageRefused."""
    if not isinstance(found, dict):
        raise MessageRefused("not an object")
    return found


def a_list(part: Mapping[str, Any], name: str) -> list[Any]:
    """A list. Raises MessageRefused."""
    found = part.get(name)
    if not isinstance(found, list):
        raise MessageRefused(name)
    return found


def a_text(part: Mapping[str, Any], name: str, *, empty: bool = False) -> str:
    """A text of at most 400 characters, not empty unless it may be. Raises MessageRefused."""
    found = part.get(name)
    if not isinstance(found, str) or len(found) > 400 or not (found or empty):
        raise MessageRefused(name)
    return found


def one_of(part: Mapping[str, Any], name: str, allowed: Collection[str]) -> str:
    """A text that is one of those allowed. Raises MessageRefused."""
    found = a_text(part, name)
    if found not in allowed:
        raise MessageRefused(name)
    return found


def a_count(part: Mapping[str, Any], name: str) -> int:
    """A whole number that is not negative. Raises MessageRefused."""
    found = part.get(name)
    if type(found) is not int or not 0 <= found < 1 << 62:
        raise MessageRefused(name)
    return found


def a_flag(part: Mapping[str, Any], name: str) -> bool:
    """True or false. Raises MessageRefused."""
    found = part.get(name)
    if not isinstance(found, bool):
        raise MessageRefused(name)
    return found


def a_moment(part: Mapping[str, Any], name: str) -> str:
    """An aware moment in ISO 8601. Raises MessageRefused."""
    found = a_text(part, name)
    try:
        aware = datetime.fromisoformat(found).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise MessageRefused(name)
    return found


def maybe_moment(part: Mapping[str, Any], name: str) -> str | None:
    """The same, or None. Raises MessageRefused."""
    return None if part.get(name) is None else a_moment(part, name)
