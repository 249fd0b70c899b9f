"""A power cut or a killed process loses nothing that the desk has acknowledged."""

import random
from pathlib import Path

import pytest

from tests.store.kill import kill_once


@pytest.mark.slow
def test_no_acknowledged_change_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    for _ in range(5):
        acknowledged, found, faults = kill_once(tmp_path, random.uniform(0.01, 0.3))  # noqa: S311 - no secret
        assert acknowledged <= found <= acknowledged + 1
        assert faults == []
