"""Folders to begin with, made once: an endpoint, Alena's two linked computers and Bořek's, each activated."""

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from endpoint import demo
from endpoint.application import create_endpoint
from localapp import clock
from localapp.domain.sync.enrolment import Advisor
from localapp.store.store import Store
from localapp.sync.enrolling import begin, confirm
from localapp.sync.linking import enter_code, make_code
from localapp.sync.session import synchronize
from tests import in_memory
from tests.connecting import InProcess
from tests.store.made_up import KEYS

START = datetime(2026, 11, 25, 11, tzinfo=UTC)
"""Noon in Prague of a business day."""
ALENA = Advisor("Alena", "Nováková", "anovakova", "012345PPZ")
BOREK = Advisor("Bořek", "Dvořák", "bdvorak", "054321PPZ")
DESKS = {"alena": ALENA, "alena at home": ALENA, "borek": BOREK}
INSURER = "insurer"
DATABASE = ("documents.db", "changes")


def place() -> Path:
    """A fresh folder, in memory where there is such a disk: a simulation syncs thousands of files."""
    return Path(tempfile.mkdtemp(prefix="smartclient-sim-", dir=in_memory.folder()))


def put(folder: Path) -> None:
    """Make ``folder`` the beginning of a simulation."""
    shutil.copytree(made_once(), folder, dirs_exist_ok=True)


@cache
def made_once() -> Path:
    """The folder that every simulation begins with a copy of."""
    folder = place()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with clock.moved_to(START):
        _make(folder)
    return folder


def _make(folder: Path) -> None:
    demo.seed(folder / INSURER, publish=False)
    shutil.rmtree(folder / INSURER / "versions")  # nothing is calculated
    endpoint = create_endpoint(folder / INSURER)
    line = InProcess(endpoint.app.test_client())
    stores = {name: _activated(folder / name, line, advisor) for name, advisor in DESKS.items()}
    _link(stores["alena"], stores["alena at home"], line)
    for store in stores.values():
        assert synchronize(store.sync, line, cause="by_hand").refusal is None
        store.close()
    endpoint.close()


def _activated(folder: Path, line: InProcess, advisor: Advisor) -> Store:
    folder.mkdir(mode=0o700)
    store = Store.open(folder / "documents.db", KEYS)
    confirm(store.sync, line, begin(store.sync, line, (demo.PARTNER, demo.NAMES[demo.PARTNER]), advisor))
    return store


def _link(first: Store, second: Store, line: InProcess) -> None:
    linked, fresh = first.sync.enrolment(), second.sync.enrolment()
    assert linked is not None
    assert fresh is not None
    code, _ = make_code(first.sync, line, linked)
    enter_code(second.sync, line, fresh, code)


def put_back(copy: Path, folder: Path, *, database_only: bool) -> None:
    """Let a kept copy take the place of a desk's folder, or of its database alone."""
    for place in list(folder.iterdir()):
        if not database_only or place.name.startswith(DATABASE):
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    for place in copy.iterdir():
        if not database_only or place.name.startswith(DATABASE):
            place.rename(folder / place.name)
    shutil.rmtree(copy)
