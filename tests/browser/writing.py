"""An advisor at the screen: everything is found by the role and the words that the page gives it."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from localapp import clock
from localapp.web import wording
from tests.browser.contracted import DEATH, Line, Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HEALTH = "Zdravotní dotazy"
SECTIONS = ("Pojistník", "Pojistná smlouva", "Pojištěné osoby", "Pojištění a částky", "Investice", "Platba")
CHECK = "Kontrola údajů"


def new_offer(page: "Page") -> None:
    """Nový dokument → Nabídka FLEXI."""
    page.get_by_text("Nový dokument", exact=True).click()
    page.get_by_role("button", name="Nabídka FLEXI").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nabídka FLEXI N26-")


def number_of(page: "Page") -> str:
    """The number of the opened offer."""
    return page.get_by_role("heading", level=1).inner_text().rpartition(" ")[2]


def listed(page: "Page", number: str) -> "Locator":
    """The row of an offer in the list, once the script of the page listens to clicks on it."""
    row = page.get_by_role("row").filter(has_text=number)
    row.wait_for()
    page.wait_for_load_state("load")
    return row


def to_section(page: "Page", name: str) -> None:
    """Open a section by the list of sections."""
    page.get_by_role("navigation", name="Části nabídky").get_by_role("link", name=re.compile(name)).click()
    expect(page.get_by_role("heading", level=2, name=re.compile(rf"^\d+\. {name}"))).to_be_visible()


def group_of(page: "Page", person: Person) -> "Locator":
    """The person's own group of fields."""
    words = {"adult": "Dospělý", "child": "Dítě"}[person.role]
    return page.get_by_role("group", name=re.compile(rf"{words} {person.id[1:]}"))


def write_policyholder(page: "Page", person: Person) -> None:
    """The policyholder, who is the first insured person."""
    page.get_by_role("combobox", name="Příjmení").fill(person.last_name)
    page.get_by_role("combobox", name="Jméno").fill(person.first_name)
    page.get_by_role("textbox", name="Datum narození").fill(person.born_as_typed)
    page.get_by_role("combobox", name="Pohlaví").select_option("Žena")


def write_person(page: "Page", person: Person) -> None:
    """A further person of the family; the row is added first."""
    page.get_by_role("button", name={"adult": "Přidat dospělého", "child": "Přidat dítě"}[person.role]).click()
    group = group_of(page, person)
    group.get_by_role("combobox", name="Příjmení").fill(person.last_name)
    group.get_by_role("combobox", name="Jméno").fill(person.first_name)
    group.get_by_role("textbox", name="Datum narození").fill(person.born_as_typed)


def write_facts(page: "Page", person: Person) -> None:
    """What the rates depend on besides age."""
    labels = {"net_monthly_income": "Čistý měsíční příjem", "height_cm": "Výška", "weight_kg": "Hmotnost"}
    group = group_of(page, person)
    for name, value in person.facts.items():
        if name == "smoker":
            group.get_by_role("group", name="Kuřák").get_by_role("radio", name="Ano").check()
        else:
            group.get_by_role("textbox", name=labels[name]).fill(str(value))


def write_health(page: "Page", person: Person) -> None:
    """The health questions, as many as are asked: the facts as they are rated, and nothing to tell."""
    group = group_of(page, person)
    for name, label in (("height_cm", "Z01 Výška"), ("weight_kg", "Z01 Hmotnost")):
        if name in person.facts:
            group.get_by_role("textbox", name=label).fill(str(person.facts[name]))
    for question in group.get_by_role("group").all():
        yes = "Z02" in question.inner_text() and person.facts.get("smoker")
        question.get_by_role("radio", name="Ano" if yes else "Ne").check()


def write_formalities(page: "Page") -> None:
    """Address, place of birth, no advice on the investment, identification, every consent and every document."""
    to_section(page, SECTIONS[0])
    page.get_by_role("textbox", name="Ulice a číslo").fill("Dlouhá 1")
    page.get_by_role("textbox", name="Obec").fill("Brno")
    page.get_by_role("textbox", name="PSČ").fill("602 00")
    page.get_by_role("textbox", name="Místo narození").fill("Brno")
    page.get_by_role("combobox", name="Druh dokladu").select_option("Občanský průkaz")
    page.get_by_role("textbox", name="Číslo dokladu").fill("123456789")
    page.get_by_role("textbox", name="Platnost dokladu do").fill(f"1.1.{clock.today().year + 5}")
    to_section(page, SECTIONS[4])
    page.get_by_role("combobox", name="Vyhodnocení vhodnosti").select_option("Klient informace neposkytl")
    to_section(page, "Identifikace klienta")
    page.get_by_role("group", name="Politicky exponovaná osoba").get_by_role("radio", name="Ne").check()
    page.get_by_role("combobox", name="Kontrola sankčních seznamů").select_option("Bez nálezu")
    to_section(page, "Souhlasy a dokumenty")
    for choice in page.get_by_role("radio", name="Ano").all():
        choice.check()


def cover_of(page: "Page", person: Person) -> None:
    """Open the person's cover by the strip of persons."""
    strip = page.get_by_role("navigation", name="Pojištěné osoby")
    strip.get_by_role("link", name=f"{person.last_name} {person.first_name}").click()
    expect(strip.locator("[aria-current]")).to_contain_text(person.first_name)


def write_line(page: "Page", line: Line, *, is_there: bool = False, **wrong: int) -> None:
    """One coverage; ``wrong`` are values typed instead of the right ones."""
    if not is_there:
        page.get_by_role("combobox", name="Které pojištění přidat").select_option(label=line.name)
        page.get_by_role("button", name="Přidat pojištění").click()
    page.get_by_role("textbox", name=f"{line.name}: Pojistná částka").fill(
        str(wrong.get("sum_insured", line.sum_insured))
    )
    term = wrong.get("term", line.term)
    if term:
        page.get_by_role("textbox", name=f"{line.name}: Doba").fill(str(term))
    if line.waiting_days:
        page.get_by_role("combobox", name=f"{line.name}: Karenční doba").select_option(label=f"{line.waiting_days} dní")


def write_cover(page: "Page", person: Person, wrong: dict[str, dict[str, int]]) -> None:
    """All coverages of a person; ``wrong`` by code."""
    cover_of(page, person)
    for line in person.lines:
        is_there = person.id == "D1" and line.name == DEATH
        write_line(page, line, is_there=is_there, **wrong.get(line.code, {}))


def expect_total(page: "Page", output: dict[str, Any]) -> None:
    """The summary shows exactly what the library computes, and its lines add up to it."""
    summary = page.get_by_role("complementary", name="Pojistné")
    expect(summary.locator(".tot dd")).to_have_text(wording.czk(output["total_instalment"], "cs"))
    assert sum(parts_of(summary)) == Decimal(output["total_instalment"])


def parts_of(summary: "Locator") -> list[Decimal]:
    """The amounts of one instalment that stand above the total, subtotals left out."""
    shown = summary.locator("dl").first.locator("div:not(.sub-t):not(.tot) dd").all_inner_texts()
    return [Decimal(re.sub(r"[^\d]", "", text)) for text in shown]
