"""Kopírovat and Historie of a whole offer on the screen: what a copy lacks is said and true; a state comes back."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import clock
from tests import family
from tests.asking import OverHttp
from tests.browser.answers import answers_of
from tests.browser.contracted import start
from tests.browser.writing import listed, number_of, to_section

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

SURNAME = family.CLIENT["last_name"]
START = f"2. {start().month}. {start().year}"  # not the first, with which an offer begins by itself
LEFT = {
    "Pojistná smlouva": "Začátek pojištění",
    "Investice": "Vyhodnocení vhodnosti, Znalosti a zkušenosti, Investiční horizont, Únosná ztráta, Udržitelnost",
    "Identifikace klienta": "Politicky exponovaná osoba, Kontrola sankčních seznamů, Čas kontroly",
    f"Zdravotní dotazy, Kateřina {SURNAME}": "Z01 Výška, Z01 Hmotnost, Z02–Z07",
    f"Zdravotní dotazy, Ondřej {SURNAME}": "Z01 Výška, Z01 Hmotnost, Z02–Z07",
    f"Zdravotní dotazy, Matyáš {SURNAME}": "C01–C05",
    f"Zdravotní dotazy, Žofie {SURNAME}": "C01–C05",
    **dict.fromkeys(
        (f"Souhlasy a dokumenty, {name} {SURNAME}" for name in ("Ondřej", "Matyáš", "Žofie")),
        "Souhlas se zpracováním zdravotních údajů a zproštění lékařů mlčenlivosti, Kdy byl souhlas udělen",
    ),
    "Souhlasy a dokumenty": "Zpracování zdravotních údajů a zproštění lékařů mlčenlivosti, Elektronická komunikace, "
    "Marketingové nabídky, Předsmluvní informace, Pojistné podmínky, Sdělení klíčových informací (KID)",
}
"""What the list says was not copied of the family's offer, part by part."""
EMPTY = re.compile(
    r"investment\.(suitability|knowledge|horizon|loss_capacity|sustainability)|identification\.(pep|sanctions)"
    r"|persons\[p\d\]\.([zc]\d\d(_\w+)?|health_consent)|(consents|handed_documents)\[\w+\]\.(given|handed)"
)
"""The answers behind those words."""
ASKED_OF_PERSONS = 2 * (2 + 6) + 2 * 5 + 3  # the short questionnaire, the one about children, consents of the others


@pytest.fixture
def offer(asking: OverHttp) -> str:
    """The address of the family's offer with a start that was typed; not completed."""
    address = family.write(asking, clock.today())
    asking.post(f"{address}/sections/policy", {"policy.start_date": START})
    return address


def test_a_copy_says_what_it_lacks_and_lacks_just_that(window: "Page", asking: OverHttp, offer: str) -> None:
    family.complete(asking, offer)
    origin = window.url.partition("/documents")[0]
    original = answers_of(window, origin + offer)
    number = copied(window, origin, number_of(window))
    box = window.get_by_role("region", name="Co se nezkopírovalo")
    assert said_in(box) == LEFT
    copy = answers_of(window, window.url)
    assert number_of(window) == number
    changed = {name for name in original | copy if original.get(name) != copy.get(name)}
    unanswered = {name for name in original if EMPTY.fullmatch(name)}
    assert changed == unanswered | {"policy.start_date"}
    assert [copy.get(name, "") for name in unanswered] == [""] * len(unanswered)
    assert copy["policy.start_date"] != START
    assert len([name for name in unanswered if name.startswith("persons")]) == ASKED_OF_PERSONS
    to_section(window, "Identifikace klienta")
    expect(window.get_by_text("Čas kontroly", exact=True)).to_be_hidden()
    window.get_by_role("button", name="Rozumím").click()
    expect(box).to_have_count(0)


def copied(page: "Page", origin: str, number: str) -> str:
    """Copy a listed document by its number and open the copy; the copy's number."""
    page.goto(f"{origin}/documents")
    listed(page, number).click()
    page.get_by_role("button", name="Kopírovat").click()
    page.get_by_role("status").get_by_role("link", name="Otevřít").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(number)
    return number_of(page)


