"""A laptop is lost: the next one is linked by a code in the window, and all completed documents are back in it."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import assert_accessible
from tests.browser.test_conflicts import press, pytestmark, window_on
from tests.journeys.conftest import Advisor, Insurer, activated_before, alena, insurer, time
from tests.journeys.test_first_days import DVORAK, completed, surname
from tests.journeys.test_two_computers import cancel, complete, linked_computer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["activated_before", "alena", "insurer", "pytestmark", "time"]


def number_of(advisor: Advisor, document: str) -> str:
    record = advisor.desk.store.document(document)
    assert record is not None
    return record.number


@pytest.fixture
def numbers(insurer: Insurer, alena: Advisor) -> dict[str, str]:
    """What lay on the laptop before it was lost: the numbers of its documents, by what became of them."""
    cancelled, exported = completed(alena), completed(alena, DVORAK)
    alena.synchronize()
    cancel(alena, cancelled)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    insurer.endpoint.run_export()
    later = completed(alena)
    surname(alena, later, "Nováková")
    complete(alena, later)
    alena.synchronize()
    found = {"stornován": cancelled, "exportován": exported, "zálohován": later}
    return {state: number_of(alena, document) for state, document in found.items()}


def code_of(advisor: Advisor, chromium: "Browser") -> str:
    """A one-time code, made in the window."""
    with window_on(advisor, chromium) as window:
        window.goto("/settings")
        press(window, window.get_by_role("button", name="Vytvořit kód"))
        return window.locator(".codebig").inner_text()


def test_a_lost_laptop_is_replaced_and_linked_and_all_completed_documents_are_back(
    insurer: Insurer, alena: Advisor, numbers: dict[str, str], chromium: "Browser"
) -> None:
    home = linked_computer(insurer, alena, "home")
    alena.desk.close()  # it lies in the river
    replaced = insurer.new_computer("new laptop")
    replaced.activate()
    code = code_of(home, chromium)
    with window_on(replaced, chromium) as window:
        window.goto("/documents")
        for number in numbers.values():
            expect(window.get_by_role("row").filter(has_text=number)).to_have_count(0)
        window.goto("/settings")
        window.get_by_label("Kód z propojeného počítače").fill(code)
        window.keyboard.press("Enter")
        window.wait_for_url("**/settings?done=linked*")
        replaced.desk.synchronizer.wait(60)
        window.goto("/documents")
        for state, number in numbers.items():
            expect(window.get_by_role("row").filter(has_text=number)).to_contain_text(state)
        assert_accessible(window)
        back = replaced.desk.store.page(shelf=None, kind=None, before=None).rows
        assert {each.number for each in back} == set(numbers.values())
        (later,) = (each.id for each in back if each.number == numbers["zálohován"])
        window.goto(f"/documents/{later}/sections/policyholder")
        expect(window.locator('[name="policyholder.last_name"]')).to_have_value("Nováková")
    for listed in back:
        mine, theirs = (advisor.desk.store.content(listed.id) for advisor in (replaced, home))
        assert (mine.answers, mine.health) == (theirs.answers, theirs.health)
