"""The filter of unanswered fields leaves what is missing, reloads nothing, and hides no field that is typed in."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.writing import new_offer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_only_what_is_missing_stays_and_what_is_typed_is_not_reloaded(window: "Page") -> None:
    new_offer(window)
    name, email = (window.get_by_label(label) for label in ("Příjmení", "E-mail"))
    window.get_by_role("checkbox", name="jen nevyplněné").check()
    expect(email).to_be_hidden()
    name.press_sequentially("Nováková")
    expect(window.locator("#F-policyholder_last_name")).not_to_have_attribute("data-open", "")
    expect(name).to_be_focused()
    expect(name).to_have_value("Nováková")
    window.get_by_role("textbox", name="Místo narození").focus()
    expect(name).to_be_hidden()
    parts = window.get_by_role("navigation", name="Části nabídky")
    expect(parts.get_by_role("link", name="Platba")).to_be_hidden()
    parts.get_by_role("link", name="Identifikace klienta").click()
    expect(window.get_by_role("checkbox", name="jen nevyplněné")).to_be_checked()
    expect(window.get_by_role("combobox", name="Účel obchodu")).to_be_hidden()
    window.get_by_role("checkbox", name="jen nevyplněné").uncheck()
    expect(window.get_by_role("combobox", name="Účel obchodu")).to_be_visible()


def test_the_filter_belongs_to_the_document_it_was_set_in(window: "Page") -> None:
    new_offer(window)
    window.get_by_role("checkbox", name="jen nevyplněné").check()
    new_offer(window)
    expect(window.get_by_role("checkbox", name="jen nevyplněné")).not_to_be_checked()
    expect(window.get_by_label("E-mail")).to_be_visible()
