"""A person entered once is offered in the next document, by the keyboard alone; the pages of clients are accessible."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.asking import OverHttp
from tests.browser.conftest import Windows
from tests.browser.test_accessibility import assert_accessible
from tests.running import RunningDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BOREK = {
    "last_name": "Chalupa", "first_name": "Bořek", "title": "Ing.", "birth_number": "780101/1230",
    "phone": "777 123 456", "email": "borek@example.cz", "street": "Dlouhá 1", "city": "Brno", "postal_code": "602 00",
}  # fmt: skip
ALENA = {
    "last_name": "Wagner", "first_name": "Alena", "birth_date": "3. 4. 1985", "phone": "601 601 601", "city": "Písek",
}  # fmt: skip
LONG = {"last_name": "Hruškovská-Löwenbachová" * 2, "first_name": "Bernardeta", "birth_date": "1. 2. 1980"}


@pytest.fixture(scope="module")
def known(asking: OverHttp) -> None:
    """Clients of earlier offers."""
    for facts in (BOREK, ALENA, LONG):
        made = asking.post("/documents", {"kind": "offer"}, fragments=False).location
        answers = {f"policyholder.{name}": text for name, text in facts.items()}
        asking.post(f"{made}/sections/policyholder", answers)


def new_offer(window: "Page") -> None:
    window.get_by_text("Nový dokument").click()
    window.get_by_role("button", name="Nabídka FLEXI").click()
    window.wait_for_url("**/sections/policyholder")


@pytest.mark.usefixtures("known")
def test_a_known_client_is_filled_in_by_a_few_keys_and_taken_back(window: "Page") -> None:
    new_offer(window)
    surname = window.get_by_label("Příjmení")
    surname.focus()
    window.keyboard.type("chal")
    options = window.locator("#known li")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("Chalupa Bořek, Ing.")
    expect(surname).to_have_attribute("aria-expanded", "true")
    assert_accessible(window)
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    expect(window.get_by_label("Obec")).to_have_value("Brno")
    expect(surname).to_have_value("Chalupa")
    expect(window.get_by_label("Telefon")).to_have_value("+420\u00a0777\u00a0123\u00a0456")
    toast = window.get_by_role("status").filter(has_text="Z karty klienta je doplněno")
    expect(toast).to_contain_text("Rodné číslo")
    expect(window.locator("#F-policyholder_city")).to_contain_text("z karty klienta")
    assert_accessible(window)
    toast.get_by_role("button", name="Vrátit zpět").click()
    expect(window.get_by_label("Obec")).to_have_value("")


@pytest.mark.usefixtures("known")
def test_what_was_typed_otherwise_stays_until_the_card_is_asked_for(window: "Page") -> None:
    new_offer(window)
    window.get_by_label("Obec").fill("Praha")
    window.get_by_label("Příjmení").press_sequentially("chal")
    expect(window.locator("#known li")).to_have_count(1)
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    toast = window.get_by_role("status").filter(has_text="Zůstalo, co jste vyplnili jinak: Obec.")
    expect(toast).to_be_visible()
    expect(window.get_by_label("Obec")).to_have_value("Praha")
    toast.get_by_role("button", name="Převzít z karty").click()
    expect(window.get_by_label("Obec")).to_have_value("Brno")


@pytest.mark.usefixtures("known")
def test_escape_leaves_what_was_typed_and_nothing_else(window: "Page") -> None:
    new_offer(window)
    surname = window.get_by_label("Příjmení")
    surname.press_sequentially("chal")
    expect(window.locator("#known li")).to_have_count(1)
    window.keyboard.press("Escape")
    expect(window.get_by_role("listbox")).to_be_hidden()
    expect(surname).to_have_value("chal")
    expect(window.get_by_label("Obec")).to_have_value("")


@pytest.mark.usefixtures("known")
def test_a_client_is_found_by_the_keyboard_and_gets_a_new_offer(window: "Page") -> None:
    window.get_by_role("link", name="Klienti").click()
    expect(window.get_by_label("Hledat klienta")).to_be_focused()
    window.keyboard.type("alen 601")
    expect(window.locator("table.people tbody tr")).to_have_count(1)
    assert_accessible(window)
    window.get_by_role("link", name="Wagner Alena").click()
    expect(window.get_by_role("heading", name="Alena Wagner")).to_be_visible()
    assert_accessible(window)
    window.get_by_role("button", name="Nová nabídka pro klienta").click()
    expect(window.get_by_label("Obec")).to_have_value("Písek")


@pytest.mark.usefixtures("known")
def test_nothing_of_the_clients_stands_beside_a_narrow_window(windows: Windows, shared_desk: RunningDesk) -> None:
    page = windows(viewport={"width": 320, "height": 640}).new_page()
    origin = shared_desk.origin
    for address in ("/clients", ""):
        if address:
            page.goto(f"{origin}{address}")
        else:
            page.locator("table.people a").first.click()
            page.wait_for_url("**/clients/*-*")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert_accessible(page)
