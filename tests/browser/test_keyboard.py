"""The family offer without a mouse: keys and shortcuts reach everything, and the focus is never lost."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import clock
from localapp.calculation.calculator import Calculator
from tests.browser.contracted import DEATH, DISABILITY, FAMILY, Line, Person, contract
from tests.browser.writing import expect_total

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BY_REMEDY = (FAMILY[0].lines[1], FAMILY[2].lines[0])  # terms that are left too long and mended by the offered button
_NAME = """() => {
    const at = document.activeElement;
    const said = at.getAttribute("aria-label") || [...(at.labels ?? [])].map((label) => label.innerText).join(" ");
    return (said || at.innerText || "").replace(/\\s+/g, " ").replace(" *", "").trim();
}"""

_QUESTION = "() => document.activeElement.closest('fieldset').querySelector('legend').innerText"


class Keys:
    """Hands on the keyboard. The page is only looked at, never touched in another way."""

    def __init__(self, page: "Page") -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str | int) -> None:
        """Type a text."""
        self.page.keyboard.type(str(text))

    def focused(self) -> str:
        """The name of what has the focus."""
        return str(self.page.evaluate(_NAME))

    def tab_to(self, name: str, key: str = "Tab") -> None:
        """Go on until the focus is on what has this name."""
        passed = []
        for _ in range(90):
            self.press(key)
            passed.append(self.focused())
            if passed[-1] == name:
                return
        raise AssertionError(f"{name} is not reached by {key}: {passed}")

    def choose(self, option: str, key: str = "ArrowDown") -> None:
        """Go through the options of the focused choice."""
        chosen = "() => document.activeElement.selectedOptions[0].text"
        for _ in range(30):
            if " ".join(self.page.evaluate(chosen).split()) == option:  # a no-break space reads as a space
                return
            self.press(key)
        raise AssertionError(f"{option} is not among the options")

    def to_section(self, number: int, name: str) -> None:
        """A section by its shortcut."""
        self.press(f"Alt+{number}")
        expect_section(self.page, f"{number}. {name}")

    def expect_focus(self, name: str) -> None:
        """The focus gets here by itself."""
        expect(self.page.locator(":focus")).to_have_accessible_name(name)


def expect_section(page: "Page", heading: str) -> None:
    """The section is open and its script listens."""
    expect(page.get_by_role("heading", level=2, name=heading)).to_be_visible()
    page.wait_for_load_state("load")


@pytest.fixture
def keys(window: "Page") -> Keys:
    return Keys(window)


def test_the_family_offer_is_written_and_completed_by_keyboard_alone(keys: Keys, calculator: Calculator) -> None:
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
    keys.press("Control+Enter")
    expect_section(keys.page, "11. Kontrola údajů")
    keys.press("Control+Enter")
    expect(keys.page.get_by_role("row").filter(has_text="dokončen, čeká na synchronizaci")).to_have_count(1)


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
    for _ in range(6):
        keys.tab_to("Ano")
        keys.press("Space")


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
