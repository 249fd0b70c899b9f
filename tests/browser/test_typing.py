"""Nothing typed is lost: while answers are slow, on the way out, under a swap, while the desk does not answer."""

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.asking import OverHttp
from tests.browser.conftest import Windows
from tests.running import RunningDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

NAMES = {"last_name": "Šťastná-Vondráčková", "first_name": "Kateřina", "title": "Mgr."}


@pytest.fixture
def document(asking: OverHttp) -> str:
    """The address of a new offer."""
    return asking.post("/documents", {"kind": "offer"}, fragments=False).location


@pytest.fixture
def page(windows: Windows, shared_desk: RunningDesk, document: str) -> "Iterator[Page]":
    """A window on the first section of the new offer."""
    window = windows().new_page()
    window.goto(f"{shared_desk.origin}{document}/sections/policyholder")
    yield window
    window.close()


def slow_down(page: "Page", milliseconds: int) -> None:
    """Every answer takes at least so long."""
    conditions = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def expect_saved(asking: OverHttp, document: str, section: str, **answers: str) -> None:
    """The desk has the answers; what is on its way arrives meanwhile."""
    missing = dict(answers)
    for _ in range(100):
        stored = asking.get(f"{document}/sections/{section}").text
        missing = {name: text for name, text in answers.items() if f'name="{name}" value="{text}"' not in stored}
        if not missing:
            return
        time.sleep(0.1)
    raise AssertionError(f"not saved: {missing}")


def expect_names_saved(asking: OverHttp, document: str) -> None:
    expect_saved(asking, document, "policyholder", **{f"policyholder.{name}": text for name, text in NAMES.items()})


def type_names(page: "Page") -> None:
    """Type without a pause; the last field is not left."""
    page.get_by_role("combobox", name="Příjmení").focus()
    for number, text in enumerate(NAMES.values()):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)


def test_typing_quickly_across_fields_while_answers_are_slow_saves_all_of_it(
    page: "Page", asking: OverHttp, document: str
) -> None:
    slow_down(page, 500)
    type_names(page)
    expect_names_saved(asking, document)
    for label, text in zip(("Příjmení", "Jméno", "Titul"), NAMES.values(), strict=True):
        expect(page.get_by_label(label)).to_have_value(text)
    expect(page.get_by_role("textbox", name="Titul")).to_be_focused()


def test_the_last_of_several_quick_changes_of_one_field_wins_however_slow_the_answers_are(
    page: "Page", asking: OverHttp, document: str
) -> None:
    slow_down(page, 700)
    field = page.get_by_role("combobox", name="Příjmení")
    for text in ("Nov", "Novák", "Nováková", "Novák", "Nováčková"):
        field.fill(text)
        field.dispatch_event("change")
        page.wait_for_timeout(150)
    expect_saved(asking, document, "policyholder", **{"policyholder.last_name": "Nováčková"})
    expect(page.get_by_role("navigation", name="Části nabídky")).to_contain_text("2 chybí")
    expect(field).to_have_value("Nováčková")
    expect_saved(asking, document, "policyholder", **{"policyholder.last_name": "Nováčková"})


def test_what_is_typed_and_left_by_a_link_at_once_is_saved(page: "Page", asking: OverHttp, document: str) -> None:
    type_names(page)
    page.get_by_role("link", name="Investice").click()
    page.wait_for_url("**/sections/investment")
    expect_names_saved(asking, document)


def test_what_is_typed_and_left_by_a_new_document_is_saved(page: "Page", asking: OverHttp, document: str) -> None:
    page.get_by_text("Nový dokument", exact=True).click()
    type_names(page)
    page.get_by_role("button", name="Nabídka FLEXI").click()
    expect(page.get_by_role("combobox", name="Příjmení")).to_have_value("")
    expect_names_saved(asking, document)


def test_what_is_typed_and_left_by_the_next_button_is_saved(page: "Page", asking: OverHttp, document: str) -> None:
    slow_down(page, 300)
    type_names(page)
    page.get_by_role("button", name="Dál: Pojistná smlouva").click()
    page.wait_for_url("**/sections/policy")
    expect_names_saved(asking, document)


@pytest.mark.parametrize("latency", [0, 1000])
def test_what_is_typed_before_the_tab_is_closed_is_saved(
    page: "Page", asking: OverHttp, document: str, latency: int
) -> None:
    slow_down(page, latency)
    type_names(page)
    page.close(run_before_unload=True)
    expect_names_saved(asking, document)


def test_what_is_typed_before_going_back_in_history_is_saved(
    page: "Page", asking: OverHttp, document: str, shared_desk: RunningDesk
) -> None:
    page.goto(f"{shared_desk.origin}/help")
    page.goto(f"{shared_desk.origin}{document}/sections/policyholder")
    type_names(page)
    page.go_back()
    expect_names_saved(asking, document)


