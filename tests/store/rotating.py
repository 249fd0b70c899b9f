"""A desk folder with documents and health whose keys are changed, in a process that dies on the way.

``python -m tests.store.rotating FOLDER [--die STEP]``: change the keys; with a step, die as by SIGKILL before it.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from localapp.store import resealing, rotation
from localapp.store.backups import Backups
from localapp.store.keys import KeyFile
from localapp.store.records import Keys
from localapp.store.rotation import Rotation, first_to_answer, key_files, open_store
from localapp.store.store import Store
from localapp.store.wrapping import Hardness
from tests.store.made_up import change_health, complete, enrolled, new_offer

PASSPHRASE = "Tři lípy u mlýna"
CHEAP = Hardness(memory=8 * 1024, passes=1, lanes=1)
STEPS: dict[str, Any] = {  # in their order; each with what it belongs to
    "_put_into_keyring": Rotation,
    "_both": Rotation,
    "_can_be_made_to_open": Rotation,
    "_reseal": Rotation,
    "_reseal_table": resealing,
    "_setting": resealing,
    "_rekey": Rotation,
    "_rekeyed": Rotation,
    "_copy": Backups,
    "_begin_new_log": Backups,
    "_prune": Backups,
    "_prove_health": Rotation,
    "_replace_key_file": Rotation,
    "_forget_old_entry": Rotation,
    "_end": Rotation,
}
COPIES = "recovery codes, as written down by hand"


def make_desk(folder: Path, documents: int) -> None:
    """A desk with so many documents, each with health now, in its history, and frozen."""
    keys, code = KeyFile(folder / rotation.KEY_FILE, CHEAP).create(PASSPHRASE)
    write_down(folder, code)
    store = Store.open(folder / rotation.DATABASE, keys)
    enrolled(store)
    for number in range(documents):
        document = store.create_document(new_offer(answers={"n": number}, health={"weight": number}))
        complete(store, document)
        if number % 10 == 0:
            change_health(store, document, "height", number)
    store.close()


def write_down(folder: Path, code: str) -> None:
    with (folder / COPIES).open("a", encoding="utf-8") as paper:
        paper.write(f"{code}\n")


def written_down(folder: Path) -> list[str]:
    return (folder / COPIES).read_text(encoding="utf-8").split()


def change_keys(folder: Path) -> None:
    """What Nastavení does, in one go: the new recovery code is written down before anything begins."""
    keys = first_to_answer(key_files(folder), lambda file: file.unlock(PASSPHRASE))
    store, keys = open_store(folder, keys)
    store.close()
    current = KeyFile(folder / rotation.KEY_FILE, CHEAP)
    prepared = current.prepare(PASSPHRASE, after=(current.ways(), keys))
    write_down(folder, prepared.recovery_code)
    changing = Rotation(folder, None)
    changing.begin(prepared)
    changing.finish(keys)[0].close()


def everything(store: Store) -> dict[str, Any]:
    """Each document with its answers, and all health that it has or had."""
    rows, before = [], None
    while True:
        page = store.page(shelf=None, kind=None, before=before, limit=200)
        rows += page.rows
        before = page.next
        if before is None:
            break
    found = {}
    for row in rows:
        content = store.content(row.id)
        frozen = store.revision(row.id, 1)
        found[row.id] = (content.answers, content.health, frozen.answers, frozen.health, store.health_history(row.id))
    return found


def open_by_paper(folder: Path, code: str) -> tuple[Store, Keys]:
    """Open the folder with a recovery code."""
    return open_store(folder, first_to_answer(key_files(folder), lambda file: file.unlock_with_recovery(code)))


def run(folder: Path, *options: str) -> "subprocess.Popen[str]":
    """Change the keys in a process of its own, which says ``begins`` before."""
    command = [sys.executable, "-m", "tests.store.rotating", str(folder), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _die_at(step: str) -> None:
    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(STEPS[step], step, die)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--die", choices=STEPS)
    chosen = parser.parse_args()
    if chosen.die:
        _die_at(chosen.die)
    print("begins", flush=True)  # noqa: T201 - for whoever kills
    change_keys(chosen.folder)


if __name__ == "__main__":
    main()
