"""Attack 16 and the screen lock in a real browser: nothing stays on the screen, nothing typed is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import server
from localapp.store.keys import KeyFile
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from localapp.web.opening import Door, OpeningAddresses
from localapp.web.screen_lock import DEFAULT_IDLE, ScreenLock
from tests.browser.conftest import watched
from tests.browser.test_accessibility import assert_accessible
from tests.connecting import Offline
from tests.store.made_up import enrolled
from tests.web.moved import Moved
from tests.web.test_pin import PIN, WRONG

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PASSPHRASE = "Tři lípy u mlýna"
NAME = "Vrbová-Skálová"
LAST_NAME = "policyholder.last_name"
REFUSED = "the server responded with a status of 4"  # the browser notes each refusal


@dataclass
class Served:
    """A desk in this process whose screen lock has a clock that the test moves."""

    desk: Desk
    addresses: OpeningAddresses
    origin: str
    now: Moved


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """An open desk with a PIN, served on the loopback interface."""
    listener = server.bind(0)
    guard = Guard(f"127.0.0.1:{listener.getsockname()[1]}")
    desk, now = Desk(tmp_path, Offline(), demo=True), Moved()
    desk.unlock(KeyFile(tmp_path / "keys.json").create(PASSPHRASE)[0])
    enrolled(desk.store)
    desk.screen_lock = ScreenLock(lambda: desk.store, now)
    desk.screen_lock.pin.choose(PIN)
    addresses = OpeningAddresses(guard.origin)
    door = Door(guard, addresses)
    door.ready(create_app(desk, guard))
    web = server.Server(listener, door)
    web.start()
    yield Served(desk, addresses, guard.origin, now)
    web.stop()
    desk.close()


@pytest.fixture
def profile(chromium: "Browser") -> "Iterator[BrowserContext]":
    """A browser profile of its own."""
    context = chromium.new_context(locale="cs-CZ", timezone_id="Europe/Prague")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(profile: "BrowserContext", served: Served) -> "Iterator[Page]":
    """The advisor's window, on the list, in which nothing may go wrong."""
    window = opened(profile, served)
    troubles = watched(window)
    yield window
    assert [trouble for trouble in troubles if REFUSED not in trouble] == []


def opened(profile: "BrowserContext", served: Served) -> "Page":
    """A page of the profile, opened through an address of its own."""
    window = profile.new_page()
    window.goto(served.addresses.issue())
    window.wait_for_url("**/documents")
    return window


def new_offer(page: "Page") -> str:
    """A new offer with a name in it; the address of its first section."""
    page.goto(page.url.partition("/documents")[0] + "/documents")
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Nabídka FLEXI").click()
    page.wait_for_url("**/sections/policyholder")
    page.locator(f'[name="{LAST_NAME}"]').fill("Alena")
    page.locator(f'[name="{LAST_NAME}"]').blur()
    return page.url


def unlock(page: "Page", pin: str = PIN) -> None:
    """Type a PIN as a person does."""
    expect(page.get_by_label("PIN")).to_be_focused()
    page.keyboard.type(pin)
    page.keyboard.press("Enter")


def expect_locked(page: "Page") -> None:
    expect(page.get_by_role("heading", name="SmartClient je zamčený")).to_be_visible()
    assert NAME not in page.content()


def test_by_keyboard_alone_the_screen_is_locked_and_unlocked_and_the_page_is_the_same(
    page: "Page", served: Served
) -> None:
    address = new_offer(page)
    page.keyboard.press("Alt+l")
    expect_locked(page)
    unlock(page, WRONG)
    expect(page.get_by_role("alert")).to_contain_text("Zbývá 9 pokusů")
    unlock(page)
    page.wait_for_url(address)
    assert served.desk.screen_lock.in_force is None


def test_what_was_typed_just_before_the_lock_is_saved(page: "Page") -> None:
    address = new_offer(page)
    page.locator(f'[name="{LAST_NAME}"]').fill(NAME)
    page.get_by_role("button", name="Zamknout").click()
    expect_locked(page)
    unlock(page)
    page.wait_for_url(address)
    expect(page.locator(f'[name="{LAST_NAME}"]')).to_have_value(NAME)


