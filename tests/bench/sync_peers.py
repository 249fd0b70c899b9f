"""Peers of the synchronization: each pushes the same documents, fresh to fresh, in processes of its own.

Not equal, so read beside the figures: Anki is Rust, packs with zstd and keeps one transaction over the whole push; the
server of PouchDB is on LevelDB, packs nothing and does not wait for the disk.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.running import ROOT

_MODULES = Path(sys.prefix) / "pouch" / "node_modules"
_SCRIPTS = ROOT / "tests" / "bench" / "pouch"
_SECONDS = 180


@dataclass(frozen=True)
class Peer:
    """``push`` gives the milliseconds of one push of a file of documents; ``missing`` says why there is none here.

    Ours may take so many times as long (``times``).
    """

    name: str
    times: float
    push: Callable[[Path], float]
    missing: str


def peers() -> list[Peer]:
    """All that there are, installed or not."""
    return [
        Peer("Anki", 3, _push_with_anki, _missing_anki()),
        Peer("PouchDB", 0.6, _push_with_pouch, _missing_pouch()),
    ]


def _missing_anki() -> str:
    return "" if importlib.util.find_spec("anki") else "not installed here: `make bench` installs it"


def _missing_pouch() -> str:
    if shutil.which("node") is None:
        return "not installed here: there is no Node.js"
    return "" if (_MODULES / "pouchdb").is_dir() else "not installed here: tools/install_pouch.sh could not do it"


def _push_with_anki(documents: Path) -> float:
    return _last_line([sys.executable, "-m", "tests.bench.anki_push", str(documents)])


def _push_with_pouch(documents: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "there"
        there.mkdir()
        command = ["node", str(_SCRIPTS / "server.js"), str(there)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment(), cwd=there)
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            here = Path(folder) / "here"
            here.mkdir()
            return _last_line(["node", str(_SCRIPTS / "push.js"), str(here), port, str(documents)])
        finally:
            server.kill()
            server.wait()


def _last_line(command: list[str]) -> float:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT, env=_environment(), timeout=_SECONDS
    )
    return float(done.stdout.splitlines()[-1])


def _environment() -> dict[str, str]:
    return {**os.environ, "NODE_PATH": str(_MODULES)}
