"""A conflict is solved in two steps of the keyboard, in a real browser: into a correcting document, a copy, or back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import server
from localapp.web.application import create_app
from localapp.web.guard import Guard
from localapp.web.opening import Door, OpeningAddresses
from tests.browser.conftest import watched
from tests.browser.test_accessibility import assert_accessible
from tests.journeys.conftest import Advisor, Clock, Insurer, activated_before, alena, insurer, time
from tests.journeys.test_first_days import completed, surname
from tests.journeys.test_two_computers import complete, linked_computer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

__all__ = ["activated_before", "alena", "insurer", "time"]
pytestmark = pytest.mark.browser


@contextmanager
def window_on(advisor: Advisor, chromium: "Browser") -> "Iterator[Page]":
    """A browser window on an advisor's desk, in which nothing may go wrong."""
    listener = server.bind(0)
    guard = Guard(f"127.0.0.1:{listener.getsockname()[1]}")
    door = Door(guard, OpeningAddresses(guard.origin))
    door.ready(create_app(advisor.desk, guard))
    web = server.Server(listener, door)
    web.start()
    context = chromium.new_context(locale="cs-CZ", timezone_id="Europe/Prague", base_url=guard.origin)
    context.add_cookies([{"name": guard.cookie_name, "value": guard.sessions.issue(), "url": guard.origin}])
    context.set_default_timeout(30_000)
    page = context.new_page()
    troubles = watched(page)
    try:
        yield page
        assert troubles == []
    finally:
        context.close()
        web.stop()


@pytest.fixture
def conflicting(time: Clock, insurer: Insurer, alena: Advisor) -> str:
    """A document that was edited after the export of the evening before."""
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 11)
    insurer.endpoint.run_due_exports()
    surname(alena, document, "Nováková")
    time.set(24, 8)
    alena.synchronize()
    return document


@pytest.fixture
def page(alena: Advisor, conflicting: str, chromium: "Browser") -> "Iterator[Page]":
    """Alena's window, on the conflict that the badge in the list leads to."""
    with window_on(alena, chromium) as window:
        window.goto("/documents")
        window.get_by_role("link", name="v konfliktu").click()
        window.wait_for_url(f"**/conflicts/{conflicting}")
        yield window


def press(page: "Page", wanted: "Locator") -> None:
    """Go there by the keyboard alone, and press Enter."""
    expect(wanted).to_be_visible()
    for _ in range(60):
        if wanted.evaluate("(place) => place === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    page.keyboard.press("Enter")


def test_a_conflict_becomes_a_correcting_document(page: "Page", alena: Advisor, conflicting: str) -> None:
    expect(page.get_by_role("cell", name="Nováková")).to_be_visible()
    assert_accessible(page)
    press(page, page.get_by_role("button", name="Vytvořit opravný dokument"))
    told = page.get_by_role("status").filter(has_text="vznikl opravný dokument")
    expect(told).to_be_visible()
    assert_accessible(page)
    press(page, told.get_by_role("link", name="Otevřít"))
    record = alena.desk.store.document(conflicting)
    assert record is not None
    expect(page.get_by_role("link", name=record.number)).to_be_visible()
    expect(page.get_by_label("Příjmení")).to_have_value("Nováková")
    assert_accessible(page)
    page.goto("/documents")
    expect(page.get_by_role("row").filter(has_text=f"opravuje {record.number}")).to_have_count(1)
    expect(page.get_by_role("row").filter(has_text="opraveno dokumentem")).to_have_count(1)
    assert_accessible(page)
    expect(page.get_by_role("link", name="Zobrazit konflikty (0)")).to_be_visible()


def test_a_conflict_becomes_a_copy(page: "Page", conflicting: str) -> None:
    press(page, page.get_by_role("button", name="Vytvořit kopii"))
    told = page.get_by_role("status").filter(has_text="vznikla kopie")
    press(page, told.get_by_role("link", name="Otevřít"))
    expect(page.get_by_label("Příjmení")).to_have_value("Nováková")
    assert conflicting not in page.url


def test_an_edit_that_is_thrown_away_is_asked_about_and_brought_back(page: "Page") -> None:
    press(page, page.get_by_role("link", name="Zahodit mé úpravy"))
    expect(page.get_by_role("link", name="Zpět ke konfliktu")).to_be_focused()
    assert_accessible(page)
    press(page, page.get_by_role("button", name="Zahodit úpravy"))
    expect(page.get_by_role("status").filter(has_text="platí verze pojišťovny")).to_be_visible()
    assert_accessible(page)
    press(page, page.get_by_role("button", name="Vrátit úpravu"))
    expect(page.get_by_role("status").filter(has_text="Úprava je zpátky")).to_be_visible()
    expect(page.get_by_role("cell", name="Nováková")).to_be_visible()


def test_an_exported_document_is_corrected_from_the_list(page: "Page", alena: Advisor, conflicting: str) -> None:
    alena.asking.post(f"/conflicts/{conflicting}/discard", {}, fragments=False)
    page.goto(f"/documents?selected={conflicting}")
    press(page, page.get_by_role("button", name="Opravit"))
    expect(page.get_by_role("status").filter(has_text="Má všechny jeho údaje")).to_be_visible()


def test_before_an_edit_that_may_come_too_late_the_lock_comes_by_itself(
    time: Clock, insurer: Insurer, alena: Advisor, chromium: "Browser"
) -> None:
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 11)
    insurer.endpoint.run_due_exports()
    with window_on(alena, chromium) as window:
        window.goto(f"/documents/{document}")
        expect(window.get_by_text("exportován, již nelze editovat", exact=True)).to_be_visible()
        expect(window).to_have_url(re.compile(f"/documents/{document}/sections/policyholder$"))


