"""A whole insurer and its advisors in one process, with a clock that only the journey moves."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from endpoint.application import Endpoint, create_endpoint
from localapp import clock
from localapp.store.sync_store import SyncStore
from localapp.sync.connection import EndpointConnection
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from tests.activating import pass_activation
from tests.asking import InProcess as Asking
from tests.conftest import AUTHORITY, client_of
from tests.connecting import InProcess
from tests.copied import made, put_endpoint, put_store
from tests.store.made_up import KEYS

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Clock:
    """The time of a journey; the insurer's and every advisor's."""

    def __init__(self) -> None:
        self.now = MORNING

    def set(self, day: int, hour: int, minute: int = 0) -> None:
        """Prague time in November 2026."""
        self.now = datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)
        clock._moved[-1] = self.now

    def pass_by(self, **step: float) -> None:
        """Let time go by."""
        self.now += timedelta(**step)
        clock._moved[-1] = self.now


@dataclass
class Advisor:
    """One advisor's computer: the desk, the pages as a browser asks them, and the line to the insurer."""

    desk: Desk
    asking: Asking
    line: InProcess

    @property
    def sync(self) -> SyncStore:
        """The synchronization's side of the store."""
        return self.desk.store.sync

    def activate(self, partner_number: str = "900001", **data: str) -> None:
        """Activate, and wait until the application has opened."""
        pass_activation(self.asking, partner_number, **data)
        self.desk.synchronizer.wait(60)
        assert self.asking.get("/documents").status == 200

    def synchronize(self) -> None:
        """Spustit synchronizaci, and wait for its end."""
        self.desk.synchronizer.run("by_hand")


@dataclass
class Insurer:
    """The endpoint and its advisors' computers."""

    endpoint: Endpoint
    folder: Path
    advisors: list[Advisor] = field(default_factory=list)

    @property
    def root(self) -> bytes:
        """The first root of trust, as it comes with an installation."""
        return (self.folder / "endpoint" / "components" / "metadata" / "1.root.json").read_bytes()

    def new_computer(self, name: str) -> Advisor:
        """A fresh computer with an empty desk."""
        (self.folder / name).mkdir(mode=0o700)
        put_store(self.folder / name)
        return self.computer(name)

    def computer(self, name: str) -> Advisor:
        """A computer with what lies in its folder."""
        place = self.folder / name
        line = InProcess(self.endpoint.app.test_client())
        connection = EndpointConnection(
            place / "components", lambda: line.address, lambda: self.root, reach=lambda *_way: line
        )
        desk, guard = Desk(place, connection, demo=True), Guard(AUTHORITY)
        desk.unlock(KEYS)
        self.advisors.append(Advisor(desk, Asking(client_of(create_app(desk, guard), guard)), line))
        return self.advisors[-1]

    def close(self) -> None:
        """Shut all down."""
        for advisor in self.advisors:
            advisor.desk.close()
        self.endpoint.close()


@cache
def _alena_activated() -> Path:
    def make(folder: Path) -> None:
        put_endpoint(folder / "endpoint")
        running = Insurer(create_endpoint(folder / "endpoint"), folder)
        running.new_computer("alena").activate()
        running.close()

    with clock.moved_to(MORNING):
        return made(make)


@pytest.fixture
def time() -> Iterator[Clock]:
    """Monday morning, 23 November 2026."""
    with clock.moved_to(MORNING):
        yield Clock()


@pytest.fixture
def insurer(
    time: Clock,  # noqa: ARG001 - its day begins in the morning
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Insurer]:
    """A seeded endpoint without advisors; with Alena, where the test asks for her."""
    if "activated_before" in request.fixturenames:
        shutil.copytree(_alena_activated(), tmp_path, dirs_exist_ok=True)
    else:
        put_endpoint(tmp_path / "endpoint")
    running = Insurer(create_endpoint(tmp_path / "endpoint"), tmp_path)
    yield running
    running.close()


@pytest.fixture
def activated_before() -> None:
    """What ``insurer`` looks for."""


@pytest.fixture
def alena(insurer: Insurer, activated_before: None) -> Advisor:  # noqa: ARG001 - see there
    """Alena's computer, activated a moment ago and started anew."""
    computer = insurer.computer("alena")
    assert computer.asking.get("/documents").status == 200
    return computer
