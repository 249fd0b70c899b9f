"""Desks in every condition, served on the loopback interface: for pictures and for tests of the browser."""

import atexit
import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

from flask import Flask

from endpoint import demo
from endpoint.application import Endpoint, create_endpoint
from localapp import clock, server
from localapp.store.key_failures import LockedKeyring
from localapp.store.keys import KeyFile
from localapp.store.records import Keys
from localapp.sync.proxy import Proxy
from localapp.sync.transport import Transport
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from localapp.web.opening import Door, OpeningAddresses
from tests.asking import InProcess
from tests.conftest import AUTHORITY, client_of
from tests.connecting import InProcess as InProcessTransport
from tests.connecting import Offline
from tests.store.made_up import enrolled
from tools.demo_documents import NOW, write_all
from tools.demo_synchronization import add_all, going_on

SHOWN_DATA_DIR = Path("/home/alena/.local/share/smartclient")
PASSPHRASE = "Tři lípy u mlýna"  # noqa: S105 - made up for the pictures
_KEYS = Keys(bytes(32), bytes(range(32)))
_WRITTEN = {"open", "synchronizing"}
_DEMONSTRATIONS = {"open", "empty", "activating", "verified", "fetching", "synchronizing", "screen_locked"}


@dataclass(frozen=True)
class Served:
    """One desk that is being served, what opens it, and the ids of its documents by name."""

    guard: Guard
    addresses: OpeningAddresses
    documents: dict[str, str]


class _Seeded(Offline):
    """The way to an endpoint in this process; ``is_ready`` false while the components are still to come."""

    def __init__(self, endpoint: Endpoint, *, is_ready: bool) -> None:
        self._endpoint = endpoint
        self.is_ready = is_ready

    def transport(self, fixed: str | None, pinned: str = "", proxy: Proxy | None = None) -> Transport:  # noqa: ARG002 - as the protocol has it
        return InProcessTransport(self._endpoint.app.test_client())

    def close(self) -> None:
        self._endpoint.close()


@contextmanager
def serving(kind: str, folder: Path) -> Iterator[Served]:
    """Serve a desk of a kind on the loopback interface."""
    folder.mkdir(mode=0o700)
    listener = server.bind(0)
    guard = Guard(f"127.0.0.1:{listener.getsockname()[1]}")
    desk = Desk(folder, _connection(kind, folder), demo=kind in _DEMONSTRATIONS)
    documents = _prepare(kind, desk)
    pages = create_app(desk, guard)
    if kind == "choosing":
        _choose_passphrase(pages, guard)
    if kind in {"open", "keys"}:
        desk.data_dir = SHOWN_DATA_DIR
    addresses = OpeningAddresses(guard.origin)
    door = Door(guard, addresses)
    door.ready(pages)
    web = server.Server(listener, door)
    web.start()
    try:
        yield Served(guard, addresses, documents)
    finally:
        web.stop()
        desk.close()


def _connection(kind: str, folder: Path) -> Offline:
    if kind not in {"activating", "verified", "fetching"}:
        return Offline()
    demo.seed(folder / "endpoint", publish=False)
    return _Seeded(create_endpoint(folder / "endpoint"), is_ready=kind != "fetching")


def _prepare(kind: str, desk: Desk) -> dict[str, str]:
    """Bring the desk into its state; the documents in it."""
    _prepare_keys(kind, desk)
    if kind in _WRITTEN:
        folder, documents = _written_once()
        shutil.copytree(folder, desk.data_dir, dirs_exist_ok=True)
    else:
        documents = {}
    if kind in _DEMONSTRATIONS:
        desk.unlock(_KEYS)
    if kind == "verified":
        desk.store.set_setting("activation.partner", json.dumps([demo.PARTNER, demo.NAMES[demo.PARTNER]]))
    if kind in {"empty", "fetching", "screen_locked", "keys"}:
        enrolled(desk.store)
    if kind == "screen_locked":
        desk.screen_lock.pin.choose("271828")
        desk.screen_lock.lock("hand")
    if kind in {"fetching", "synchronizing"}:
        desk.synchronizer._standing = going_on()  # noqa: SLF001 - it shall not end while one looks
    return documents


@cache
def _written_once() -> tuple[Path, dict[str, str]]:
    """The folder of a desk with the documents of the pictures, for all desks of this process; their ids by name."""
    parent = Path(tempfile.mkdtemp(prefix="smartclient-written-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    (parent / "desk").mkdir(mode=0o700)
    with clock.moved_to(NOW):
        desk, guard = Desk(parent / "desk", Offline(), demo=True), Guard(AUTHORITY)
        desk.unlock(_KEYS)
        enrolled(desk.store)
        asking = InProcess(client_of(create_app(desk, guard), guard))
        documents = write_all(asking, desk.store) | add_all(asking, desk.store)
        desk.close()
    return parent / "desk", documents


def _prepare_keys(kind: str, desk: Desk) -> None:
    """Bring key file and keyring into their state."""
    if kind == "locked":
        KeyFile(desk.data_dir / "keys.json").create(PASSPHRASE)
    if kind == "keyring":
        desk.keyholder.usable_keyring = "keyring.backends.SecretService.Keyring"
    if kind == "keyring_locked":
        _keep_in_a_keyring_that_is_locked(desk)
    if kind == "keys":
        keys, _ = KeyFile(desk.data_dir / "keys.json").create(PASSPHRASE)
        desk.keyholder.open_with(keys)
        with _the_same_code():
            desk.keyholder.prepare_keys(PASSPHRASE)
    if kind == "lost":
        (desk.data_dir / "documents.db").touch()


def _keep_in_a_keyring_that_is_locked(desk: Desk) -> None:
    key_file = KeyFile(desk.data_dir / "keys.json")
    key_file.write(key_file.prepare(None, "keyring.backends.SecretService.Keyring"))
    desk.keyholder.trouble = LockedKeyring(keyring="Secret Service")


def _the_same_code() -> AbstractContextManager[object]:
    """Recovery codes are the same in each picture."""
    always_same = random.Random(7).choice  # noqa: S311 - made up for the picture
    return mock.patch("localapp.store.recovery.secrets.choice", always_same)


def _choose_passphrase(pages: Flask, guard: Guard) -> None:
    """Go on to the recovery code."""
    asked = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    with _the_same_code():
        client = client_of(pages, guard)
        client.post("/unlock/choose", data=asked, base_url=guard.origin, headers={"Origin": guard.origin})
