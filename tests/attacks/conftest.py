"""One real desk for all raw attacks: they must not change it, so they may share it."""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.activating import put_activated_desk
from tests.conftest import WHOLE, launched
from tests.running import OFFLINE, RunningDesk, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """The desk under attack, with a session."""
    folder = tmp_path_factory.mktemp("attacked") / "desk"
    put_activated_desk(folder)
    with started(folder, *OFFLINE) as running:
        assert running.cookie
        yield running


@pytest.fixture(scope="module")
def chromium(playwright: "Playwright") -> "Iterator[Browser]":
    """The whole Chromium: what an advisor's own browser lets a stranger do is the question here."""
    with closing(launched(playwright, *WHOLE)) as browser:
        yield browser
