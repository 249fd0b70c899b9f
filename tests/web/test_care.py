"""What every page tells of the insurer and of the database, until the advisor has read it or it holds no longer."""

import pytest
from flask.testing import FlaskClient

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.store import documents, repairs
from localapp.store.repairs import Repair
from localapp.web.desk import Desk
from tests.store.made_up import completed_offer


def plain(client: FlaskClient, page: str) -> str:
    """What the page says, with the spaces and dashes that people type."""
    return client.get(page, follow_redirects=True).text.replace("\u00a0", " ").replace("\u2011", "-")


@pytest.mark.parametrize(
    ("code", "facts"), [("installation_blocked", {}), ("partner_blocked", {"partner_number": "900001"})]
)
def test_an_insurer_that_takes_nothing_is_told_on_every_page_while_work_goes_on(
    desk: Desk, client: FlaskClient, code: str, facts: dict[str, str]
) -> None:
    desk.store.sync.note_run("schedule", clock.now(), Refusal(code, facts))
    document = completed_offer(desk.store)
    for page in ("/documents", "/settings", "/synchronization"):
        assert 'role="alert"' in client.get(page).text
        assert "dokumenty zůstávají v" in client.get(page).text
    assert [each.document for each in desk.store.outbox()] == [document]
    desk.store.sync.note_run("schedule", clock.now(), None)
    assert "dokumenty zůstávají v" not in client.get("/documents").text


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [
        ("installation_restored", 0, "doplněno 0 dokumentů"),
        ("installation_restored", 1, "doplněn 1 dokument"),
        ("installation_copied", 3, "doplněny 3 dokumenty"),
        ("server_restored", 12, "12 dokumentů"),
    ],
)
def test_what_came_of_a_copy_or_a_loss_is_told_once(
    desk: Desk, client: FlaskClient, code: str, count: int, said: str
) -> None:
    repair = Repair(clock.stamp(), code, repeated=count)
    repairs.note(desk.store._database, repair)
    assert said in plain(client, "/documents")
    assert client.post("/repairs/readings", data={"at": repair.at}).status_code == 303
    assert said not in plain(client, "/documents")


@pytest.mark.parametrize(
    ("kept", "said"), [("N26-000005 N26-000051", "N26-000051"), ("N26-000005", "příští synchronizace")]
)
def test_a_new_number_is_told_with_the_former_one(desk: Desk, client: FlaskClient, kept: str, said: str) -> None:
    repairs.note(desk.store._database, Repair(clock.stamp(), "renumbered", kept=kept))
    page = plain(client, "/documents")
    assert "N26-000005" in page
    assert said in page


def test_a_document_shows_its_former_number(desk: Desk, client: FlaskClient) -> None:
    document = str(client.post("/documents", data={"kind": "offer"}).location).split("/")[2].partition("?")[0]
    with desk.store._database.write() as connection:
        documents.learn(connection, documents.find(connection, document), {"former_number": "N26-000777"})
    assert "dříve N26-000777" in plain(client, f"/documents/{document}")
    assert [row.id for row in desk.store.search("N26-000777").rows] == [document]
