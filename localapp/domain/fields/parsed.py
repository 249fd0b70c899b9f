"""What a parser answers."""

from dataclasses import dataclass, field
from typing import Any

Value = str | int | bool | None


@dataclass(frozen=True)
class Parsed:
    """A value, or the code of the problem with the facts that its sentence names."""

    value: Value = None
    code: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def value(of: Value) -> Parsed:
    """What was typed has this value."""
    return Parsed(of)


def refused(code: str, **facts: Any) -> Parsed:  # noqa: ANN401 - facts are numbers and texts
    """What was typed cannot be read."""
    return Parsed(None, code, facts)
