"""Folders of a desk that are copied, and older databases that are put back."""

import shutil
from pathlib import Path

from endpoint.application import Endpoint
from localapp.store.store import Store
from tests.store.made_up import KEYS
from tests.sync.answering import Computer, Line


def folder_of(computer: Computer) -> Path:
    return computer.store._database.path.parent


def copied(computer: Computer, place: Path) -> Path:
    """The whole folder, copied while the desk was closed."""
    computer.store.close()
    shutil.copytree(folder_of(computer), place)
    computer.store = Store.open(folder_of(computer) / "documents.db", KEYS)
    return place


def opened(folder: Path, endpoint: Endpoint) -> Computer:
    return Computer(Store.open(folder / "documents.db", KEYS), Line(endpoint))


def restored(computer: Computer, older: Path) -> None:
    """Somebody has put an older database with its log into the folder; what lies beside it stays."""
    computer.store.close()
    folder = folder_of(computer)
    for name in ("documents.db", "changes"):
        place = folder / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        source = older / name
        shutil.copytree(source, place) if source.is_dir() else shutil.copy(source, place)
    computer.store = Store.open(folder / "documents.db", KEYS)
