"""Desk and endpoint are killed while an advisor works, synchronizes and the insurer exports; both agree afterwards."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.chaos.agreement import assert_agreement
from tests.chaos.both import both
from tests.chaos.pair import Pair


@pytest.mark.slow
@pytest.mark.long
def test_nothing_acknowledged_is_lost_and_nothing_exported_twice_when_both_are_killed(tmp_path: Path) -> None:
    with both(tmp_path, seed=4) as pair:
        rounds = [pair.kill_once() for _ in range(5)]
    assert sum(each.acknowledged for each in rounds) > 0
    assert rounds[-1].exported > 0


def lose_a_revision(pair: Pair) -> None:
    with closing(sqlite3.connect(pair.endpoint / "endpoint.db")) as insurer:
        for (name,) in insurer.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            insurer.execute(f'DROP TRIGGER "{name}"')
        insurer.execute("DELETE FROM revision WHERE document_id = (SELECT max(document_id) FROM revision)")
        insurer.commit()


def export_a_line_again(pair: Pair) -> None:
    path = max((pair.endpoint / "exports").glob("*.jsonl"), key=lambda place: place.stat().st_size)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    manifest = path.with_suffix(".manifest.json")
    again = path.with_name("again.jsonl")
    again.write_text(lines[0], encoding="utf-8")
    count = f'"count":{len(lines)}'
    text = manifest.read_text(encoding="utf-8")
    assert count in text
    again.with_suffix(".manifest.json").write_text(text.replace(count, '"count":1'), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(
    ("plant", "found"), [(lose_a_revision, "lost at the insurer"), (export_a_line_again, "exported twice")]
)
def test_a_lost_revision_and_a_second_export_are_found_out(
    tmp_path: Path, plant: Callable[[Pair], None], found: str
) -> None:
    with both(tmp_path, seed=5) as pair:
        while not pair.kill_once().exported:
            pass
        plant(pair.pair)
        with pytest.raises(AssertionError, match=found):
            assert_agreement(pair.pair, pair.completed)
