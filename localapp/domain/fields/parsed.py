"""What a parser answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | bool | None
_BLANKS = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


@dataclass(frozen=True)
class Parsed:
    """A value, or the code of the problem with the facts that its sentence names.

    A value with a code is kept and told: as an error (outside a limit), or as a ``warning`` that hinders nothing.
    ``parts`` are further answers that the same text holds, such as the names in the lines of a passport.
    """

    value: Value = None
    code: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    level: str = "error"
    parts: Mapping[str, Value] = field(default_factory=dict)


def value(of: Value) -> Parsed:
    """What was typed has this value."""
    return Parsed(of)


def refused(code: str, **facts: Any) -> Parsed:  # noqa: ANN401 - facts are numbers and texts
    """What was typed cannot be read."""
    return Parsed(None, code, facts)


def doubtful(of: Value, code: str, **facts: Any) -> Parsed:  # noqa: ANN401 - facts are numbers and texts
    """What was typed has this value, but somebody should look at it again."""
    return Parsed(of, code, facts, "warning")


def without_blanks(text: str) -> str:
    """The text without blanks of any kind, with every dash a hyphen."""
    return _BLANKS.sub("", text).translate(_DASHES)
