"""One demonstration desk for a module, and windows on it that notice what the browser complains about."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from localapp.calculation.calculator import Calculator
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from localapp.paths import components
from tests.activating import put_activated_desk
from tests.asking import OverHttp
from tests.browser.prepared import Prepared, prepare
from tests.running import OFFLINE, RunningDesk, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Windows = Callable[..., "BrowserContext"]
expect.set_options(timeout=30_000)  # a claim is about what comes, not about how fast a busy machine is


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A demonstration desk that the tests of one module share."""
    folder = tmp_path_factory.mktemp("shared") / "desk"
    put_activated_desk(folder)
    with started(folder, *OFFLINE) as running:
        yield running


@pytest.fixture(scope="module")
def asking(shared_desk: RunningDesk) -> Iterator[OverHttp]:
    """Requests to the shared desk past the browser, to prepare what a test needs."""
    with closing(OverHttp(shared_desk)) as connection:
        yield connection


@pytest.fixture(scope="session")
def prepared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningDesk, Prepared]]:
    """A desk with documents in every condition, for tests that only look."""
    folder = tmp_path_factory.mktemp("prepared") / "desk"
    put_activated_desk(folder)
    with started(folder, *OFFLINE) as running:
        with closing(OverHttp(running)) as connection:
            found = prepare(connection)
        yield running, found


@pytest.fixture
def windows(chromium: "Browser", shared_desk: RunningDesk) -> Iterator[Windows]:
    """Opens browser profiles that are in the session of the shared desk, with any options of the browser."""
    opened: list[BrowserContext] = []
    name, _, value = shared_desk.cookie.partition("=")

    def open_one(**options: Any) -> "BrowserContext":  # noqa: ANN401 - the browser's own options
        context = chromium.new_context(locale="cs-CZ", timezone_id="Europe/Prague", **options)
        context.add_cookies([{"name": name, "value": value, "url": shared_desk.origin}])
        context.set_default_timeout(30_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


def watched(page: "Page") -> list[str]:
    """What goes wrong on the page from now on: errors in the console, broken scripts, violations of the policy."""
    troubles: list[str] = []
    page.on("console", lambda line: troubles.extend([line.text] if line.type == "error" else []))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (broken) => console.error(broken.violatedDirective))"
    )
    return troubles


@pytest.fixture
def window(windows: Windows, shared_desk: RunningDesk) -> "Iterator[Page]":
    """A window on the list of the shared desk, in which nothing may go wrong."""
    page = windows().new_page()
    troubles = watched(page)
    page.goto(f"{shared_desk.origin}/documents")
    yield page
    assert troubles == []


@pytest.fixture(scope="session")
def calculator() -> Iterator[Calculator]:
    """The calculation library by itself, to compare with what the page shows."""
    library = CalculationLibrary.open(components() / "calculations" / "flexi-demo" / "2026.1")
    with Sandbox() as sandbox:
        yield Calculator(library, sandbox)
