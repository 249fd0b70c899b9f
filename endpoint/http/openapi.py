"""The description of the endpoint as OpenAPI."""

from typing import Any


def description() -> dict[str, Any]:
    """The description."""
    return {}
