"""What tests share: a data folder, a desk in this process or one of its own, a real browser."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from werkzeug.test import TestResponse

from localapp.store.records import Keys
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from tests import in_memory, kept_addresses, kept_statements, kept_templates
from tests.activating import put_activated_desk
from tests.connecting import Offline
from tests.copied import put_store
from tests.running import OFFLINE, RunningDesk, started
from tests.store.made_up import KEYS, enrolled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

AUTHORITY = "127.0.0.1:7000"
WHOLE = ("chromium", "chromium-browser", "google-chrome")
"""Chromium as a person has it, by the names that it is installed under."""

settings.register_profile("busy", deadline=None)  # a claim is about what holds, not about how fast a busy machine is
settings.load_profile("busy")

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # nobody's own keyring; see tests.own_keyring


def pytest_configure() -> None:
    """Not when this module is imported: the benchmarks import it too, and measure on the disk."""
    in_memory.choose()
    kept_templates.keep()
    kept_addresses.keep()
    kept_statements.keep()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of some hundred processes compiles the programs anew
    sys.dont_write_bytecode = False  # and each start of the suite compiles the tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no core waits for one at the end; then what starts programs."""
    turns = dict.fromkeys((item.path for item in items), 2)
    for item in items:
        turns[item.path] = min(turns[item.path], _turn(item))
    items.sort(key=lambda item: turns[item.path])


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("long"):
        return 0
    marked = item.get_closest_marker("slow") or item.get_closest_marker("browser")
    return 1 if marked or item.path.parent.name == "window" else 2


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """A program called within this process narrows what it makes for good: the next test must not inherit that."""
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)


class GuardedClient(FlaskClient):
    """A client that asks as the desk's own pages do."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # noqa: ANN401 - the signature is Flask's
        """Ask our own address from our own page, unless told otherwise."""
        kwargs.setdefault("base_url", f"http://{AUTHORITY}")
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Origin", f"http://{AUTHORITY}")
        headers.setdefault("Sec-Fetch-Site", "same-origin")
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def desk_keys() -> Keys:
    """Keys of a desk, without the passphrase around them."""
    return KEYS


@pytest.fixture
def locked_desk(desk_dir: Path) -> Iterator[Desk]:
    """A desk that nobody has unlocked yet."""
    desk = Desk(desk_dir, Offline(), demo=True)
    yield desk
    desk.close()


@pytest.fixture
def desk(locked_desk: Desk, desk_keys: Keys) -> Desk:
    """An open, empty desk that was activated long ago and has no network."""
    put_store(locked_desk.data_dir)
    locked_desk.unlock(desk_keys)
    enrolled(locked_desk.store)
    return locked_desk


@pytest.fixture
def guard() -> Guard:
    """The guard of the desk in this process."""
    return Guard(AUTHORITY)


def client_of(app: Flask, guard: Guard) -> FlaskClient:
    """A client with a session of its own."""
    app.test_client_class = GuardedClient
    client = app.test_client()
    client.set_cookie(guard.cookie_name, guard.sessions.issue(), domain="127.0.0.1")
    return client


@pytest.fixture
def app(desk: Desk, guard: Guard) -> Flask:
    """The pages of the open desk."""
    return create_app(desk, guard)


@pytest.fixture
def client(app: Flask, guard: Guard) -> FlaskClient:
    """The advisor's window on the open desk."""
    return client_of(app, guard)


@pytest.fixture
def locked_client(locked_desk: Desk, guard: Guard) -> FlaskClient:
    """The advisor's window on a desk that is locked."""
    return client_of(create_app(locked_desk, guard), guard)


@pytest.fixture
def running_desk(tmp_path: Path) -> Iterator[RunningDesk]:
    """An activated demonstration desk in a process of its own; its opening address is unused."""
    put_activated_desk(tmp_path / "running")
    with started(tmp_path / "running", *OFFLINE) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> "Iterator[Playwright]":
    """What drives browsers, started once."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need no browser

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: "Playwright") -> "Iterator[Browser]":
    """A real Chromium, started once: without its own windows where that is installed, which costs a fraction."""
    with closing(launched(playwright, "chromium-headless-shell", *WHOLE)) as browser:
        yield browser


def launched(playwright: "Playwright", *names: str) -> "Browser":
    """The first of these browsers that is installed; else the one that Playwright brings."""
    options = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    options += ["--disable-component-update", "--disable-sync"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")
    path = next((path for path in map(shutil.which, names) if path), None)
    return playwright.chromium.launch(executable_path=path, args=options)


@pytest.fixture
def page(chromium: "Browser", running_desk: RunningDesk) -> "Iterator[Page]":
    """A browser window on the running desk, opened through its one-time address."""
    context = chromium.new_context(locale="cs-CZ", timezone_id="Europe/Prague")
    window = context.new_page()
    window.goto(running_desk.url)
    window.wait_for_url("**/documents")
    yield window
    context.close()
