"""The quiet sentence follows by itself in a page that nobody touches; what support asks for goes to the clipboard."""

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import clock
from tests.asking import OverHttp
from tests.browser.conftest import Windows, watched
from tests.browser.prepared import blank, written
from tests.family import complete
from tests.running import RunningDesk
from tools.demo_documents import NOW
from tools.served_desks import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_page_that_nobody_touches_says_what_waits_and_keeps_what_is_typed_in_it(
    windows: Windows, shared_desk: RunningDesk
) -> None:
    page = windows().new_page()
    troubles = watched(page)
    with closing(OverHttp(shared_desk)) as asking:
        page.goto(f"{shared_desk.origin}{blank(asking)}/sections/policyholder")
        says = page.get_by_role("status", name="Odeslání dokumentů")
        expect(says).to_contain_text(re.compile("vše odesláno", re.IGNORECASE))
        surname = page.get_by_role("combobox", name="Příjmení")
        surname.fill("Rozepsaná")
        complete(asking, written(asking, "Vlčková", "Ema", ""))
        expect(says).to_contain_text("1 dokument čeká", timeout=30_000)
        expect(surname).to_have_value("Rozepsaná")
        expect(surname).to_be_focused()
    says.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Neodeslané (1)")).to_be_visible()
    assert troubles == []


def test_one_press_copies_the_report(chromium: "Browser", tmp_path: Path) -> None:
    with clock.moved_to(NOW), serving("open", tmp_path / "open") as desk:
        context = chromium.new_context(locale="cs-CZ", permissions=["clipboard-read", "clipboard-write"])
        name, value = desk.guard.cookie_name, desk.guard.sessions.issue()
        context.add_cookies([{"name": name, "value": value, "url": desk.guard.origin}])
        page = context.new_page()
        page.goto(f"{desk.guard.origin}/synchronization")
        button = page.get_by_role("link", name="Hlášení", exact=True)
        button.click()
        expect(button.or_(page.get_by_role("link", name="Zkopírováno"))).to_have_text("Zkopírováno")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "code: partner_ended" in copied
        assert desk.documents["operation"] in copied
        assert "Hájíček" not in copied
        context.close()
