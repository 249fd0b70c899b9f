"""One real desk for all raw attacks: they must not change it, so they may share it."""

from collections.abc import Iterator

import pytest

from tests.running import RunningDesk, started


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """The desk under attack, with a session."""
    with started(tmp_path_factory.mktemp("attacked") / "desk", "--demo") as running:
        assert running.cookie
        yield running
