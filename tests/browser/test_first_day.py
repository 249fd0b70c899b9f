"""Alena's first day in a real browser, from a fresh folder: activated, synchronized, exported, locked; a conflict."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import clock
from tests import family
from tests.activating import ALENA
from tests.asking import OverHttp
from tests.browser.conftest import watched
from tests.browser.test_accessibility import assert_accessible
from tests.browser.writing import CHECK, listed, number_of, to_section
from tests.endpoint.running import command
from tests.running import RunningDesk, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.long]

MINE, THEIRS = "Konfliktová", "Jarošová"
LABELS = {
    "first_name": "Jméno",
    "last_name": "Příjmení",
    "advisor_code": "Identifikace poradce",
    "cnb_registration_number": "Registrační číslo PPZ u ČNB",
}
REFUSED = "the server responded with a status of 422"  # the browser notes each refused form


@pytest.fixture
def fresh_desk(tmp_path: Path) -> Iterator[RunningDesk]:
    """A desk in an empty folder; the launcher starts the demonstration's endpoint beside it."""
    with started(tmp_path / "desk", "--demo") as running:
        yield running


@pytest.fixture
def window(chromium: "Browser", fresh_desk: RunningDesk) -> "Iterator[Page]":
    """The first window, opened by the one-time address, in which nothing may go wrong."""
    context = chromium.new_context(locale="cs-CZ", timezone_id="Europe/Prague")
    context.set_default_timeout(30_000)
    page = context.new_page()
    troubles = watched(page)
    page.goto(fresh_desk.url)
    page.wait_for_url("**/activation")
    (cookie,) = context.cookies()
    fresh_desk.cookie = f"{cookie.get('name')}={cookie.get('value')}"  # what is asked past the browser has its session
    yield page
    assert [trouble for trouble in troubles if REFUSED not in trouble] == []
    context.close()


def test_the_first_day_from_a_fresh_machine_to_a_locked_offer_and_a_conflict(
    window: "Page", fresh_desk: RunningDesk
) -> None:
    enter_wrong_partner_numbers(window)
    enter_the_right_one(window)
    enter_user_data(window)
    see_the_first_synchronization_open_the_application(window)
    # three offers of whole families, one of them completed by hand
    kept, withdrawn, edited = write_offers(window, fresh_desk)
    see_all_sent(window)  # by itself
    synchronize(window)
    for number in (kept, withdrawn, edited):
        expect(row_of(window, number)).to_contain_text("zálohován")
    cancel(window, withdrawn)
    see_all_sent(window)
    export(fresh_desk.folder)
    edit_before_the_lock_arrives(window, edited)
    synchronize(window)
    see_the_lock(window, kept)
    expect(row_of(window, withdrawn)).to_contain_text("stornován")
    see_the_conflict(window, edited)
    show_a_linking_code(window)


