"""Kill a process that saves, at random moments, and see that nothing acknowledged is lost.

``python -m tests.store.kill --kills 50``
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from localapp.store.store import Store
from tests.store.made_up import change, change_health, complete, new_offer, open_store

SAVE = "--save-for-ever"


def save_for_ever(folder: Path) -> None:
    """Save one document again and again; print each number once the store has acknowledged it."""
    store = open_store(folder)
    document = store.setting("document")
    if document is None:
        document = store.create_document(new_offer(answers={"n": 0}))
        store.set_setting("document", document)
    number = store.content(document).answers["n"]
    while True:
        number += 1
        change(store, document, "n", number)
        print(number, flush=True)  # noqa: T201 - the acknowledgement
        if number % 5 == 0:
            change_health(store, document, "n", number)
        if number % 20 == 0:
            complete(store, document)


def kill_once(folder: Path, after: float) -> tuple[int, int, list[str]]:
    """The last acknowledged number, the number found after the kill, and the file's faults."""
    command = [sys.executable, "-m", "tests.store.kill", SAVE, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        timer = threading.Timer(after, child.kill)
        timer.start()
        lines += child.stdout.readlines()
        timer.join()
    acknowledged = [int(line) for line in lines if line.endswith("\n")]
    store = open_store(folder)
    document = store.setting("document") or ""
    found, faults = store.content(document).answers["n"], store.integrity()
    revision = _revision(store, document)
    if [operation.revision for operation in store.outbox()] != ([revision] if revision else []):
        faults.append(f"revision {revision} is not what waits for the insurer")
    store.close()
    return acknowledged[-1], found, faults


def _revision(store: Store, document: str) -> int:
    record = store.document(document)
    assert record is not None
    return record.revision or 0


def main() -> int:
    """Kill as often as asked; 1 if anything was lost or damaged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument(SAVE, type=Path, dest="folder")
    chosen = parser.parse_args()
    if chosen.folder:
        save_for_ever(chosen.folder)
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(chosen.kills):
            acknowledged, found, faults = kill_once(Path(folder), random.uniform(0.01, 0.4))  # noqa: S311 - no secret
            lost += found not in (acknowledged, acknowledged + 1) or bool(faults)
            print(f"acknowledged {acknowledged}, found {found}, faults {faults or 'none'}")  # noqa: T201
    print(f"{chosen.kills} kills, {lost} with a loss")  # noqa: T201
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
