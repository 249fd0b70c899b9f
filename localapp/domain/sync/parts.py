"""Reading the parts of a message: each of its type, or refused by its name."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

_T = TypeVar("_T")


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


def maybe_text(part: Mapping[str, Any], name: str) -> str | None:
    """The same, or None. Raises MessageRefused."""
    return None if part.get(name) is None else a_text(part, name)


def one_of(part: Mapping[str, Any], name: str, allowed: Mapping[str, _T]) -> _T:
    """A text that is one of those allowed, as the value it stands for. Raises MessageRefused."""
    found = part.get(name)
    if not isinstance(found, str) or found not in allowed:
        raise MessageRefused(name)
    return allowed[found]


def a_count(part: Mapping[str, Any], name: str) -> int:
    """A whole number that is not negative. Raises MessageRefused."""
    found = part.get(name)
    if type(found) is not int or not 0 <= found < 1 << 62:
        raise MessageRefused(name)
    return found


def maybe_count(part: Mapping[str, Any], name: str) -> int | None:
    """The same, or None. Raises MessageRefused."""
    return None if part.get(name) is None else a_count(part, name)


def a_flag(part: Mapping[str, Any], name: str) -> bool:
    """True or false. Raises MessageRefused."""
    found = part.get(name)
    if not isinstance(found, bool):
        raise MessageRefused(name)
    return found


def a_moment(part: Mapping[str, Any], name: str) -> str:
    """An aware moment in ISO 8601. Raises MessageRefused."""
    found = a_text(part, name)
    if not _is_moment(found):
        raise MessageRefused(name)
    return found


@lru_cache(maxsize=64)  # what one request took in has one moment
def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def maybe_moment(part: Mapping[str, Any], name: str) -> str | None:
    """The same, or None. Raises MessageRefused."""
    return None if part.get(name) is None else a_moment(part, name)
