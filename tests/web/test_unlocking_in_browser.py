"""The pages before the desk is open, in a real Chromium without JavaScript: plain forms have to do."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp.store.keys import KeyFile
from tests.browser.test_accessibility import assert_accessible
from tests.running import RunningDesk, started
from tools.served_desks import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PASSPHRASE = "Tři lípy u mlýna"


def fill_in(page: "Page", **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
    page.locator("main button").click()


def test_a_first_start_and_a_later_one_by_passphrase_and_by_recovery_code(chromium: "Browser", tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    with closing(chromium.new_context(java_script_enabled=False, locale="cs-CZ")) as context:
        page = context.new_page()
        with started(folder) as running:
            page.goto(running.url)
            expect(page.locator("h1")).to_have_text("Zvolte heslo")
            fill_in(page, passphrase=PASSPHRASE, again="něco jiného")
            expect(page.get_by_role("alert")).to_contain_text("Hesla se liší")
            fill_in(page, passphrase=PASSPHRASE, again=PASSPHRASE)
            expect(page.locator("h1")).to_have_text("Opište si obnovovací kód")
            code = re.sub(r"\s", "", page.locator("#recovery-code").inner_text())
            fill_in(page, last_group=code[-4:])
            page.wait_for_url("**/activation")
        with started(folder) as running:
            page.goto(running.url)
            expect(page.locator("h1")).to_have_text("Odemknout SmartClient")
            fill_in(page, passphrase="Tři lípy u rybníka")
            expect(page.get_by_role("alert")).to_contain_text("Heslo nesouhlasí")
            page.get_by_role("link", name="Použít obnovovací kód").click()
            fill_in(page, code=code, passphrase="Čtyři lípy u mlýna", again="Čtyři lípy u mlýna")
            page.wait_for_url("**/activation")


@pytest.fixture
def window(chromium: "Browser") -> "Iterator[Page]":
    with closing(chromium.new_context(locale="cs-CZ")) as context:
        yield context.new_page()


def test_the_pages_of_a_first_start_are_accessible_in_light_and_dark(window: "Page", tmp_path: Path) -> None:
    with started(tmp_path / "desk") as running:
        window.goto(running.url)
        window.wait_for_url("**/unlock/choose")
        assert_accessible(window)
        fill_in(window, passphrase="krátké", again="krátké")
        expect(window.get_by_role("alert")).to_be_visible()
        assert_accessible(window)
        fill_in(window, passphrase=PASSPHRASE, again=PASSPHRASE)
        window.wait_for_url("**/unlock/code")
        assert_accessible(window)


def test_the_pages_of_a_later_start_are_accessible_in_light_and_dark(window: "Page", tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir(mode=0o700)
    KeyFile(tmp_path / "desk" / "keys.json").create(PASSPHRASE)
    with started(tmp_path / "desk") as running:
        window.goto(running.url)
        window.wait_for_url("**/unlock")
        assert_accessible(window)
        window.get_by_role("link", name="Použít obnovovací kód").click()
        assert_accessible(window)
        window.go_back()
        fill_in(window, passphrase=PASSPHRASE)
        window.wait_for_url("**/activation")
        expect(window.locator("h1")).to_have_text("Aktivace aplikace")
        assert_accessible(window)


@pytest.mark.parametrize("path", ["/open/used", "/documents"])
def test_the_pages_without_a_session_are_accessible(window: "Page", running_desk: RunningDesk, path: str) -> None:
    window.goto(f"{running_desk.origin}{path}")
    assert_accessible(window)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("keyring", "/unlock/choose"),
        ("keyring_locked", "/unlock"),
        ("locked", "/unlock/recover"),
        ("keys", "/settings"),
        ("keys", "/settings/keys/confirmation"),
    ],
)
def test_the_pages_of_the_keys_are_accessible_and_fit_a_narrow_window(
    window: "Page", tmp_path: Path, kind: str, address: str
) -> None:
    window.set_viewport_size({"width": 420, "height": 900})
    with serving(kind, tmp_path / "desk") as served:
        window.goto(served.addresses.issue())
        window.wait_for_url(re.compile("/(unlock|documents)"))
        window.goto(served.guard.origin + address)
        for summary in window.locator("#keys summary").all():
            summary.click()
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert_accessible(window)
