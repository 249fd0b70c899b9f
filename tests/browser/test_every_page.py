"""Every page and every section: axe-core finds nothing in light and dark, and it can be used at 320 px and at 400 %."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localapp import clock
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from tests.browser.conftest import watched
from tests.browser.every_page import EVERY_PAGE, NOT_PAGES
from tests.browser.test_accessibility import assert_accessible
from tests.conftest import AUTHORITY
from tests.connecting import Offline
from tools.demo_documents import NOW
from tools.screenshots import PICTURES, Picture, show
from tools.served_desks import Served, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.timeout(500),  # the first test waits for the desks of all
]

REFUSED = "the server responded with a status of 4"  # the browser notes each refused form and each page that is not
NO_PAGE = "Tato stránka neexistuje"
USUAL: "ViewportSize" = {"width": 1440, "height": 800}
NARROW: "ViewportSize" = {"width": 320, "height": 800}
ZOOMED: "ViewportSize" = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %

STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  const framed = (each) => each.matches('.vh, .skip') || each.parentElement?.closest('.scroll, pre, svg, .vh');
  return [...document.querySelectorAll('body *')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && box.height && !framed(each) && (box.right > width + 1 || box.left < -1);
  }).map((each) => each.outerHTML.slice(0, 120));
}"""
IS_CUT = """() => [...document.querySelectorAll('button, .btn, summary, label, legend, h1, h2, h3, dt, dd, .err')]
  .filter((each) => each.checkVisibility() && !each.closest('.vh') && !each.matches('.vh')
    && getComputedStyle(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 120))"""
UNREACHED_FRAMES = """() => [...document.querySelectorAll('body *')]
  .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1)
  .filter((each) => each.tabIndex < 0 || !(each.ariaLabel || each.getAttribute('aria-labelledby')))
  .map((each) => each.outerHTML.slice(0, 120))"""
COVERED = """() => {
  const found = [];
  const reachable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  for (const each of document.querySelectorAll(reachable)) {
    if (each.disabled || each.tabIndex < 0 || !each.checkVisibility()) continue;
    each.focus();
    if (document.activeElement !== each) continue;
    const box = each.getBoundingClientRect();
    const left = Math.max(box.left, 0), top = Math.max(box.top, 0);
    const right = Math.min(box.right, innerWidth), bottom = Math.min(box.bottom, innerHeight);
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!at || !(each.contains(at) || at.contains(each) || at.closest('label')?.contains(each))) {
      found.push(each.outerHTML.slice(0, 120));
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """A desk of each kind that the pages need."""
    folder = tmp_path_factory.mktemp("served")
    with clock.moved_to(NOW), ExitStack() as stack:
        kinds = sorted({picture.desk for picture in EVERY_PAGE})
        yield {kind: stack.enter_context(serving(kind, Path(folder) / kind)) for kind in kinds}


@pytest.fixture(scope="module")
def page(chromium: "Browser", desks: dict[str, Served]) -> "Iterator[Page]":
    """One window for all pages, in the session of each desk."""
    context = chromium.new_context(locale="cs-CZ", timezone_id="Europe/Prague")
    for desk in desks.values():
        context.add_cookies(
            [{"name": desk.guard.cookie_name, "value": desk.guard.sessions.issue(), "url": desk.guard.origin}]
        )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def troubles(page: "Page") -> list[str]:
    """What the browser has complained about, on whichever page."""
    return watched(page)


@pytest.fixture(autouse=True)
def at_a_desk(page: "Page") -> None:
    """Each test begins in a window of a usual size."""
    page.set_viewport_size(USUAL)


@pytest.fixture(scope="module", params=EVERY_PAGE, ids=lambda picture: picture.name)
def picture(request: pytest.FixtureRequest, page: "Page", desks: dict[str, Served], troubles: list[str]) -> Picture:
    """Each page, shown once for the tests that look at it: they run one after the other, and change its window only."""
    shown: Picture = request.param
    page.set_viewport_size(USUAL)
    troubles.clear()
    show(page, desks[shown.desk], shown)
    return shown


def test_a_page_is_accessible_in_light_and_dark_and_without_complaints(
    page: "Page", troubles: list[str], picture: Picture
) -> None:
    assert (page.get_by_role("heading", level=1).inner_text() == NO_PAGE) is (picture.name == "failure")
    assert_accessible(page)
    assert [trouble for trouble in troubles if REFUSED not in trouble] == []


@pytest.mark.usefixtures("picture")
def test_a_page_fits_into_every_window_down_to_320_px_and_400_per_cent(page: "Page") -> None:
    for width in (1440, 760, 1000):
        page.set_viewport_size({"width": width, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(COVERED) == []  # at 1000 px the bar, the sum and the status line stay while the page scrolls
    for window in (NARROW, ZOOMED):
        page.set_viewport_size(window)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(STICKS_OUT) == []
        assert page.evaluate(IS_CUT) == []
        assert page.evaluate(UNREACHED_FRAMES) == []
    assert page.evaluate(COVERED) == []


def test_every_page_of_the_program_is_among_them(tmp_path: Path, desks: dict[str, Served]) -> None:
    """A new page is walked through once it has a picture in tools/screenshots.py."""
    app = create_app(Desk(tmp_path, Offline()), Guard(AUTHORITY))
    shown = {re.sub(r"[?#].*", "", each.address.format(**desks[each.desk].documents)) for each in EVERY_PAGE}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_PAGES:
            pattern = re.compile(re.sub(r"<[^>]*>", "[^/]+", rule.rule))
            assert any(pattern.fullmatch(address) for address in shown), rule.rule


@pytest.mark.parametrize("width", [1360, 1000, 320])
def test_the_progress_of_the_first_synchronization_is_not_cut(
    page: "Page", desks: dict[str, Served], width: int
) -> None:
    picture = next(each for each in PICTURES if each.name == "first-synchronization")
    page.set_viewport_size({"width": width, "height": 700})
    show(page, desks[picture.desk], picture)
    table = page.get_by_role("region", name="Formuláře, výpočetní knihovny, komponenty")
    assert table.evaluate("(table) => table.scrollWidth <= table.clientWidth")