def test_off_line_both_answers_are_offered_at_once(
    time: Clock, insurer: Insurer, alena: Advisor, chromium: "Browser"
) -> None:
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 11)
    alena.line.cut = True
    with window_on(alena, chromium) as window:
        window.goto(f"/documents/{document}")
        expect(window.get_by_role("status").filter(has_text="Stav dokumentu teď nezjistíme.")).to_be_visible()
        assert_accessible(window)
        press(window, window.get_by_role("button", name="Přesto upravit"))
        expect(window.get_by_label("Příjmení")).to_be_editable()
        expect(window.get_by_role("status").filter(has_text="Uzávěrka proběhla")).to_be_visible()
        assert_accessible(window)


def test_two_linked_computers_are_merged(insurer: Insurer, alena: Advisor, chromium: "Browser") -> None:
    home = linked_computer(insurer, alena, "home")
    document = completed(alena)
    alena.synchronize()
    home.synchronize()
    for advisor, city, last_name in ((home, "Kolín", "Domácí"), (alena, "", "Cestovní")):
        form = {"policyholder.last_name": last_name} | ({"policyholder.city": city} if city else {})
        assert advisor.asking.post(f"/documents/{document}/sections/policyholder", form).acknowledged
    complete(home, document)
    home.synchronize()
    alena.synchronize()
    with window_on(alena, chromium) as window:
        window.goto("/documents")
        window.get_by_role("link", name="v konfliktu").click()
        window.wait_for_url(f"**/conflicts/{document}")
        assert_accessible(window)
        expect(window.get_by_role("radio", name="Z jiného počítače: Obec")).to_be_checked()
        for side in ("Moje: Příjmení", "Z jiného počítače: Příjmení"):
            expect(window.get_by_role("radio", name=side)).not_to_be_checked()
        merge = window.get_by_role("button", name="Sloučit")
        press(window, merge)
        expect(merge).to_be_visible()  # the browser asks for the choice
        window.get_by_role("radio", name="Moje: Příjmení").focus()
        window.keyboard.press("Space")
        press(window, merge)
        told = window.get_by_role("status").filter(has_text="sloučeny")
        press(window, told.get_by_role("link", name="Otevřít"))
        expect(window.get_by_label("Příjmení")).to_have_value("Cestovní")
        expect(window.get_by_label("Obec")).to_have_value("Kolín")
    assert alena.desk.store.conflicts.open() == []
