"""Attack 38: the desk is killed inside a save, a backup, a purge, a repair or a migration."""

import subprocess
import sys
from pathlib import Path

import pytest

from localapp.store.restoring import proved_sequence
from tests.store.damage import flip
from tests.store.kill_inside import HERE, STEPS
from tests.store.made_up import KEYS, change, new_offer, open_store
from tests.store.test_migrate import _plant


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_38_a_kill_inside_a_step_of_the_store_loses_nothing_acknowledged(tmp_path: Path, step: str) -> None:
    store = open_store(tmp_path)
    document = store.create_document(new_offer())
    store.set_setting("document", document)
    change(store, document, "m", 1)
    store.backups.make()
    change(store, document, "m", 2)
    store.close()
    if step.startswith("repair"):
        flip(tmp_path / "documents.db", 4096 * 2 + 100)
    _plant(tmp_path / "later", "0002", "0001", "op.add_column('audit', sa.Column('why', sa.Text))")
    _kill_at(step, tmp_path)
    again = open_store(tmp_path)
    answers = again.content(document).answers
    assert answers["m"] == 2
    committed = not step.startswith(("save before", "save between", "repair", "migration"))
    assert answers.get("n") == 1 or not committed
    assert again.integrity() == []
    assert all(repair.missing == 0 for repair in again.repairs())
    change(again, document, "m", 3)
    for backup in again.backups.all():
        assert proved_sequence(backup.path, KEYS.database) is not None
    again.close()
    assert [file.name for file in tmp_path.rglob("*.part*") if file.parent == tmp_path] == []


def _kill_at(step: str, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.store.kill_inside", step, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == HERE
        child.kill()