def enter_wrong_partner_numbers(page: "Page") -> None:
    """Each wrong number has its sentence; what was typed stays, after a reload of the step too."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Aktivace aplikace")
    assert_accessible(page)
    wrong = {
        "12345": "začíná devítkou",
        "999999": "Partnera 999999 neznáme.",
        "900003": "dokumenty zůstávají v počítači; zavolejte Help Desk PČS (605 602 164).",
    }
    for typed, sentence in wrong.items():
        verify(page, typed)
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.get_by_role("textbox", name="Identifikace partnera")).to_have_value(typed)
        expect(page.get_by_role("link", name="Pokračovat")).to_have_count(0)
    assert_accessible(page)
    page.goto(page.url)
    expect(page.get_by_role("alert")).to_have_count(0)


def verify(page: "Page", number: str) -> None:
    page.get_by_role("textbox", name="Identifikace partnera").fill(number)
    page.get_by_role("button", name="Ověřit").click()


def enter_the_right_one(page: "Page") -> None:
    """The verified partner stays over a reload, and so does the step after it."""
    verify(page, "900001")
    for _ in range(2):
        expect(page.get_by_role("status")).to_contain_text("Identifikace partnera byla úspěšně ověřena")
        expect(page.get_by_text("Středočeské finanční poradenství")).to_be_visible()
        page.reload()
    assert_accessible(page)
    page.get_by_role("link", name="Pokračovat").click()
    for _ in range(2):
        expect(page.get_by_role("heading", level=1)).to_have_text("Údaje uživatele")
        page.reload()


def enter_user_data(page: "Page") -> None:
    """What is missing is listed and leads to its field; a doubtful registration number is asked about once."""
    assert_accessible(page)
    page.get_by_role("button", name="OK").click()
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(4)
    assert_accessible(page)
    summary.get_by_role("link", name=re.compile("Příjmení")).click()
    expect(page.get_by_role("textbox", name="Příjmení")).to_be_focused()
    for name, text in (ALENA | {"cnb_registration_number": "12-PPZ"}).items():
        page.get_by_role("textbox", name=LABELS[name]).fill(text)
    page.get_by_role("button", name="OK").click()
    expect(page.get_by_role("alert")).to_contain_text("„12-PPZ“ nemá obvyklý tvar")
    assert_accessible(page)
    page.get_by_role("textbox", name=LABELS["cnb_registration_number"]).fill(ALENA["cnb_registration_number"])
    page.get_by_role("button", name="OK").click()


def see_the_first_synchronization_open_the_application(page: "Page") -> None:
    """It has its own address; whoever reloads it comes back to it, or to the application that has opened meanwhile."""
    page.wait_for_url(re.compile("/activation/first-synchronization$|/documents$"))
    page.reload()
    page.wait_for_url("**/documents", timeout=60_000)
    expect(page.get_by_role("heading", name="Zatím tu nejsou žádné dokumenty")).to_be_visible()
    for step in ("/activation", "/activation/user", "/activation/first-synchronization"):
        page.goto(page.url.partition("/documents")[0] + step)
        page.wait_for_url("**/documents")


def write_offers(page: "Page", running: RunningDesk) -> tuple[str, str, str]:
    """The bulk of three families past the browser, with its cookie; the first is completed in it. Their numbers."""
    with closing(OverHttp(running)) as asking:
        names = (family.CLIENT["last_name"], "Dvořáková", THEIRS)
        written = [family.write(asking, clock.today(), family.CLIENT | {"last_name": name}) for name in names]
        for address in written[1:]:
            family.complete(asking, address)
    page.goto(running.origin + written[0])
    first = number_of(page)
    to_section(page, CHECK)
    page.get_by_role("button", name="Dokončit").click()
    expect(row_of(page, first)).to_contain_text("dokončen, čeká na synchronizaci")
    others = [number_in(page, surname) for surname in names[1:]]
    return first, others[0], others[1]


def number_in(page: "Page", surname: str) -> str:
    found = re.search(r"N\d\d-\d{6}", page.get_by_role("row").filter(has_text=surname).inner_text())
    assert found, surname
    return found[0]


def row_of(page: "Page", number: str) -> "Locator":
    return page.get_by_role("row").filter(has_text=number)


def open_tab(page: "Page", name: str) -> None:
    page.get_by_role("navigation", name="Hlavní").get_by_role("link", name=name).click()


def see_all_sent(page: "Page") -> None:
    """The sentence at the bottom follows by itself until nothing waits."""
    expect(page.get_by_role("status", name="Odeslání dokumentů")).to_contain_text("Vše odesláno", timeout=30_000)


def synchronize(page: "Page") -> None:
    """Spustit synchronizaci, until it has ended; back to Dokumenty."""
    open_tab(page, "Synchronizace")
    button = page.get_by_role("button", name="Spustit synchronizaci")
    assert_accessible(page)
    before = runs_by_hand(page).count()
    button.click()
    expect(runs_by_hand(page)).to_have_count(before + 1)
    expect(button).to_be_visible()
    expect(page.get_by_role("heading", name="Neodeslané (0)")).to_be_visible()
    expect(page.locator("#synchronization").get_by_role("status")).to_contain_text("a byla v pořádku")
    assert_accessible(page)
    open_tab(page, "Dokumenty")


def runs_by_hand(page: "Page") -> "Locator":
    return page.get_by_role("region", name="Poslední synchronizace").get_by_role("row").filter(has_text="ručně")


def cancel(page: "Page", number: str) -> None:
    """What is on the server already is cancelled here, and the next synchronization tells it."""
    listed(page, number).click()
    page.get_by_role("link", name="Stornovat").click()
    page.get_by_role("button", name="Stornovat dokument").click()
    expect(row_of(page, number)).to_contain_text("stornován")
    synchronize(page)


def export(folder: Path) -> None:
    """The insurer's export by hand, as a process of its own, beside the running endpoint."""
    done = command("export", folder / "endpoint")
    assert done.returncode == 0, done.stderr
    assert ": 2 exported, 0 left behind" in done.stdout


def edit_before_the_lock_arrives(page: "Page", number: str) -> None:
    """The desk does not know of the export yet: typing makes a working copy."""
    listed(page, number).dblclick()
    page.get_by_role("combobox", name="Příjmení").fill(MINE)
    to_section(page, CHECK)
    expect(page.get_by_text("Upravujete dokončený dokument.")).to_be_visible()
    open_tab(page, "Dokumenty")
    expect(row_of(page, number)).to_contain_text("rozpracovaná změna")


def see_the_lock(page: "Page", number: str) -> None:
    row = row_of(page, number)
    expect(row).to_contain_text("exportován, již nelze editovat")
    expect(row.locator("use[href$='#st-exportovan']")).to_have_count(1)
    listed(page, number).click()
    bar = page.get_by_role("toolbar")
    expect(bar).to_contain_text(number)
    expect(bar.get_by_role("button", name="Kopírovat")).to_be_visible()
    expect(bar.get_by_role("link", name="Editovat")).to_have_count(0)
    expect(bar.get_by_role("link", name="Stornovat")).to_have_count(0)


def see_the_conflict(page: "Page", number: str) -> None:
    """The list shows what was exported; the difference shows both texts; the copy goes on with mine."""
    expect(row_of(page, number)).to_contain_text(THEIRS)
    page.get_by_role("link", name="Zobrazit konflikty (1)").click()
    assert_accessible(page)
    page.get_by_role("link", name=f"Vyřešit {number}").click()
    line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Příjmení")).first
    expect(line.get_by_role("insertion")).to_have_text(MINE)
    expect(line).to_contain_text(THEIRS)
    assert_accessible(page)
    page.get_by_role("button", name="Vytvořit kopii").click()
    page.get_by_role("status").get_by_role("link", name="Otevřít").click()
    expect(page.get_by_role("combobox", name="Příjmení")).to_have_value(MINE)
    assert number_of(page) != number


def show_a_linking_code(page: "Page") -> None:
    open_tab(page, "Nastavení")
    page.get_by_role("button", name=re.compile("kód", re.IGNORECASE)).click()
    expect(page.locator(".codebig")).to_have_text(re.compile(r"\w{4}-\w{4}-\w{4}"))
    assert_accessible(page)
