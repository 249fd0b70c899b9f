"""The desk is killed while two advisors edit, and its files are damaged: all that it acknowledged is there again."""

from pathlib import Path

import pytest

from localapp.store import opening
from localapp.store.change_log import History
from tests.chaos import harm
from tests.chaos.rounds import Chaos, chaos


@pytest.mark.slow
@pytest.mark.long
def test_no_acknowledged_change_is_lost_to_damage_and_each_damage_is_told(tmp_path: Path) -> None:
    harms = (
        harm.remove_database, harm.cut_write_ahead, harm.flip_page, harm.tear_log, harm.everything_but_log,
        harm.flip_header, harm.older_database, harm.cut_log, harm.damage_log,
    )  # fmt: skip
    with chaos(tmp_path, seed=4) as desk:
        rounds = [desk.kill_once(each) for each in harms]
        desk.see_at_last()
    assert sum(each.acknowledged for each in rounds) > 0
    assert (
        sum(each.harm.must_be_told for each in rounds if each.harm) >= 4
    )  # whether the others have an effect depends on what SQLite had moved into its file


@pytest.mark.slow
@pytest.mark.long
def test_a_repair_that_forgets_changes_or_tells_nothing_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chaos(tmp_path, seed=5) as desk:
        desk.kill_once(harm.remove_database)
        with monkeypatch.context() as patched:
            patched.setattr(opening, "_told", lambda *_, **__: None)
            with pytest.raises(AssertionError, match="not told"):
                desk.kill_once(harm.remove_database)
        monkeypatch.setattr(History, "pieces", lambda *_, **__: iter(()))
        with pytest.raises(AssertionError):
            _until_something_was_written_since_the_backup(desk)


def _until_something_was_written_since_the_backup(desk: Chaos) -> None:
    for _ in range(5):
        desk.kill_once(harm.remove_database)
