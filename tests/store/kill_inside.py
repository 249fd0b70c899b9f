"""A process that stops inside a step of the store and waits to be killed there."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localapp.store import backups, migrate, opening, restoring
from localapp.store.change_log import ChangeLog
from localapp.store.engine import Database
from tests.store.made_up import KEYS, change, new_offer, open_store

HERE = "here"


def wait_to_be_killed() -> None:
    """Say that the step has been reached."""
    print(HERE, flush=True)  # noqa: T201 - for the parent
    sys.stdin.read()


def _stop_before(owner: Any, name: str) -> None:  # noqa: ANN401 - a module or class
    def stopping(*_: object, **__: object) -> None:
        wait_to_be_killed()

    setattr(owner, name, stopping)


def _stop_after(owner: Any, name: str) -> None:  # noqa: ANN401 - as above
    whole: Callable[..., Any] = getattr(owner, name)

    def stopping(*given: object, **named: object) -> Any:  # noqa: ANN401 - whatever the step gives
        answer = whole(*given, **named)
        wait_to_be_killed()
        return answer

    setattr(owner, name, stopping)


STEPS: dict[str, Callable[[], None]] = {
    "save before the log": lambda: _stop_before(ChangeLog, "append"),
    "save between log and commit": lambda: _stop_after(ChangeLog, "append"),
    "backup before the copy": lambda: _stop_before(backups, "_copy_proved"),
    "backup before it has its name": lambda: _stop_before(backups, "put_in_place"),
    "backup before the new log": lambda: _stop_after(backups, "put_in_place"),
    "backup before old ones go": lambda: _stop_before(backups.Backups, "_prune"),
    "backup after old ones went": lambda: _stop_after(backups.Backups, "_prune"),
    "purge before the log is settled": lambda: _stop_before(ChangeLog, "settle"),
    "closing": lambda: _stop_before(Database, "_let_go"),
    "repair before anything is moved": lambda: _stop_before(restoring, "place_for"),
    "repair between moving and replacing": lambda: _stop_before(restoring, "put_in_place"),
    "repair before it is told": lambda: _stop_after(opening, "restore"),
    "migration before its commit": lambda: _stop_before(migrate, "_damage"),
}


def main() -> None:
    """Open, save, back up, purge, close – until the step of the first argument. The folder is the second."""
    step, folder = sys.argv[1], Path(sys.argv[2])
    if step.startswith("migration"):
        STEPS[step]()
        migrate.bring_to_head(folder / "documents.db", KEYS.database, head="0002", more_versions=(folder / "later",))
    if step.startswith("repair"):
        STEPS[step]()
    store = open_store(folder)
    document = store.setting("document") or store.create_document(new_offer())
    STEPS[step]()
    change(store, document, "n", 1)
    store.backups.make()
    store._database.truncate_log()
    store.close()


if __name__ == "__main__":
    main()
