"""One real desk for all raw attacks: they must not change it, so they may share it."""

from collections.abc import Iterator

import pytest

from tests.activating import put_activated_desk
from tests.running import OFFLINE, RunningDesk, started


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """The desk under attack, with a session."""
    folder = tmp_path_factory.mktemp("attacked") / "desk"
    put_activated_desk(folder)
    with started(folder, *OFFLINE) as running:
        assert running.cookie
        yield running
