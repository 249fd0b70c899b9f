"""The desk is killed while two advisors edit; what it acknowledged is there when it starts again."""

from pathlib import Path

import pytest

from tests.chaos.rounds import Chaos, chaos


@pytest.mark.slow
@pytest.mark.long
def test_no_acknowledged_change_is_lost_when_the_desk_is_killed(tmp_path: Path) -> None:
    with chaos(tmp_path, seed=2) as desk:
        rounds = [desk.kill_once() for _ in range(5)]
        desk.see_at_last()
    assert sum(each.acknowledged for each in rounds) > 0


@pytest.mark.slow
@pytest.mark.long
def test_a_change_that_is_not_there_is_found_out(tmp_path: Path) -> None:
    with chaos(tmp_path, seed=3) as desk:
        while not _plant(desk):
            desk.kill_once()
        with pytest.raises(AssertionError, match="Brod"):
            desk.kill_once()


def _plant(desk: Chaos) -> bool:
    """Change a document on the undisturbed desk alone, once there is one: to the killed one it is a lost change."""
    documents = [same for writer in desk._writers for same in writer.pairs.values()]
    for document in documents[:1]:
        desk._same.post(f"/documents/{document}/sections/policyholder", {"policyholder.street": "Brod"})
    return bool(documents)
