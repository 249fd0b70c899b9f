"""Activation, Synchronizace and the conflicts in every condition: accessible, whole, without complaints."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localapp import clock
from tests.browser.conftest import watched
from tests.browser.test_accessibility import assert_accessible
from tools.demo_documents import NOW
from tools.screenshots import PICTURES, Picture, show
from tools.served_desks import Served, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.long]

LOOKED_AT = [
    picture
    for picture in PICTURES
    if picture.name.startswith(
        (
            "activation",
            "first-synchronization",
            "synchronization",
            "conflict",
            "edit",
            "settings",
            "tonight",
            "receipt",
            "night",
        )
    )
]
REFUSED = "the server responded with a status of 422"  # the browser notes each refused form


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """A desk of each kind that the pictures need."""
    folder = tmp_path_factory.mktemp("served")
    with clock.moved_to(NOW), ExitStack() as stack:
        kinds = sorted({picture.desk for picture in LOOKED_AT})
        yield {kind: stack.enter_context(serving(kind, Path(folder) / kind)) for kind in kinds}


@pytest.fixture
def page(chromium: "Browser", desks: dict[str, Served]) -> "Iterator[Page]":
    """A window that is in the session of each desk."""
    context = chromium.new_context(locale="cs-CZ", timezone_id="Europe/Prague")
    for desk in desks.values():
        context.add_cookies(
            [{"name": desk.guard.cookie_name, "value": desk.guard.sessions.issue(), "url": desk.guard.origin}]
        )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("picture", LOOKED_AT, ids=lambda picture: picture.name)
def test_a_page_is_accessible_not_wider_than_the_window_and_without_complaints(
    page: "Page", desks: dict[str, Served], picture: Picture
) -> None:
    troubles = watched(page)
    show(page, desks[picture.desk], picture)
    assert_accessible(page)
    for width in (1440, 1000, 760):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [trouble for trouble in troubles if REFUSED not in trouble] == []


@pytest.mark.parametrize("width", [1360, 1000])
def test_the_progress_of_the_first_synchronization_is_not_cut(
    page: "Page", desks: dict[str, Served], width: int
) -> None:
    picture = next(each for each in PICTURES if each.name == "first-synchronization")
    page.set_viewport_size({"width": width, "height": 700})
    show(page, desks[picture.desk], picture)
    table = page.get_by_role("region", name="Formuláře, výpočetní knihovny, komponenty")
    assert table.evaluate("(table) => table.scrollWidth <= table.clientWidth")
