"""Nothing is cut, nothing sticks out and nothing moves: at a desk, on a small notebook, in a narrow window."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.asking import OverHttp
from tests.browser.conftest import Windows
from tests.browser.prepared import LONG_NAMES, Prepared
from tests.running import RunningDesk

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

PAGES = ("policyholder", "insured", "cover", "investment", "summary")
SURNAMES = [last_name for last_name, _, _ in LONG_NAMES]


@pytest.fixture(scope="module")
def shared_desk(prepared_desk: tuple[RunningDesk, Prepared]) -> RunningDesk:
    return prepared_desk[0]


@pytest.fixture(scope="module")
def prepared(prepared_desk: tuple[RunningDesk, Prepared]) -> Prepared:
    return prepared_desk[1]


@pytest.fixture
def page(windows: Windows) -> "Page":
    return windows().new_page()


def at_each_width(page: "Page") -> Iterator[int]:
    """The opened page in windows of each width."""
    for width in (1440, 1280, 1000, 760):
        page.set_viewport_size({"width": width, "height": 800})
        yield width


def right_edge(of: "Locator") -> float:
    """Where an element ends."""
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def test_no_page_is_wider_than_the_window(page: "Page", shared_desk: RunningDesk, prepared: Prepared) -> None:
    addresses = [f"{document}/sections/{name}" for document in (prepared.family, prepared.wrong) for name in PAGES]
    for address in ("/documents", "/help", "/help/states", "/settings", "/synchronization", *addresses):
        page.goto(shared_desk.origin + address)
        for width in at_each_width(page):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.fixture(params=["cs", "en"])
def language(request: pytest.FixtureRequest, asking: OverHttp) -> Iterator[str]:
    """The pages in one language, and in Czech again afterwards."""
    asking.post("/language", {"language": request.param}, fragments=False)
    yield str(request.param)
    asking.post("/language", {"language": "cs"}, fragments=False)


def test_the_list_is_read_without_scrolling_sideways(page: "Page", shared_desk: RunningDesk, language: str) -> None:
    page.goto(f"{shared_desk.origin}/documents")
    assert page.locator("html").get_attribute("lang") == language
    for width in at_each_width(page):
        assert page.locator(".scroll").evaluate("(list) => list.scrollWidth <= list.clientWidth"), width
        headings = page.get_by_role("columnheader").filter(visible=True)
        assert headings.count() == (5 if width == 760 else 7)
        for each in page.locator("td .st:not([title*='–']) > span").filter(visible=True).all():
            assert each.evaluate("(word) => word.scrollWidth <= word.clientWidth"), (width, each.inner_text())


def test_a_narrow_list_tells_the_kind_and_the_time_below_the_name(page: "Page", shared_desk: RunningDesk) -> None:
    page.set_viewport_size({"width": 760, "height": 800})
    page.goto(f"{shared_desk.origin}/documents")
    cell = page.get_by_role("cell").filter(has_text=SURNAMES[0])
    expect(cell).to_contain_text("Nabídka FLEXI, dnes")
    name, below, whole = cell.locator("b").bounding_box(), cell.locator(".fold").bounding_box(), cell.bounding_box()
    assert name is not None
    assert below is not None
    assert whole is not None
    assert name["y"] + name["height"] <= below["y"] + 2
    assert below["y"] + below["height"] <= whole["y"] + whole["height"]
    assert below["x"] + below["width"] <= whole["x"] + whole["width"]


def test_surnames_are_whole_in_the_list_and_in_the_strip_of_persons(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    page.goto(f"{shared_desk.origin}/documents")
    for width in at_each_width(page):
        for surname in SURNAMES:
            cell = page.get_by_role("cell").filter(has_text=surname)
            assert right_edge(cell.locator("b")) <= right_edge(cell), width
    page.goto(f"{shared_desk.origin}{prepared.family}/sections/cover")
    strip = page.get_by_role("navigation", name="Pojištěné osoby")
    for width in at_each_width(page):
        for name in strip.locator("b").all():
            assert name.evaluate("(name) => name.scrollWidth <= name.clientWidth"), width


def test_choosing_another_document_moves_neither_the_toolbar_nor_editovat_nor_the_list(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    page.goto(f"{shared_desk.origin}/documents")
    for width in at_each_width(page):
        places = {place_of_edit(page, each) for each in (prepared.completed, prepared.working_copy, prepared.family)}
        assert len(places) == 1, width


def place_of_edit(page: "Page", document: str) -> tuple[float, ...]:
    """Choose a document; where Editovat and the list are then."""
    row = page.locator(f"[id='d-{document.rpartition('/')[2]}']")
    row.click()
    expect(page.get_by_role("toolbar")).to_contain_text(row.get_by_role("link").inner_text())
    button = page.get_by_role("toolbar").get_by_role("link", name="Editovat").bounding_box()
    table = page.get_by_role("table", name="Dokumenty").bounding_box()
    assert button is not None
    assert table is not None
    return button["x"], button["y"], table["y"]


def test_the_icon_of_an_error_stands_beside_its_sentence(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    for section in ("policyholder", "cover"):
        page.goto(f"{shared_desk.origin}{prepared.wrong}/sections/{section}")
        for _ in at_each_width(page):
            for problem in page.locator(".err").all():
                assert_beside(problem.locator("svg"), problem.locator("span"))


def assert_beside(icon: "Locator", sentence: "Locator") -> None:
    left, right = icon.bounding_box(), sentence.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert right["y"] <= left["y"] + left["height"] / 2 <= right["y"] + right["height"]


def test_in_a_narrow_window_a_part_begins_on_the_first_screen_below_the_folded_list_of_parts(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    page.goto(f"{shared_desk.origin}{prepared.family}/sections/cover")
    fold, link = page.locator(".parts > summary"), page.locator("#sections").get_by_role("link", name="Obmyšlení")
    expect(fold).to_be_hidden()
    expect(link).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    expect(link).to_be_hidden()
    expect(page.get_by_role("heading", name="4. Pojištění a částky")).to_be_in_viewport()
    expect(page.get_by_role("navigation", name="Pojištěné osoby")).to_be_in_viewport()
    fold.press("Enter")
    expect(link).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(fold).to_be_hidden()
    expect(link).to_be_visible()