def test_a_swap_under_the_hands_keeps_text_caret_and_focus(page: "Page", asking: OverHttp, document: str) -> None:
    page.goto(page.url.replace("policyholder", "cover"))
    slow_down(page, 400)
    page.get_by_role("textbox", name=re.compile("Pojistná částka")).focus()
    page.keyboard.type("milion")
    page.keyboard.press("Tab")
    term = page.get_by_role("textbox", name=re.compile("Doba"))
    for digit in "25":
        page.keyboard.type(digit)
        page.wait_for_timeout(500)  # the row is swapped meanwhile, for it has become wrong
    expect(page.get_by_role("row").filter(has_text="není částka")).to_have_count(1)
    expect(term).to_be_focused()
    expect(term).to_have_value("25")
    expect(page.get_by_role("textbox", name=re.compile("Pojistná částka"))).to_have_value("milion")
    expect_saved(asking, document, "cover", **{"persons[p1].coverages[c1].term": "25"})


def test_what_is_typed_before_the_script_has_come_is_saved(
    page: "Page", asking: OverHttp, document: str, shared_desk: RunningDesk
) -> None:
    held: list[Route] = []

    def hold(route: "Route") -> None:
        held.append(route)

    page.route("**/static/desk.js", hold)
    page.goto(f"{shared_desk.origin}{document}/sections/policyholder", wait_until="commit")
    page.get_by_role("combobox", name="Příjmení").fill(NAMES["last_name"])
    page.get_by_role("combobox", name="Jméno").fill(NAMES["first_name"])
    page.get_by_role("group", name="Pojistník je první").get_by_role("radio", name="Ne").check()
    for route in held:
        route.continue_()
    expect_saved(
        asking,
        document,
        "policyholder",
        **{f"policyholder.{name}": NAMES[name] for name in ("last_name", "first_name")},
    )
    page.get_by_role("textbox", name="Titul").focus()
    expect(page.get_by_role("combobox", name="Příjmení")).to_have_value(NAMES["last_name"])
    expect(page.get_by_role("navigation", name="Části nabídky")).to_contain_text("Pojištěné osoby3")


def test_a_field_is_rewritten_only_once_it_is_left(page: "Page") -> None:
    page.goto(page.url.replace("policyholder", "investment"))
    field = page.get_by_role("textbox", name="Pravidelná investice")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1,5t")
    expect(field).to_have_attribute("value", "1\u00a0500")  # the desk has answered how it writes it
    expect(field).to_have_value("1,5t")
    page.keyboard.press("Tab")
    expect(field).to_have_value("1\u00a0500")


def test_a_choice_made_by_hand_follows_a_remedy_later(page: "Page", asking: OverHttp, document: str) -> None:
    asking.post(f"{document}/sections/policyholder", {"policyholder.birth_date": "3. 4. 1990"})
    asking.post(f"{document}/sections/cover", {"persons[p1].coverages[c1].sum_insured": "1m"})
    page.goto(page.url.replace("policyholder", "investment"))
    strategy = page.get_by_role("combobox", name="Strategie")
    page.get_by_role("textbox", name="Pravidelná investice").fill("1500")
    strategy.select_option("dynamic")
    strategy.select_option("")
    page.get_by_role("button", name="Garantovaná strategie").click()
    expect(strategy).to_have_value("guaranteed")


def test_while_the_desk_does_not_answer_the_message_stays_and_what_is_typed_is_sent_once_it_does(
    page: "Page", asking: OverHttp, document: str
) -> None:
    page.context.set_offline(True)
    type_names(page)
    message = page.get_by_role("alert").filter(has_text="Poslední změna zatím není uložena.")
    expect(message).to_be_visible()
    page.get_by_role("link", name="Investice").click()  # the page is not left without what is typed
    page.wait_for_timeout(2500)
    expect(message).to_be_visible()
    assert page.url.endswith("/policyholder")
    page.context.set_offline(False)
    expect_names_saved(asking, document)
    expect(message).to_be_hidden()
    expect(page.get_by_role("combobox", name="Příjmení")).to_have_value(NAMES["last_name"])


def test_a_change_that_nothing_listened_to_is_saved_all_the_same(page: "Page", asking: OverHttp, document: str) -> None:
    page.evaluate(
        "for (const name of ['input', 'change']) document.querySelector('#offer')"
        ".addEventListener(name, (event) => event.stopImmediatePropagation(), {capture: true, once: true})"
    )
    page.get_by_role("textbox", name="Titul").fill(NAMES["title"])
    page.get_by_role("textbox", name="Titul").dispatch_event("change")
    expect_saved(asking, document, "policyholder", **{"policyholder.title": NAMES["title"]})
