"""The document file breaks while an offer is being written: the page says so, the repair is one button away."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp.app import demo_keys
from localapp.store.engine import connected
from tests.activating import put_activated_desk
from tests.asking import OverHttp
from tests.browser.conftest import Windows
from tests.running import OFFLINE, RunningDesk, started

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

pytestmark = pytest.mark.browser

PAGE = 4096


@pytest.fixture
def own_desk(tmp_path: Path) -> Iterator[RunningDesk]:
    """A desk that may be damaged."""
    put_activated_desk(tmp_path / "desk")
    with started(tmp_path / "desk", *OFFLINE) as running:
        yield running


def _spoil(folder: Path) -> None:
    """Turn a bit over in every page of the database, and let the desk's connections forget what they have read."""
    path = folder / "documents.db"
    with connected(path, demo_keys(folder).database) as connection:
        connection.execute("UPDATE change_sequence SET last = last").close()
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        content = bytearray(path.read_bytes())
        for position in range(PAGE + 100, len(content), PAGE):
            content[position] ^= 1
        path.write_bytes(content)


def _is_saved(answer: "Response") -> bool:
    return answer.ok and answer.request.method == "POST" and "/sections/policyholder" in answer.url


def test_what_is_typed_while_the_file_breaks_is_saved_after_the_repair(own_desk: RunningDesk, windows: Windows) -> None:
    with closing(OverHttp(own_desk)) as asking:
        document = asking.post("/documents", {"kind": "offer"}, fragments=False).location
        asking.post(f"{document}/sections/policyholder", {"policyholder.first_name": "Kateřina"})
        page: Page = windows().new_page()
        page.goto(own_desk.second_start("--endpoint", OFFLINE[2]).stdout.partition("SmartClient: ")[2].strip())
        page.goto(f"{own_desk.origin}{document}/sections/policyholder")
        _spoil(own_desk.folder)
        page.get_by_role("combobox", name="Příjmení").fill("Kanárková")
        message = page.get_by_role("alert").filter(has_text=re.compile("je poškozen"))
        expect(message).to_be_visible(timeout=30_000)
        with page.expect_response(_is_saved, timeout=30_000):
            message.get_by_role("button", name="Opravit ze zálohy").click()
        expect(message).to_be_hidden(timeout=30_000)
        stored = asking.get(f"{document}/sections/policyholder").text
        assert 'value="Kanárková"' in stored
        assert 'value="Kateřina"' in stored
        page.goto(f"{own_desk.origin}/documents")
        expect(page.get_by_role("alert").filter(has_text="Nic nechybí")).to_be_visible()
        page.get_by_role("button", name="Rozumím").click()
        expect(page.get_by_role("alert")).to_have_count(0)
        page.close()
