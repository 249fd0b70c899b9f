"""The switch: one choice for the whole interface, known before the desk is unlocked, kept over a restart."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from localapp.store.records import Keys
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from localapp.web.language import ChosenLanguage
from tests.conftest import client_of
from tests.connecting import Offline

PAGES = {
    "/documents": ("Zatím tu nejsou žádné dokumenty", "There are no documents yet"),
    "/settings": ("Jazyk, vzhled a klávesy", "Language, look and keys"),
    "/help": ("Jak napsat nabídku", "How to write an offer"),
    "/synchronization": ("Spustit synchronizaci", "Start synchronization"),
    "/conflicts": ("Žádné konflikty", "No conflicts"),
    "/no/such": ("Tato stránka neexistuje", "There is no such page"),
}


def language_of(client: FlaskClient, address: str) -> str:
    return client.get(address).text.split('<html lang="')[1][:2]


def test_nastaveni_changes_every_page_at_once_and_back(client: FlaskClient) -> None:
    for language, other, place in (("en", "cs", 1), ("cs", "en", 0)):
        client.post("/settings/look", data={"language": language})
        for address, said in PAGES.items():
            text = client.get(address).text.replace("\u00a0", " ")
            assert f'<html lang="{language}"' in text
            assert f'<html lang="{other}"' not in text
            assert said[place] in text
            assert said[1 - place] not in text


def test_what_a_page_writes_in_one_language_is_read_in_the_other(client: FlaskClient) -> None:
    offer = client.post("/documents", data={"kind": "offer"}).headers["Location"].split("?")[0]
    address, name = f"{offer}/sections/cover", "persons[p1].coverages[c1].sum_insured"
    written = {"cs": "1\u00a0500\u00a0000", "en": "1,500,000"}
    client.post(address, data={name: "1,5m"})
    for typed_in, shown_in in (("cs", "en"), ("en", "cs"), ("cs", "cs"), ("en", "en")):
        client.post("/language", data={"language": shown_in})
        client.post(address, data={name: written[typed_in]})
        page = client.get(address).text
        assert f'value="{written[shown_in]}"' in page
        assert 'aria-invalid="true"' not in page


def test_the_choice_survives_a_restart(client: FlaskClient, desk: Desk, guard: Guard, desk_keys: Keys) -> None:
    client.post("/settings/look", data={"language": "en"})
    desk.close()
    again = Desk(desk.data_dir, Offline())
    try:
        assert language_of(client_of(create_app(again, guard), guard), "/unlock/choose") == "en"
        again.unlock(desk_keys)
        assert language_of(client_of(create_app(again, guard), guard), "/settings") == "en"
    finally:
        again.close()


def test_a_locked_desk_can_be_read_in_english(locked_client: FlaskClient) -> None:
    assert "Zvolte heslo" in locked_client.get("/unlock/choose").text
    answer = locked_client.post("/language", data={"language": "en", "back": "/unlock/choose"})
    assert answer.headers["Location"] == "/unlock/choose"
    assert "Choose a passphrase" in locked_client.get("/unlock/choose").text
    assert 'lang="cs">Česky</button>' in locked_client.get("/unlock/choose").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil", "javascript:1", "", "/x\r\nY: 1", "unlock"]
)
def test_the_switch_leads_back_to_an_own_page_only(locked_client: FlaskClient, back: str) -> None:
    assert locked_client.post("/language", data={"language": "en", "back": back}).headers["Location"] == "/"


@pytest.mark.parametrize("language", ["de", "", "EN", "cs\n"])
def test_a_language_that_there_is_not_is_refused(locked_client: FlaskClient, language: str) -> None:
    assert locked_client.post("/language", data={"language": language}).status_code == 400


@pytest.mark.parametrize("content", [b"", b"de", b"\xff\xfe", b"x" * 9999])
def test_a_damaged_choice_is_czech(desk_dir: Path, content: bytes) -> None:
    (desk_dir / "language").write_bytes(content)
    assert ChosenLanguage(desk_dir).now == "cs"


def test_a_folder_that_cannot_be_written_to_keeps_the_choice_until_the_end(tmp_path: Path) -> None:
    chosen = ChosenLanguage(tmp_path / "missing")
    chosen.choose("en")
    assert (chosen.now, ChosenLanguage(tmp_path / "missing").now) == ("en", "cs")
