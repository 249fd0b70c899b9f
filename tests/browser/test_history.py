"""Copy and history without a mouse: taking back by keys, the history, restoring, and what a copy lacks."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.keys import Keys, expect_section
from tests.browser.test_accessibility import assert_accessible
from tests.browser.writing import new_offer

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser


def told(page: "Page", words: str) -> None:
    """The page says what was done."""
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    page.wait_for_load_state("load")


def step(page: "Page", name: str) -> "Locator":
    return page.get_by_role("button", name=name)


def typed(page: "Page", keys: Keys, field: str, text: str) -> None:
    """Type into a field and leave it by Enter; the change is saved."""
    page.get_by_role("textbox", name=field, exact=True).focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        keys.type(text)
        keys.press("Enter")


def test_keys_take_back_and_do_again_across_the_parts_and_leave_text_that_is_being_typed(page: "Page") -> None:
    keys = Keys(page)
    new_offer(page)
    typed(page, keys, "Telefon", "777123456")
    expect(step(page, "Vrátit poslední změnu")).to_be_enabled()
    keys.to_section(_place(page, "Platba"), "Platba")
    keys.press("Control+z")
    told(page, "Vráceno: Telefon: nevyplněno")
    expect_section(page, "1. Pojistník")
    keys.expect_focus("Telefon")
    keys.press("Control+y")
    told(page, "Provedeno znovu: Telefon: +420 777 123 456")
    keys.type("5")  # the text is being typed: its own undo, not the document's
    keys.press("Control+z")
    expect(page.get_by_role("textbox", name="Telefon")).not_to_have_value("5")
    expect(page).to_have_url(re.compile("told=redone"))


def _place(page: "Page", name: str) -> int:
    numbers = page.locator("#sections a").filter(has_text=name).get_attribute("data-section")
    return int(numbers or 0)


def test_shortcuts_are_switched_off_in_settings(page: "Page") -> None:
    keys = Keys(page)
    new_offer(page)
    offer = page.url
    typed(page, keys, "Telefon", "777123456")
    page.goto(offer.partition("/documents")[0] + "/settings")
    page.get_by_label("Klávesové zkratky").select_option("Vypnuté")
    page.get_by_role("button", name="Uložit nastavení").click()
    page.get_by_text("Nastavení uloženo.").wait_for()
    page.goto(offer)
    page.wait_for_load_state("load")
    keys.press("Control+z")
    keys.press("Alt+2")
    expect(page.get_by_role("textbox", name="Telefon")).to_have_value("+420 777 123 456".replace(" ", "\u00a0"))
    step(page, "Vrátit poslední změnu").focus()
    keys.press("Enter")
    told(page, "Vráceno: Telefon")


def test_the_history_is_read_and_an_earlier_state_restored_by_keyboard(page: "Page") -> None:
    keys = Keys(page)
    new_offer(page)
    typed(page, keys, "Telefon", "777123456")
    typed(page, keys, "Obec", "Brno")
    page.get_by_role("link", name="Historie").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Historie dokumentu N26-")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Obec: nevyplněno → Brno")
    assert_accessible(page)
    page.get_by_role("row").nth(2).get_by_role("link").focus()
    keys.press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Brno")
    assert_accessible(page)
    page.get_by_role("button", name="Obnovit tento stav").focus()
    keys.press("Enter")
    told(page, "Obnovu můžete vrátit")
    expect(page.get_by_role("textbox", name="Obec")).to_have_value("")
    assert_accessible(page)
    keys.press("Control+z")
    told(page, "Vráceno: Obec: Brno")


def test_a_copy_says_what_it_lacks_until_that_is_read_and_finds_it_again(page: "Page") -> None:
    keys = Keys(page)
    new_offer(page)
    page.goto(page.url.rpartition("/")[0] + "/policy")
    typed(page, keys, "Začátek pojištění", "1. 2. 2027")
    page.goto(page.url.partition("/documents")[0] + "/documents")
    page.wait_for_load_state("load")
    document = page.locator("tr[data-document]").first.get_attribute("data-document")
    page.goto(f"{page.url}?selected={document}")
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Kopírovat").focus()
    keys.press("Enter")
    page.get_by_role("link", name="Otevřít").focus()
    keys.press("Enter")
    box = page.get_by_role("region", name="Co se nezkopírovalo")
    expect(box).to_contain_text("Pojistná smlouva: Začátek pojištění")
    expect(box).not_to_contain_text("2027")
    assert_accessible(page)
    page.get_by_role("button", name="Rozumím").focus()
    keys.press("Enter")
    expect(box).to_have_count(0)
    page.get_by_role("link", name="Co se nezkopírovalo").focus()
    keys.press("Enter")
    expect(box).to_be_visible()
