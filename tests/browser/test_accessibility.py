"""axe-core finds nothing on what pages become while one works, in light and dark; the browser complains of nothing.

The pages as they open are walked through by test_every_page.py.
"""

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Windows, watched
from tests.browser.prepared import Prepared
from tests.running import RunningDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
REMEMBERED = """(() => {
  const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    if (!known.has(text)) {
      read.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
})()"""
"""axe-core reads the same dozen colours some thousand times on each page, which is half of its work."""
LISTS = (
    "/documents",
    "/documents?shelf=in_progress",
    "/documents?shelf=exported",
    "/documents?selected={family}",
    "/documents?selected={completed}&told=completed&about={completed}",
    "/documents?selected={working_copy}",
    "/documents?selected={cancelled}",
    "/documents?told=deleted&about={deleted}",
)
STATES = (
    "/documents/{cancelled}/sections/cover",
    "/documents/{cancelled}/sections/summary",
    "/documents/{working_copy}/sections/payment",
    "/documents/{family}/sections/cover?person=p3",
    "/documents/{empty}/sections/summary?check=1",
    "/documents/{completed}/history",
    "/settings?saved=1",
)


@pytest.fixture(scope="module")
def shared_desk(prepared_desk: tuple[RunningDesk, Prepared]) -> RunningDesk:
    return prepared_desk[0]


@pytest.fixture(scope="module")
def prepared(prepared_desk: tuple[RunningDesk, Prepared]) -> Prepared:
    return prepared_desk[1]


@pytest.fixture
def page(windows: Windows) -> "Page":
    return windows().new_page()


def address(template: str, prepared: Prepared) -> str:
    """The address with the identities of the prepared documents in it."""
    return template.format_map({name: place.rpartition("/")[2] for name, place in vars(prepared).items()})


def assert_accessible(page: "Page") -> None:
    """No violation of axe-core: every rule in light, those of colour once more in dark, which changes nothing else."""
    page.wait_for_load_state()  # a click waits for the answer's first bytes only
    page.emulate_media(color_scheme="light")
    found = Axe(axe_script=f"{AXE_SCRIPT};{REMEMBERED}").run(page)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    found = Axe(axe_script="0").run(page, options=COLOURS)  # axe is on the page already
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("text", ["#999", "rgb(0 0 0 / 40%)", "color-mix(in srgb, #000 30%, #fff)", "oklch(80% 0 0)"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_words_that_hardly_stand_out_are_found(page: "Page", look: str, text: str) -> None:
    page.set_content(
        '<!doctype html><html lang="cs"><title>Bledá slova</title>'
        f"<style>@media (prefers-color-scheme: {look}) {{ p {{ color: {text} }} }}</style>"
        "<main><h1>Nadpis</h1><p>Slova</p><p>Jiná slova</p></main></html>"
    )
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(page)


@pytest.mark.parametrize("template", [*LISTS, *STATES])
def test_a_page_is_accessible_and_the_browser_does_not_complain(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared, template: str
) -> None:
    troubles = watched(page)
    page.goto(shared_desk.origin + address(template, prepared))
    assert_accessible(page)
    assert troubles == []


@pytest.mark.parametrize("words", ["kucera", "nikdo takový"])
def test_search_results_are_accessible(page: "Page", shared_desk: RunningDesk, prepared: Prepared, words: str) -> None:
    troubles = watched(page)
    page.goto(f"{shared_desk.origin}/documents?selected={address('{family}', prepared)}")
    page.get_by_role("searchbox", name="Hledat v dokumentech").fill(words)
    expect(page.get_by_role("row").filter(has_text="Šťastná")).to_have_count(0)
    assert_accessible(page)
    assert troubles == []


def test_a_change_that_swaps_fragments_leaves_the_page_accessible(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    troubles = watched(page)
    page.goto(shared_desk.origin + prepared.family + "/sections/cover")
    page.get_by_role("textbox", name="Invalidita III. stupně: Pojistná částka").fill("1 000 005")
    page.get_by_role("textbox", name="Invalidita III. stupně: Doba").fill("28")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Nastavit 1 000 000 Kč").click()
    page.get_by_role("button", name="Odebrat: Pracovní neschopnost").click()
    expect(page.get_by_role("status").filter(has_text="Odebráno.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Vrátit zpět").click()
    expect(page.get_by_role("textbox", name="Pracovní neschopnost: Pojistná částka")).to_be_visible()
    assert troubles == []


def test_a_refused_completion_is_accessible_and_leads_to_what_hinders_it(
    page: "Page", shared_desk: RunningDesk, prepared: Prepared
) -> None:
    page.goto(shared_desk.origin + prepared.empty + "/sections/summary")
    page.get_by_role("button", name="Dokončit").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Chyba: Nabídka FLEXI N26-"))
    assert_accessible(page)


def test_the_page_of_a_failure_is_accessible(page: "Page", shared_desk: RunningDesk) -> None:
    page.goto(f"{shared_desk.origin}/no/such/page")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tato stránka neexistuje")
    assert_accessible(page)


def test_the_opened_menu_is_accessible(page: "Page", shared_desk: RunningDesk) -> None:
    page.goto(f"{shared_desk.origin}/help")
    page.get_by_text("Nový dokument", exact=True).click()
    expect(page.get_by_role("button", name="Nabídka FLEXI")).to_be_visible()
    assert_accessible(page)


def test_a_desk_without_documents_is_accessible(windows: Windows, running_desk: RunningDesk) -> None:
    page = windows().new_page()
    page.goto(running_desk.url)
    for place in ("/documents", "/documents/deleted", "/synchronization"):
        page.goto(running_desk.origin + place)
        assert_accessible(page)
