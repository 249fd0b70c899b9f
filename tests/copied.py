"""Folders made once in a process and copied for each test: a seeded endpoint, the store of a desk without anything.

A copy is a test's own; what is random in it (keys, the stream of the changes) is the same in each copy.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from endpoint import demo
from localapp import clock
from localapp.store.store import Store
from tests.store.made_up import KEYS


def put_endpoint(folder: Path, *, publish: bool = True) -> None:
    """Make ``folder`` the data of an endpoint as ``demo.seed`` fills it."""
    shutil.copytree(_endpoint(_moved(), publish=publish), folder)


def put_store(folder: Path) -> None:
    """Put into ``folder`` what ``Store.open`` with KEYS makes in an empty one."""
    shutil.copytree(_store(_moved()), folder, dirs_exist_ok=True)


def _moved() -> datetime | None:
    """The present where a test has moved it: a folder tells when it was made."""
    return clock._moved[-1] if clock._moved else None


@cache
def _endpoint(moment: datetime | None, *, publish: bool) -> Path:
    del moment
    return made(lambda folder: demo.seed(folder, publish=publish))


@cache
def _store(moment: datetime | None) -> Path:
    del moment

    def make(folder: Path) -> None:
        folder.mkdir(mode=0o700)
        Store.open(folder / "documents.db", KEYS).close()

    return made(make)


def made(make: Callable[[Path], None]) -> Path:
    """A folder that ``make`` makes and fills, until the end of the process."""
    parent = Path(tempfile.mkdtemp(prefix="smartclient-copied-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    make(parent / "made")
    return parent / "made"
