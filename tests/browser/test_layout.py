"""Nothing is cut, nothing sticks out and nothing moves: at a desk, on a small notebook, in a narrow window."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.asking import OverHttp
from tests.browser.conftest import Windows
from tests.browser.prepared import LONG_NAMES, Prepared, prepare
from tests.running import RunningDesk

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

PAGES = ("policyholder", "insured", "cover", "investment", "summary")
SURNAMES = [last_name for last_name, _, _ in LONG_NAMES]


@pytest.fixture(scope="module")
def prepared(asking: OverHttp) -> Prepared:
    return prepare(asking)


@pytest.fixture(params=[1440, 1280, 1000, 760])
def page(windows: Windows, request: pytest.FixtureRequest) -> "Page":
    return windows(viewport={"width": request.param, "height": 800}).new_page()


def right_edge(of: "Locator") -> float:
    """Where an element ends."""
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def test_no_page_is_wider_than_the_window(page: "Page", shared_desk: RunningDesk, prepared: Prepared) -> None:
    addresses = [f"{document}/sections/{name}" for document in (prepared.family, prepared.wrong) for name in PAGES]
    for address in ("/documents", "/help", "/help/states", "/settings", "/synchronization", *addresses):
        page.goto(shared_desk.origin + address)
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, address


def test_surnames_are_whole_in_the_list_and_in_the_strip_of_persons(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    page.goto(f"{shared_desk.origin}/documents")
    for surname in SURNAMES:
        cell = page.get_by_role("cell").filter(has_text=surname)
        assert right_edge(cell.locator("b")) <= right_edge(cell)
    page.goto(f"{shared_desk.origin}{prepared.family}/sections/cover")
    strip = page.get_by_role("navigation", name="Pojištěné osoby")
    for name in strip.locator("b").all():
        assert name.evaluate("(name) => name.scrollWidth <= name.clientWidth")


def test_choosing_another_document_moves_neither_the_toolbar_nor_editovat_nor_the_list(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    page.goto(f"{shared_desk.origin}/documents")
    table = page.get_by_role("table", name="Dokumenty")
    before = table.bounding_box()
    seen = set()
    for document in (prepared.completed, prepared.working_copy, prepared.family):
        row = page.locator(f"[id='d-{document.rpartition('/')[2]}']")
        row.click()
        expect(page.get_by_role("toolbar")).to_contain_text(row.get_by_role("link").inner_text())
        box = page.get_by_role("toolbar").get_by_role("link", name="Editovat").bounding_box()
        assert box is not None
        seen.add((box["x"], box["y"]))
        assert table.bounding_box() == before
    assert len(seen) == 1


def test_the_icon_of_an_error_stands_beside_its_sentence(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    for section in ("policyholder", "cover"):
        page.goto(f"{shared_desk.origin}{prepared.wrong}/sections/{section}")
        for problem in page.locator(".err").all():
            icon, sentence = problem.locator("svg").bounding_box(), problem.locator("span").bounding_box()
            assert icon is not None
            assert sentence is not None
            assert icon["x"] + icon["width"] <= sentence["x"]
            assert sentence["y"] <= icon["y"] + icon["height"] / 2 <= sentence["y"] + sentence["height"]
