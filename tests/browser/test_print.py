"""Zobrazit in a real browser: from the list by keyboard to the pages, and on to the PDF."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows, watched
from tests.browser.prepared import Prepared
from tests.running import RunningDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shared_desk(prepared_desk: tuple[RunningDesk, Prepared]) -> RunningDesk:
    return prepared_desk[0]


@pytest.fixture
def page(windows: Windows) -> "Page":
    return windows().new_page()


@pytest.fixture
def prepared(prepared_desk: tuple[RunningDesk, Prepared]) -> Prepared:
    return prepared_desk[1]


@pytest.fixture
def family(prepared: Prepared) -> str:
    """The address of the family's offer."""
    return prepared.family


def test_the_pages_come_by_keyboard_and_the_pdf_is_one_key_further(
    page: "Page", shared_desk: RunningDesk, family: str
) -> None:
    troubles = watched(page)
    page.goto(f"{shared_desk.origin}/documents?selected={family.rpartition('/')[2]}")
    show = page.get_by_role("link", name="Zobrazit", exact=True)
    show.focus()
    page.keyboard.press("Enter")
    sheets = page.get_by_role("img", name="Strana ")
    expect(sheets.first).to_be_visible()
    assert sheets.count() > 3
    widths = sheets.evaluate_all("all => all.map((each) => each.naturalWidth)")
    assert min(widths) > 800
    link = page.get_by_role("link", name="Otevřít PDF")
    answer = page.request.get(shared_desk.origin + str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-1.7")
    assert troubles == []


def test_the_print_dialog_of_a_receipt_opens_once(page: "Page", shared_desk: RunningDesk, prepared: Prepared) -> None:
    page.add_init_script("window.print = () => { document.title += ' printed'; }")
    page.goto(f"{shared_desk.origin}{prepared.completed}/receipt")
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Vytisknout").click()
    assert page.title().count("printed") == 1


def test_charts_have_the_colours_of_the_page_in_light_and_dark(
    page: "Page", shared_desk: RunningDesk, family: str
) -> None:
    page.goto(f"{shared_desk.origin}{family}/values")
    line = page.locator(".chart .a").first
    found = []
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        found.append(line.evaluate("each => getComputedStyle(each).stroke"))
    assert found == ["rgb(12, 83, 96)", "rgb(127, 202, 216)"]
    assert page.get_by_role("img", name="Investiční účet").count() == 1
