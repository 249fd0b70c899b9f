"""What leaves is announced on the list; the advisor lets it go or keeps it."""

from datetime import timedelta

from flask.testing import FlaskClient

from localapp import clock
from localapp.web.desk import Desk
from tests.store.made_up import client as client_row
from tests.store.made_up import new_offer

HALF_A_YEAR = timedelta(days=182)


def announced_draft(desk: Desk) -> str:
    with clock.moved_to(clock.now() - HALF_A_YEAR):
        document = desk.store.create_document(new_offer(row=client_row("Příhodová-Šťastná Kateřina")))
    desk.store.retaining.announce(desk.store.sync.server_clock.now())
    return document


def test_nothing_is_said_as_long_as_nothing_leaves(desk: Desk, client: FlaskClient) -> None:
    desk.store.create_document(new_offer())
    assert 'id="leaving"' not in client.get("/documents").text
    assert "nebude odstraněn žádný dokument" in client.get("/documents/leaving").text


def test_a_draft_is_announced_and_leaves_only_once_that_is_confirmed(desk: Desk, client: FlaskClient) -> None:
    document = announced_draft(desk)
    assert 'id="leaving"' in client.get("/documents").text
    page = client.get("/documents/leaving").text
    assert "dokud nepotvrdíte" in page
    assert client.post(f"/documents/{document}/leaving/confirmation").status_code == 303
    page = client.get("/documents/leaving").text
    assert "odejde" in page
    assert "dokud nepotvrdíte" not in page


def test_a_document_can_be_kept_for_another_half_year(desk: Desk, client: FlaskClient) -> None:
    document = announced_draft(desk)
    client.post(f"/documents/{document}/leaving/keeping")
    assert 'id="leaving"' not in client.get("/documents").text
    assert desk.store.document(document) is not None


def test_a_document_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.post("/documents/01a215d9-0000-7000-8000-000000000000/leaving/keeping").status_code == 404
