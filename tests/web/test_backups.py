"""Backups and repairs as the advisor meets them: in Nastavení, on the page of a failure, on every page afterwards."""

import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from localapp.store.failures import DamagedStore
from localapp.web.desk import Desk
from tests.store.damage import flip, newest_backup
from tests.store.made_up import change, new_offer
from tests.store.made_up import client as named

NBSP = "\u00a0"


@pytest.fixture
def document(desk: Desk) -> str:
    """An offer of Kanárek, 200 kB long, with a backup and a change since."""
    made = desk.store.create_document(new_offer(answers={"note": "x" * 200_000}, row=named("Kanárek")))
    desk.store.backups.make()
    change(desk.store, made, "n", 1)
    return made


def _damage(desk: Desk) -> None:
    """So that every later reading of the file meets it."""
    desk.store._database.truncate_log()
    file = desk.data_dir / "documents.db"
    for page in range(1, file.stat().st_size // 4096):
        flip(file, page * 4096 + 100)
    desk.store._database._engine.dispose()
    desk.store._kept._answers.clear()


def test_a_backup_can_be_made_by_hand_and_says_when_it_was(desk: Desk, client: FlaskClient) -> None:
    assert "zatím žádná" in client.get("/settings").text
    answer = client.post("/backups")
    assert answer.location == "/settings?done=backed_up#backups"
    page = client.get("/settings?done=backed_up").text
    assert "Záloha je hotová" in page
    assert str(desk.data_dir / "backups") in page
    assert desk.store.backups.newest is not None


def test_a_backup_that_meets_damage_says_so_on_every_page_and_offers_the_repair(
    desk: Desk, client: FlaskClient, document: str
) -> None:
    desk.store._database.truncate_log()
    flip(desk.data_dir / "documents.db", -4096 * 20 - 99)
    assert client.post("/backups").status_code == 303
    page = client.get("/settings").text
    assert "je poškozen" in page
    assert 'action="/repairs"' in page
    assert client.post("/repairs").location == "/documents"
    assert desk.store.content(document).answers["n"] == 1
    assert "je poškozen." not in client.get("/settings").text


def test_damage_met_while_reading_shows_a_page_with_the_repair_and_nothing_is_lost(
    desk: Desk, client: FlaskClient, document: str
) -> None:
    _damage(desk)
    answer = client.get("/documents")
    assert answer.status_code == 503
    assert "Opravte jej ze zálohy" in answer.text.replace(NBSP, " ")
    assert 'action="/repairs"' in answer.text
    assert client.get("/static/app.css").status_code == 200
    assert client.post("/repairs").location == "/documents"
    page = client.get("/documents").text.replace(NBSP, " ")
    assert "Kanárek" in page
    assert "Soubor s dokumenty byl poškozen. Je obnoven ze zálohy" in page
    assert "Nic nechybí." in page
    assert str(desk.data_dir / "broken") in page
    assert desk.store.content(document).answers["n"] == 1
    assert desk.store.integrity() == []


def test_what_a_repair_did_is_told_until_it_has_been_read(desk: Desk, client: FlaskClient, document: str) -> None:
    _damage(desk)
    client.post("/repairs")
    page = client.get("/documents").text
    found = re.search(r'name="at" value="([^"]+)"', page)
    assert found
    assert "Rozumím" in page
    assert client.post("/repairs/readings", data={"at": "never"}).status_code == 400
    assert client.post("/repairs/readings", data={"at": found[1]}).status_code == 303
    assert "Rozumím" not in client.get("/documents").text
    assert desk.store.document(document) is not None


def test_a_desk_that_is_whole_is_left_as_it_is_by_a_repair(desk: Desk, client: FlaskClient, document: str) -> None:
    assert client.post("/repairs").location == "/documents"
    assert desk.store.repairs() == []
    assert not (desk.data_dir / "broken").exists()
    assert desk.store.content(document).answers["n"] == 1


def test_a_repair_that_is_not_possible_says_so_and_touches_nothing(
    desk: Desk, client: FlaskClient, document: str
) -> None:
    _damage(desk)
    flip(newest_backup(desk.data_dir), -5000)
    for log in sorted((desk.data_dir / "changes").glob("*.changes"))[:-1]:
        log.unlink()
    content = (desk.data_dir / "documents.db").read_bytes()
    answer = client.post("/repairs")
    assert answer.status_code == 503
    assert "nelze jej obnovit" in answer.text.replace(NBSP, " ")
    assert (desk.data_dir / "documents.db").read_bytes() == content
    assert not desk.is_open
    assert document


def test_a_thread_that_still_holds_the_damaged_store_cannot_write_to_it(
    desk: Desk, client: FlaskClient, document: str
) -> None:
    old = desk.store
    client.post("/repairs")
    with pytest.raises(Exception, match="in use"):
        change(old, document, "n", 2)
    change(desk.store, document, "n", 3)
    assert desk.store.content(document).answers["n"] == 3


def test_the_schedule_makes_a_backup_when_one_is_due_and_only_then(desk: Desk) -> None:
    desk.care.back_up_if_due()
    first = desk.store.backups.newest
    assert first is not None
    desk.care.back_up_if_due()
    assert desk.store.backups.newest == first


def test_damage_that_the_daily_backup_meets_is_told(
    desk: Desk, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise DamagedStore(path=desk.data_dir / "documents.db")

    monkeypatch.setattr(desk.store.backups, "make", damaged)
    desk.care.back_up_if_due()
    assert "je poškozen" in client.get("/documents").text


def test_a_locked_desk_makes_no_backup_and_repairs_nothing(locked_desk: Desk, locked_client: FlaskClient) -> None:
    locked_desk.care.back_up_if_due()
    assert locked_client.post("/repairs").status_code == 401
    assert not (locked_desk.data_dir / "backups").exists()


def test_a_page_that_cannot_save_is_told_why_and_that_a_repair_helps(
    desk: Desk, client: FlaskClient, document: str
) -> None:
    _damage(desk)
    answer = client.post(f"/documents/{document}/sections/policyholder", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["SC-Damaged"]) == (503, "1")
    assert "Opravte" in unquote(answer.headers["SC-Why"])
    assert client.post("/repairs", headers={"HX-Request": "true"}).status_code == 204
    assert desk.store.content(document).answers["n"] == 1
