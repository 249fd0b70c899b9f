"""An illustration at the client's table: nobody is named, the values are shown, and it becomes an offer."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.answers import PREMIUM, answers_of
from tests.browser.contracted import CHILD_INJURY, DEATH, DISABILITY
from tests.browser.test_accessibility import assert_accessible
from tests.browser.writing import number_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

PREFILL = "Předvyplnit do nabídky PS/PS"
TERM = 25


def test_an_illustration_of_nobody_becomes_an_offer_with_all_its_answers(window: "Page") -> None:
    write_illustration(window)
    expect_result(window)
    place, number = window.url, number_of(window)
    before = answers_of(window, place)
    assert "persons[p2].coverages[c1].sum_insured" in before, "all answers are compared below"
    window.get_by_role("button", name=PREFILL).click()
    expect_work_ahead(window, number)
    offer, made = window.url, number_of(window)
    assert_accessible(window)
    expect_filter_to_leave_as_many_as_are_counted(window)
    carried = answers_of(window, offer)
    assert {name: carried.get(name) for name in before} == before
    assert answers_of(window, place) == before
    expect(window.get_by_role("link", name=made)).to_be_visible()
    expect(window.locator("#steps button").first).to_be_enabled()  # its own last change is still the last
    window.get_by_role("link", name="Historie").click()
    expect(window.get_by_role("row").nth(1)).to_contain_text("Frekvence placení: Měsíčně → Čtvrtletně")


def parts(page: "Page") -> "Locator":
    return page.get_by_role("navigation", name=re.compile("Části (modelace|nabídky)")).get_by_role("link")


def to_part(page: "Page", name: str) -> None:
    parts(page).filter(has_text=name).click()
    expect(page.get_by_role("heading", level=2, name=re.compile(rf"^\d+\. {name}"))).to_be_visible()


def write_illustration(page: "Page") -> None:
    """An adult with two covers, a child with one, an investment; no name anywhere."""
    page.get_by_text("Nový dokument", exact=True).click()
    page.get_by_role("button", name="Samostatná modelace").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Modelace FLEXI M26-")
    page.get_by_role("textbox", name="Datum narození").fill("12.5.1988")
    to_part(page, "Pojistná smlouva")
    page.get_by_role("textbox", name="Pojistná doba").fill(str(TERM))
    to_part(page, "Pojištěné osoby")
    page.get_by_role("group", name="Kuřák").get_by_role("radio", name="Ano").check()
    page.get_by_role("button", name="Přidat dítě").click()
    page.get_by_role("group", name=re.compile("Dítě 1")).get_by_role("textbox", name="Datum narození").fill("3.4.2018")
    to_part(page, "Pojištění a částky")
    page.get_by_role("textbox", name=f"{DEATH}: Pojistná částka").fill("1,5m")
    page.get_by_role("textbox", name=f"{DEATH}: Doba").fill(str(TERM))
    add(page, DISABILITY, "800 000")
    page.get_by_role("navigation", name="Pojištěné osoby").get_by_role("link", name="Dítě 1").click()
    add(page, CHILD_INJURY, "500t", "18")
    to_part(page, "Investice")
    page.get_by_role("textbox", name="Pravidelná investice").fill("1 000")
    page.get_by_role("combobox", name="Strategie").select_option("balanced")
    to_part(page, "Platba")
    page.get_by_role("combobox", name="Frekvence placení").select_option("4")


def add(page: "Page", name: str, amount: str, term: str = "") -> None:
    page.get_by_role("combobox", name="Které pojištění přidat").select_option(label=name)
    page.get_by_role("button", name="Přidat pojištění").click()
    page.get_by_role("textbox", name=f"{name}: Pojistná částka").fill(amount)
    if term:
        page.get_by_role("textbox", name=f"{name}: Doba").fill(term)


def expect_result(page: "Page") -> None:
    """The values of every year beside the premium, and that it binds nobody; no health, no identification."""
    to_part(page, "Výsledek")
    expect(page.get_by_text("Modelace je nezávazná.")).to_be_visible()
    years = page.get_by_role("region", name="Vývoj v letech")
    expect(years.get_by_role("row")).to_have_count(2 + TERM)
    expect(years.get_by_role("columnheader", name=re.compile("Investice při"))).to_have_count(3)
    expect(page.locator(PREMIUM)).to_have_text(re.compile(r"\d\sKč"))
    expect(page.get_by_text("Nejsou to sazby žádné pojišťovny.").first).to_be_visible()
    expect(parts(page)).to_have_count(7)
    for name in ("Zdravotní dotazy", "Identifikace klienta", "Souhlasy"):
        expect(parts(page).filter(has_text=name)).to_have_count(0)
    expect(parts(page).filter(has_text="chybí")).to_have_count(0)


def expect_work_ahead(page: "Page", number: str) -> None:
    """The offer opens at what it still asks for, said as such; the counters of its parts add up to it."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nabídka FLEXI N26-")
    ahead = page.get_by_role("region", name="Nabídka je předvyplněná z modelace.")
    expect(ahead).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("link", name=number)).to_be_visible()
    listed = ahead.get_by_role("listitem").count()
    expect(ahead).to_contain_text(f"K dokončení zbývá {listed} údajů")
    assert sum(missing(page).values()) == listed > 20


def missing(page: "Page") -> dict[str, int]:
    """How many answers each part still asks for."""
    found = (re.match(r"(\d+)(\D+)(\d+)chybí", re.sub(r"\s", "", text)) for text in parts(page).all_inner_texts())
    return {part[1]: int(part[3]) for part in found if part}


def expect_filter_to_leave_as_many_as_are_counted(page: "Page") -> None:
    """With the filter on, only parts with something missing are listed, and each shows just those fields."""
    page.get_by_role("checkbox", name="jen nevyplněné").check()
    counted = missing(page)
    expect(parts(page)).to_have_count(len(counted) + 1)  # and the check itself
    for section, count in counted.items():
        page.locator(f"#sections [data-section='{section}']").click()
        expect(page.get_by_role("heading", level=2, name=re.compile(rf"^{section}\. "))).to_be_visible()
        expect(page.locator("#body .field:visible")).to_have_count(count)
