"""Desks with a family offer in them, to be measured."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from localapp import clock
from localapp.store.records import Keys
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.editing import Opened, open_document
from localapp.web.guard import Guard
from tests import family
from tests.activating import put_activated_desk
from tests.asking import Asking, InProcess, OverHttp
from tests.conftest import AUTHORITY, client_of
from tests.connecting import enrolled_desk
from tests.running import started

KEYS = Keys(bytes(32), bytes(range(32)))


@dataclass(frozen=True)
class Family:
    """An open desk in this process and its family offer."""

    desk: Desk
    asking: Asking
    address: str

    @property
    def opened(self) -> Opened:
        """The offer as it stands."""
        found = open_document(self.desk, self.address.rpartition("/")[2])
        assert found is not None
        return found


@contextmanager
def open_family() -> Iterator[Family]:
    """A desk in this process with the family of 12 coverages."""
    with tempfile.TemporaryDirectory() as folder:
        desk, guard = enrolled_desk(Path(folder), KEYS), Guard(AUTHORITY)
        try:
            asking = InProcess(client_of(create_app(desk, guard), guard))
            yield Family(desk, asking, family.write(asking, clock.today()))
        finally:
            desk.close()


@contextmanager
def running_family() -> Iterator[tuple[Asking, str]]:
    """A real desk with the same offer, asked over one kept connection."""
    with tempfile.TemporaryDirectory() as folder:
        put_activated_desk(Path(folder) / "desk")
        with started(Path(folder) / "desk", "--demo") as running:
            asking = OverHttp(running)
            try:
                yield asking, family.write(asking, clock.today())
            finally:
                asking.close()


def changing(asking: Asking, address: str, section: str, path: str, texts: list[str]) -> Callable[[], None]:
    """A change of one field that is another each time, sent as the page sends it."""
    turns = itertools.cycle(texts)

    def change() -> None:
        page = asking.post(f"{address}/sections/{section}", {path: next(turns)})
        assert page.acknowledged, page.text

    return change
