"""The whole way of an offer in a real browser: written, corrected by the offered remedies, completed, and after."""

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from localapp.calculation.calculator import Calculator
from tests.browser.contracted import DISABILITY, FAMILY, INJURY, contract
from tests.browser.writing import (
    CHECK,
    HEALTH,
    SECTIONS,
    cover_of,
    expect_total,
    listed,
    new_offer,
    number_of,
    to_section,
    write_cover,
    write_facts,
    write_formalities,
    write_health,
    write_person,
    write_policyholder,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WRONG = {"I3": {"term": 30}, "T4": {"sum_insured": 405_000}}


@pytest.fixture(scope="module")
def quoted(calculator: Calculator) -> dict[str, Any]:
    """What the library says about the same family."""
    answer = calculator.quote(contract())
    assert answer["problems"] == []
    output: dict[str, Any] = answer["output"]
    return output


def test_a_family_offer_is_written_repaired_completed_edited_copied_and_deleted(
    window: "Page", quoted: dict[str, Any]
) -> None:
    write_with_three_mistakes(window)
    repair_by_remedies(window)
    expect_total(window, quoted)
    answer_health(window)
    write_formalities(window)
    number = complete(window)
    edit_and_discard(window, number, quoted)
    copy = copy_with_the_same_total(window, number, quoted)
    delete_and_undo(window, copy)


def write_with_three_mistakes(page: "Page") -> None:
    """A term that is too long, a sum off its step, an investment without a strategy."""
    page.get_by_role("button", name="Nová nabídka").click()
    write_policyholder(page, FAMILY[0])
    to_section(page, SECTIONS[2])
    write_facts(page, FAMILY[0])
    for person in FAMILY[1:]:
        write_person(page, person)
    write_facts(page, FAMILY[1])
    to_section(page, SECTIONS[3])
    for person in FAMILY:
        write_cover(page, person, WRONG if person is FAMILY[0] else {})
    to_section(page, SECTIONS[4])
    page.get_by_role("textbox", name="Pravidelná investice").fill("1t")


def answer_health(page: "Page") -> None:
    to_section(page, HEALTH)
    for person in FAMILY:
        write_health(page, person)


def repair_by_remedies(page: "Page") -> None:
    """Each mistake says what is wrong where it is, and one press mends it."""
    page.get_by_role("button", name="Vyvážená strategie").click()
    expect(page.get_by_role("combobox", name="Strategie")).to_have_value("balanced")
    expect(page.get_by_role("textbox", name="Pravidelná investice")).to_have_value(re.compile(r"1\s000"))
    to_section(page, SECTIONS[3])
    cover_of(page, FAMILY[0])
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    page.get_by_role("button", name="Zkrátit dobu na 27 let").click()
    expect(page.get_by_role("textbox", name=f"{DISABILITY}: Doba")).to_have_value("27")
    page.get_by_role("button", name="Nastavit 400 000 Kč").click()
    expect(page.get_by_role("textbox", name=f"{INJURY}: Pojistná částka")).to_have_value(re.compile(r"400\s000"))
    expect(page.get_by_role("alert")).to_have_count(0)


def complete(page: "Page") -> str:
    number = number_of(page)
    to_section(page, CHECK)
    page.get_by_role("button", name="Dokončit").click()
    row = page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text("dokončen, čeká na synchronizaci")
    expect(page.locator(".toast")).to_contain_text(number)
    return number


def edit_and_discard(page: "Page", number: str, quoted: dict[str, Any]) -> None:
    """A change of a completed offer makes a working copy; Zahodit změny goes back to what was completed."""
    listed(page, number).dblclick()
    to_section(page, SECTIONS[3])
    page.get_by_role("textbox", name=f"{INJURY}: Pojistná částka").fill("600t")
    to_section(page, SECTIONS[0])
    expect(page.get_by_text("Upravujete dokončený dokument.")).to_be_visible()
    page.get_by_role("navigation", name="Hlavní").get_by_role("link", name="Dokumenty").click()
    row = page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text("rozpracovaná změna – do PČS odejde verze z")
    listed(page, number).click()
    page.get_by_role("button", name="Zahodit změny").click()
    expect(row).to_contain_text("dokončen, čeká na synchronizaci")
    listed(page, number).dblclick()
    expect_total(page, quoted)
    page.get_by_role("navigation", name="Hlavní").get_by_role("link", name="Dokumenty").click()


def copy_with_the_same_total(page: "Page", number: str, quoted: dict[str, Any]) -> str:
    listed(page, number).click()
    page.get_by_role("button", name="Kopírovat").click()
    page.locator(".toast").get_by_role("link", name="Otevřít").click()
    copy = number_of(page)
    assert copy != number
    expect_total(page, quoted)
    page.get_by_role("navigation", name="Hlavní").get_by_role("link", name="Dokumenty").click()
    return copy


def delete_and_undo(page: "Page", number: str) -> None:
    row = page.get_by_role("row").filter(has_text=number)
    listed(page, number).click()
    page.get_by_role("button", name="Smazat").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Vrátit zpět").click()
    expect(row).to_contain_text("rozpracován")


def test_what_is_wrong_leads_to_its_field_and_stays_as_typed(window: "Page") -> None:
    new_offer(window)
    window.get_by_role("textbox", name="Datum narození").fill("31.2.1985")
    window.get_by_role("textbox", name="E-mail").fill("zofie@")
    alert = window.get_by_role("alert")
    expect(alert.get_by_role("link")).to_have_count(1)
    alert.get_by_role("link", name=re.compile("Datum narození")).click()
    field = window.get_by_role("textbox", name="Datum narození")
    expect(field).to_be_focused()
    expect(field).to_have_value("31.2.1985")
    expect(field).to_have_accessible_description(re.compile(r"v\skalendáři není"))
    expect(alert.get_by_role("link")).to_have_count(2)
