"""Launch → shell, and launch → list of documents, of a real process with its key at hand."""

import secrets
import statistics
import tempfile
import time
from pathlib import Path

from localapp.store.keys import KeyFile
from tests.activating import put_activated_desk
from tests.bench.table import Row, measured
from tests.running import RunningDesk, started

STARTS = 7
SHELL_TARGET, LIST_TARGET = 400.0, 900.0


def rows() -> list[Row]:
    """The demonstration's key costs one argon2id at each start; it stands apart, as a key in a keyring costs none."""
    with tempfile.TemporaryDirectory() as folder:
        unlock = _unlocking(Path(folder) / "keys.json")
        put_activated_desk(Path(folder) / "desk", as_made=True)
        _start(Path(folder) / "desk")  # the first one compiles the program, as setting it up does elsewhere
        times = [_start(Path(folder) / "desk") for _ in range(STARTS)]
    return [
        _row("launch → shell", [shell for shell, _ in times], SHELL_TARGET),
        _row("launch → list, argon2id included", [listed for _, listed in times], None),
        _row("launch → list, argon2id apart", [listed - unlock.p50 for _, listed in times], LIST_TARGET),
        unlock,
    ]


def _start(folder: Path) -> tuple[float, float]:
    """Milliseconds from the start of the process to the opening page, and to the list."""
    began = time.perf_counter()
    with started(folder, "--demo") as running:
        assert running.cookie  # comes with the opening page
        shell = (time.perf_counter() - began) * 1000
        _see_documents(running)
        return shell, (time.perf_counter() - began) * 1000


def _see_documents(running: RunningDesk) -> None:
    assert running.ask("GET", "/documents").status == 200


def _unlocking(path: Path) -> Row:
    key_file, passphrase = KeyFile(path), secrets.token_urlsafe(24)
    key_file.create(passphrase)
    return measured("argon2id (64 MiB, 3 passes, 4 lanes)", lambda: key_file.unlock(passphrase), count=STARTS)


def _row(what: str, times: list[float], target: float | None) -> Row:
    return Row(what, statistics.median(times), max(times), len(times), target)