def said_in(box: "Locator") -> dict[str, str]:
    """The lines of the list: the part and the person, and what of them."""
    lines = (text.replace("\u00a0", " ").split(": ", 1) for text in box.get_by_role("listitem").all_inner_texts())
    return {line[0]: line[1] for line in lines}


def test_an_earlier_state_comes_back_whole_and_the_history_says_who_did_what(window: "Page", offer: str) -> None:
    origin = window.url.partition("/documents")[0]
    before = answers_of(window, origin + offer)
    change_by_hand(window, origin + offer)
    after = answers_of(window, origin + offer)
    assert after != before
    window.get_by_role("link", name="Historie").click()
    see_who_did_what(window)
    restore(window, "Začátek pojištění")
    assert answers_of(window, origin + offer) == before
    take_back(window, "Vrátit poslední změnu", "Vráceno: ")
    assert answers_of(window, origin + offer) == after
    take_back(window, "Provést znovu", "Provedeno znovu: ")
    window.get_by_role("link", name="Historie").click()
    expect(window.get_by_role("row").nth(1)).to_contain_text("Provedeno znovu")
    expect(window.get_by_role("row").nth(2)).to_contain_text("Vráceno zpět")
    expect(window.get_by_role("row").nth(3)).to_contain_text("Obnoven stav: ")


def change_by_hand(page: "Page", offer: str) -> None:
    """A telephone, a coverage less, another weight, a consent taken back."""
    page.goto(offer)
    saved(page, lambda: page.get_by_role("textbox", name="Telefon").fill("608000000"))
    to_section(page, "Pojištěné osoby")
    saved(page, lambda: page.get_by_role("textbox", name="Hmotnost").first.fill("71"))
    to_section(page, "Pojištění a částky")
    saved(page, lambda: page.get_by_role("button", name="Odebrat: Pracovní neschopnost").click())
    to_section(page, "Souhlasy a dokumenty")
    saved(page, lambda: page.get_by_role("group", name="Souhlas udělen").nth(1).get_by_role("radio", name="Ne").check())


def saved(page: "Page", act: Callable[[], object]) -> None:
    """Do something that the desk saves – what is typed is, a moment after –, and wait until it has."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        act()


def see_who_did_what(page: "Page") -> None:
    """Each change on a line of its own: when, who on which computer, from what to what; of health, that it changed."""
    newest, line, health, phone = (page.get_by_role("row").nth(number) for number in (1, 2, 3, 4))
    expect(newest).to_contain_text(plain("Elektronická komunikace, Souhlas udělen: Ano → Ne"))
    expect(line).to_contain_text(plain(f"Kateřina {SURNAME}, Pracovní neschopnost, Pojištění: odebráno"))
    expect(health).to_contain_text("Zdravotní údaje: změněny")
    expect(health).not_to_contain_text("71")
    expect(phone).to_contain_text(plain("Telefon: +420 777 123 456 → +420 608 000 000"))
    for row in (newest, line, health, phone):
        expect(row).to_contain_text(re.compile(r"dnes\s\d+:\d\d"))
        expect(row).to_contain_text("Alena Nováková, tento počítač")


def plain(text: str) -> re.Pattern[str]:
    """The text with any blank where the page may have a no-break space."""
    return re.compile(re.escape(text).replace(r"\ ", r"\s"))


def restore(page: "Page", what: str) -> None:
    """Look at the state after a change, and go back to it."""
    page.get_by_role("row").filter(has_text=what).get_by_role("link").click()
    difference = page.get_by_role("row")
    expect(difference.filter(has_text="Telefon")).to_contain_text(plain("+420 777 123 456+420 608 000 000"))
    expect(difference.filter(has_text="Hmotnost")).to_contain_text(plain("64 kg71 kg"))
    page.get_by_role("button", name="Obnovit tento stav").click()
    expect(page.get_by_role("status").filter(has_text="Obnovu můžete vrátit.")).to_be_visible()


def take_back(page: "Page", button: str, words: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
