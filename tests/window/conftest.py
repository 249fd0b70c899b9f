"""What tests of the window share."""

from collections.abc import Iterator

import pytest

from tests.window.screens import Screen, screen


@pytest.fixture
def blank() -> Iterator[Screen]:
    """A screen on which nothing is shown yet."""
    with screen() as made:
        yield made
