"""The family offer without a mouse, from empty to the PDF: keys reach everything, and the focus is never lost."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import clock
from localapp.calculation.calculator import Calculator
from tests.browser.contracted import DEATH, DISABILITY, FAMILY, Line, Person, contract
from tests.browser.keys import Keys, expect_section
from tests.browser.writing import expect_total, number_of
from tests.reading_pdf import words_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BY_REMEDY = (FAMILY[0].lines[1], FAMILY[2].lines[0])  # terms that are left too long and mended by the offered button
_QUESTION = "() => document.activeElement.closest('fieldset').querySelector('legend').innerText"


@pytest.fixture
def keys(window: "Page") -> Keys:
    return Keys(window)


def test_the_family_offer_comes_from_empty_to_the_pdf_by_keyboard_alone(keys: Keys, calculator: Calculator) -> None:
    keys.work_alone()
    begin(keys)
    write_policyholder(keys, FAMILY[0])
    write_persons(keys)
    write_covers(keys)
    name_beneficiaries(keys)
    answer_health(keys)
    write_investment(keys)
    identify(keys)
    agree(keys)
    expect_total(keys.page, calculator.quote(contract())["output"])
    premium = keys.page.locator("#summary .tot dd").inner_text().replace("\u00a0", " ")
    number = complete(keys)
    assert_printed(words_of(saved_pdf(keys, number)), number, premium)
    assert keys.others() is None
    keys.page.mouse.click(0, 0)
    assert keys.others() == "mousedown true", "a mouse would not have been noticed"


def complete(keys: Keys) -> str:
    """Complete the offer; its number."""
    keys.press("Control+Enter")
    expect_section(keys.page, "11. Kontrola údajů")
    number = number_of(keys.page)
    keys.press("Control+Enter")
    expect(keys.page.get_by_role("row").filter(has_text="dokončen, čeká na synchronizaci")).to_have_count(1)
    keys.page.wait_for_load_state("load")
    return number


def saved_pdf(keys: Keys, number: str) -> bytes:
    """Zobrazit of the document that was just completed, its pages, and its PDF as the browser saves it."""
    expect(keys.page.get_by_role("row", selected=True)).to_be_focused()
    keys.tab_to("Zobrazit", "Shift+Tab")
    keys.press("Enter")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(f"Tisk dokumentu {number}")
    expect(keys.page.get_by_role("img", name="Strana 1 z 7")).to_be_visible()
    keys.tab_to("Uložit PDF")
    with keys.page.expect_download() as saving:
        keys.press("Enter")
    assert saving.value.suggested_filename == f"{number}.pdf"
    return saving.value.path().read_bytes()


def assert_printed(words: str, number: str, premium: str) -> None:
    """The print names everybody, says each cover, the premium as the page said it, and who gets which share."""
    assert "NÁVRH" not in words
    assert f"Nabídka FLEXI {premium} měsíčně {number}" in words
    assert f"Pojistné celkem {premium}" in words
    covers = words[words.index("Pojištění a částky") : words.index("Obmyšlení")]
    for person in FAMILY:
        assert f"Příjmení {person.last_name} Jméno {person.first_name}" in words
        own = covers[covers.index(f"{person.first_name} {person.last_name} Pojištění") :].partition("Celkem")[0]
        for line in person.lines:
            amount = f"{line.sum_insured:,}".replace(",", " ")
            assert f"{line.name} {amount} Kč" in own
    named = words[words.index("Obmyšlení") : words.index("Zdravotní dotazy")]
    for person in FAMILY[1:3]:
        assert re.search(rf"{person.last_name} {person.first_name} 3\. 4\. {person.born.year} .*?50 %", named)


def begin(keys: Keys) -> None:
    keys.press("Tab")
    assert keys.focused() == "Přejít k obsahu"
    keys.tab_to("Nový dokument")
    keys.press("Enter")
    keys.tab_to("Nabídka FLEXI")
    keys.press("Enter")
    expect_section(keys.page, "1. Pojistník")


def write_policyholder(keys: Keys, person: Person) -> None:
    keys.tab_to("Příjmení")
    keys.type(person.last_name)
    keys.press("Enter")
    keys.type(person.first_name)
    keys.tab_to("Datum narození")
    keys.type(person.born_as_typed)
    keys.tab_to("Pohlaví")
    keys.press("ArrowDown")  # a woman
    for name, text in (("Ulice a číslo", "Dlouhá 1"), ("Obec", "Brno"), ("PSČ", "602 00")):
        keys.tab_to(name)
        keys.type(text)
    keys.tab_to("Druh dokladu")
    keys.choose("Občanský průkaz")
    keys.tab_to("Číslo dokladu")
    keys.type("123456789")
    keys.tab_to("Platnost dokladu do")
    keys.type(f"1.1.{clock.today().year + 5}")
    keys.tab_to("Místo narození")
    keys.type("Brno")


def write_persons(keys: Keys) -> None:
    first, second, *children = FAMILY
    keys.to_section(3, "Pojištěné osoby")
    keys.tab_to("Čistý měsíční příjem")
    keys.type(first.facts["net_monthly_income"])
    write_build(keys, first)
    add_person(keys, second, "Přidat dospělého")
    keys.tab_to("Ne")  # self-employed
    keys.tab_to("Ne")  # smoker
    keys.press("ArrowUp")
    assert keys.focused() == "Ano"
    write_build(keys, second)
    for child in children:
        add_person(keys, child, "Přidat dítě")


def write_build(keys: Keys, person: Person) -> None:
    keys.tab_to("Výška")
    keys.type(person.facts["height_cm"])
    keys.tab_to("Hmotnost")
    keys.type(person.facts["weight_kg"])


def add_person(keys: Keys, person: Person, button: str) -> None:
    keys.tab_to(button)
    keys.press("Enter")
    keys.expect_focus("Příjmení")
    keys.type(person.last_name)
    keys.press("Tab")
    keys.type(person.first_name)
    keys.press("Tab", "Tab")  # past the birth number
    keys.type(person.born_as_typed)


def write_covers(keys: Keys) -> None:
    keys.to_section(4, "Pojištění a částky")
    for person in FAMILY:
        if person is not FAMILY[0]:
            open_cover(keys, person)
        for line in person.lines:
            if (person.id, line.name) == ("D1", DEATH):
                keys.tab_to(f"{DEATH}: Pojistná částka")
            else:
                add_line(keys, line)
            write_line(keys, line)


def open_cover(keys: Keys, person: Person) -> None:
    strip = keys.page.get_by_role("navigation", name="Pojištěné osoby")
    link = strip.get_by_role("link", name=f"{person.last_name} {person.first_name}")
    keys.tab_to(re.sub(r"\s+", " ", link.inner_text()), "Shift+Tab")
    keys.press("Enter")
    expect(strip.locator("[aria-current]")).to_contain_text(person.first_name)


def add_line(keys: Keys, line: Line) -> None:
    keys.tab_to("Které pojištění přidat")
    keys.choose(line.name)
    keys.press("Tab", "Enter")
    keys.expect_focus(f"{line.name}: Pojistná částka")


def write_line(keys: Keys, line: Line) -> None:
    keys.type(line.sum_insured)
    keys.press("Tab")
    if any(line is mended for mended in BY_REMEDY):
        mend_term(keys, line)
    elif line.term:
        keys.type(line.term)
    if line.waiting_days:
        keys.press("Tab")
        keys.choose(f"{line.waiting_days} dní", "ArrowUp")


def mend_term(keys: Keys, line: Line) -> None:
    """The term of the policy is too long for this coverage; the button beside the reason shortens it."""
    button = f"Zkrátit dobu na {line.term} let"
    expect(keys.page.get_by_role("button", name=button)).to_be_visible()
    keys.tab_to(button)
    keys.press("Enter")
    keys.expect_focus(f"{line.name}: Doba")


def name_beneficiaries(keys: Keys) -> None:
    """The other adult and the first child, in equal shares."""
    keys.to_section(5, "Obmyšlení")
    cover = f"Kateřina Šťastná-Vondráčková – {DEATH}"
    for person in FAMILY[1:3]:
        keys.tab_to(f"Koho přidat jako obmyšleného: {cover}")
        keys.choose(f"{person.first_name} {person.last_name}")
        keys.tab_to(f"Přidat obmyšleného: {cover}")
        keys.press("Enter")
        keys.expect_focus("Příjmení")
    keys.tab_to(f"Rozdělit rovným dílem: {cover}")
    keys.press("Enter")
    expect(keys.page.get_by_role("textbox", name="Podíl")).to_have_count(2)
    for share in keys.page.get_by_role("textbox", name="Podíl").all():
        expect(share).to_have_value("50")


def answer_health(keys: Keys) -> None:
    """The full questionnaire of the first adult, the short one of the second, and the questions about the children."""
    keys.to_section(6, "Zdravotní dotazy")
    expect(keys.page.get_by_text("vyplňuje úplný dotazník")).to_have_count(1)
    build = [person.facts[name] for person in FAMILY[:2] for name in ("height_cm", "weight_kg")]
    smokers = [bool(person.facts.get("smoker")) for person in FAMILY[:2]]
    answered = 0
    while not keys.focused().startswith("Dál:"):
        keys.press("Tab")
        match keys.focused():
            case "Z01 Výška" | "Z01 Hmotnost":
                keys.type(build.pop(0))
            case "Ano":
                is_nicotine = keys.page.evaluate(_QUESTION).startswith("Z02")
                keys.press("Space" if is_nicotine and smokers.pop(0) else "ArrowDown")
                answered += 1
    assert (answered, build) == (19 + 6 + 10, [])


def write_investment(keys: Keys) -> None:
    keys.to_section(7, "Investice")
    keys.tab_to("Pravidelná investice v každé splátce")
    keys.type("1t")
    keys.tab_to("Strategie")
    keys.choose("Vyvážená")
    keys.tab_to("Vyhodnocení vhodnosti")
    keys.choose("Klient informace neposkytl")


def identify(keys: Keys) -> None:
    keys.to_section(9, "Identifikace klienta")
    keys.tab_to("Ano")
    keys.press("ArrowDown")  # no politically exposed person
    keys.tab_to("Kontrola sankčních seznamů")
    keys.choose("Bez nálezu")


def agree(keys: Keys) -> None:
    keys.press("Alt+0")
    expect_section(keys.page, "10. Souhlasy a dokumenty")
    for _ in range(6 + len(FAMILY[1:])):  # the policyholder's, and of each other insured person
        keys.tab_to("Ano")
        keys.press("Space")


def test_a_page_reached_by_keyboard_goes_on_where_its_own_part_begins(keys: Keys) -> None:
    begin(keys)
    keys.expect_focus("1. Pojistník")
    keys.press("Tab")
    assert keys.focused() == "Příjmení"
    keys.to_section(8, "Platba")
    keys.press("Tab")
    assert keys.focused() == "Frekvence placení"
    keys.page.get_by_role("link", name="Historie").focus()
    keys.press("Enter")
    keys.expect_focus(re.compile("Historie dokumentu N26-"))
    keys.press("Tab")
    assert keys.focused() == "Zpět do dokumentu"
    keys.page.get_by_role("link", name="Zpět na dokumenty").focus()
    keys.press("Enter")
    expect(keys.page.get_by_role("row", selected=True)).to_be_focused()
    keys.page.get_by_role("link", name="Editovat").click()
    expect_section(keys.page, "1. Pojistník")
    expect(keys.page.locator("body")).to_be_focused()


def test_the_list_is_one_tab_stop_in_which_arrows_choose_and_enter_edits(keys: Keys) -> None:
    page = keys.page
    for _ in range(2):
        begin(keys)
        page.goto(re.sub(r"/documents/.*", "/documents", page.url))
    keys.press("Control+k")
    keys.expect_focus("Hledat v dokumentech")
    while keys.page.evaluate("document.activeElement.tagName") != "TR":
        keys.press("Tab")
    keys.press("ArrowDown")
    chosen = page.get_by_role("row", selected=True)
    expect(chosen).to_have_count(1)
    number = chosen.get_by_role("link").inner_text()
    expect(page.get_by_role("toolbar")).to_contain_text(number)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def test_a_removed_coverage_leaves_the_focus_on_the_next_and_comes_back_by_keyboard(keys: Keys) -> None:
    begin(keys)
    keys.to_section(4, "Pojištění a částky")
    add_line(keys, FAMILY[0].lines[1])
    keys.tab_to(f"Odebrat: {DEATH}", "Shift+Tab")
    keys.press("Enter")
    keys.expect_focus(f"{DISABILITY}: Pojistná částka")
    keys.tab_to("Vrátit zpět")
    keys.press("Enter")
    expect(keys.page.get_by_role("textbox", name=f"{DEATH}: Pojistná částka")).to_be_visible()
