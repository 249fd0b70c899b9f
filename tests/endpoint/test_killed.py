"""kill -9 at random moments: nothing acknowledged is lost, nothing is exported twice."""

from pathlib import Path

import pytest

from tests.endpoint import killed


@pytest.mark.slow
@pytest.mark.long
def test_five_kills_lose_nothing_and_export_nothing_twice(tmp_path: Path) -> None:
    killed.run(tmp_path / "endpoint", rounds=5, seed=20261125)