def test_what_is_being_typed_when_another_window_locks_is_saved(profile: "BrowserContext", served: Served) -> None:
    page = opened(profile, served)
    address = new_offer(page)
    typed = page.locator(f'[name="{LAST_NAME}"]')
    page.route("**/sections/policyholder", lambda route: route.abort() if route.request.method == "POST" else None)
    typed.fill(NAME)
    expect(page.locator("#save-failed")).to_be_visible()
    with page.expect_request(lambda request: "sc-by-itself" in request.headers):
        pass  # trying again is nobody's activity
    page.unroute("**/sections/policyholder")
    served.desk.screen_lock.lock("hand")
    expect_locked(page)
    unlock(page)
    page.wait_for_url(address)
    expect(typed).to_have_value(NAME)


def test_45_idleness_locks_every_tab_and_every_profile_though_they_poll(
    page: "Page", profile: "BrowserContext", chromium: "Browser", served: Served
) -> None:
    other = chromium.new_context(locale="cs-CZ")
    tab, elsewhere = profile.new_page(), opened(other, served)
    tab.goto(f"{served.origin}/help")
    served.now.pass_by(DEFAULT_IDLE * 60)
    for each in (page, tab, elsewhere):
        expect_locked(each)
    unlock(elsewhere)
    elsewhere.wait_for_url("**/documents")
    expect_locked(page)
    page.bring_to_front()
    unlock(page)
    page.wait_for_url("**/documents")
    tab.wait_for_url("**/help")  # of the same profile, so of the same session
    other.close()


def test_45_a_moved_pointer_keeps_the_screen_awake(page: "Page", served: Served) -> None:
    served.now.pass_by(DEFAULT_IDLE * 60 - 1)
    with page.expect_response("**/lock/activity"):
        page.mouse.move(200, 300)
    served.now.pass_by(DEFAULT_IDLE * 60 - 1)
    with page.expect_response("**/lock/state") as state:
        pass
    assert state.value.json() == {"locked": False, "watch": True}


def test_16_going_back_after_a_lock_shows_the_lock_page(page: "Page") -> None:
    address = new_offer(page)
    page.locator(f'[name="{LAST_NAME}"]').fill(NAME)
    page.get_by_role("link", name="Nápověda").click()
    page.wait_for_url("**/help")
    page.keyboard.press("Alt+l")
    expect_locked(page)
    for _ in range(3):
        page.go_back(wait_until="commit")
        expect_locked(page)
    page.go_forward(wait_until="commit")
    expect_locked(page)
    page.goto(address)
    expect_locked(page)
    unlock(page)
    page.wait_for_url(address)


def test_after_ten_wrong_pins_the_passphrase_unlocks(page: "Page", served: Served) -> None:
    page.keyboard.press("Alt+l")
    for _ in range(10):
        expect_locked(page)
        with page.expect_navigation():
            unlock(page, WRONG)
        served.now.pass_by(60)
    expect(page.get_by_label("PIN")).to_have_count(0)
    page.get_by_role("link", name="Použít heslo").click()
    page.get_by_label("Heslo").fill(PASSPHRASE)
    page.get_by_role("button", name="Odemknout").click()
    page.wait_for_url("**/documents")
    assert not served.desk.screen_lock.pin.is_blocked


def test_the_lock_pages_and_the_settings_are_accessible_and_not_wider_than_the_window(page: "Page") -> None:
    origin = page.url.partition("/documents")[0]
    page.goto(f"{origin}/settings#lock")
    for summary in page.locator("#lock summary").all():
        summary.click()
    assert_accessible(page)
    page.get_by_label("Nový PIN", exact=True).fill("123456")
    page.get_by_label("Nový PIN ještě jednou").fill("123456")
    page.locator("#present").fill(PIN)
    page.get_by_role("button", name="Uložit PIN").click()
    expect(page.locator("#pin-error")).to_contain_text("brzy uhodl")
    assert_accessible(page)
    page.locator("#lock").get_by_role("button", name="Zamknout").click()
    expect_locked(page)
    for address in ("/lock", "/lock/passphrase", "/lock/code"):
        page.goto(f"{origin}{address}")
        assert_accessible(page)
        for width in (1440, 760):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{origin}/lock")
    unlock(page, WRONG)
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
