"""The rows of the list are kept once written; what they show is always what holds now."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from localapp import clock
from tests.web.test_documents import Named, completed, named, rows

__all__ = ["completed", "named"]


def test_a_change_of_a_document_shows_at_once(client: FlaskClient, named: Named) -> None:
    offer = named("Nováková", "Alena")
    assert "Nováková Alena" in rows(client.get("/documents").text)[0]
    client.post(f"/documents/{offer}/sections/policyholder", data={"policyholder.last_name": "Dvořáková"})
    assert "Dvořáková Alena" in rows(client.get("/documents").text)[0]


def test_a_change_of_state_shows_at_once(client: FlaskClient, completed: str) -> None:
    before = rows(client.get("/documents").text)[0]
    client.post(f"/documents/{completed}/cancellation")
    after = rows(client.get("/documents").text)[0]
    assert "stornován" in after
    assert "stornován" not in before


def test_the_language_of_the_rows_changes_with_the_page(client: FlaskClient, named: Named) -> None:
    named("Nováková")
    assert "Nabídka" in rows(client.get("/documents").text)[0]
    client.post("/settings/look", data={"language": "en"})
    assert "FLEXI offer" in rows(client.get("/documents").text)[0]
    client.post("/settings/look", data={"language": "cs"})
    assert "Nabídka" in rows(client.get("/documents").text)[0]


def test_what_was_changed_today_was_changed_yesterday_when_the_day_is_over(client: FlaskClient, named: Named) -> None:
    named("Nováková")
    assert "dnes" in rows(client.get("/documents").text)[0]
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert "včera" in rows(client.get("/documents").text)[0]


def test_each_answer_signs_the_rows_with_its_own_nonce(client: FlaskClient, named: Named) -> None:
    named("Nováková")
    nonces: list[str] = []
    for _ in range(2):
        answer = client.get("/documents")
        signed = set(re.findall(r'hx-nonce="([^"]*)"', answer.text))
        assert len(signed) == 1
        assert f"'nonce-{min(signed)}'" in answer.headers["Content-Security-Policy"]
        nonces += signed
    assert nonces[0] != nonces[1]


@pytest.mark.parametrize("asked", ["shelf=in_progress", "kind=offer", "shelf=in_progress&kind=offer"])
def test_the_links_of_the_rows_keep_the_filters_of_the_page(client: FlaskClient, named: Named, asked: str) -> None:
    offer = named("Nováková")
    client.get("/documents")
    link = re.search(r'<a class="plain" href="([^"]*)"', client.get(f"/documents?{asked}").text)
    assert link
    assert link[1] == f"/documents?selected={offer}&amp;{asked.replace('&', '&amp;')}"


def test_only_the_selected_row_is_marked(client: FlaskClient, named: Named) -> None:
    first, second = named("Nováková"), named("Dvořák")
    for chosen in (first, second):
        page = client.get(f"/documents?selected={chosen}").text
        assert re.findall(r'id="d-([^"]*)" aria-selected="true"', page) == [chosen]
    assert "aria-selected" not in client.get("/documents").text


def test_a_name_with_markup_stays_text(client: FlaskClient, named: Named) -> None:
    named('<b hx-get="/x">Nováková')
    page = client.get("/documents").text
    assert "&lt;b hx-get=" in page
    assert '<b hx-get="/x">' not in page
