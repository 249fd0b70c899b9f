import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from localapp.store.keys import KeyFile
from localapp.web.desk import Desk

PASSPHRASE = "Tři lípy u mlýna"
OTHER = "Nové heslo k datům"


def recovery_code(page: str) -> str:
    shown = re.search(r'id="recovery-code">(.*?)</p>', page, re.DOTALL)
    assert shown
    return "".join(re.findall(r"[0-9A-Z-]+", re.sub("<[^>]+>", "", shown[1])))


def choose(client: FlaskClient, passphrase: str = PASSPHRASE) -> str:
    """Choose a passphrase as on a first start, up to the page with the recovery code."""
    answer = client.post("/unlock/choose", data={"passphrase": passphrase, "again": passphrase})
    assert answer.location == "/unlock/code"
    return recovery_code(client.get("/unlock/code").text)


def first_start(client: FlaskClient) -> str:
    code = choose(client)
    assert client.post("/unlock/code", data={"last_group": code[-4:]}).location == "/documents"
    return code


def test_the_first_start_leads_from_the_passphrase_through_the_recovery_code_to_the_documents(
    locked_client: FlaskClient, locked_desk: Desk
) -> None:
    assert locked_client.get("/documents").location == "/unlock"
    assert locked_client.get("/unlock").location == "/unlock/choose"
    first_start(locked_client)
    assert locked_desk.is_open
    assert locked_client.get("/unlock").location == "/documents"
    assert KeyFile(locked_desk.data_dir / "keys.json").unlock(PASSPHRASE)


def test_until_the_code_is_copied_out_nothing_is_written_and_it_may_be_seen_again(
    locked_client: FlaskClient, locked_desk: Desk
) -> None:
    code = choose(locked_client)
    wrong = locked_client.post("/unlock/code", data={"last_group": "0000" if code[-4:] != "0000" else "1111"})
    assert wrong.status_code == 422
    assert "To není poslední skupina" in wrong.text
    assert recovery_code(locked_client.get("/unlock/code").text) == code
    assert not (locked_desk.data_dir / "keys.json").exists()
    assert not locked_desk.is_open


def test_the_recovery_code_is_shown_only_once(locked_client: FlaskClient) -> None:
    code = first_start(locked_client)
    answer = locked_client.get("/unlock/code")
    assert answer.status_code == 303
    assert code not in answer.text


@pytest.mark.parametrize(
    ("passphrase", "again", "reason"),
    [
        (PASSPHRASE, OTHER, "Hesla se liší"),
        ("krátké", "krátké", "potřebuje aspoň 10"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "Různých znaků"),
        ("", "", "má délku 0"),
    ],
)
def test_an_unfit_passphrase_is_refused_with_its_reason_at_the_field(
    locked_client: FlaskClient, passphrase: str, again: str, reason: str
) -> None:
    answer = locked_client.post("/unlock/choose", data={"passphrase": passphrase, "again": again})
    assert answer.status_code == 422
    assert answer.text.count(reason) == 2  # in the summary, and at the field
    assert 'aria-invalid="true"' in answer.text
    assert "<title>Chyba:" in answer.text
    if passphrase:
        assert passphrase not in answer.text


@pytest.fixture
def chosen(locked_desk: Desk) -> str:
    """A desk of an earlier start; its recovery code."""
    return KeyFile(locked_desk.data_dir / "keys.json").create(PASSPHRASE)[1]


def test_a_later_start_asks_for_the_passphrase(locked_client: FlaskClient, locked_desk: Desk, chosen: str) -> None:
    assert chosen
    assert locked_client.get("/unlock/choose").location == "/unlock"
    page = locked_client.get("/unlock").text
    assert 'autocomplete="current-password"' in page
    assert "Použít obnovovací kód" in page
    assert locked_client.post("/unlock", data={"passphrase": PASSPHRASE}).location == "/documents"
    assert locked_desk.is_open


def test_a_wrong_passphrase_opens_nothing_and_says_what_to_check(
    locked_client: FlaskClient, locked_desk: Desk, chosen: str
) -> None:
    assert chosen
    answer = locked_client.post("/unlock", data={"passphrase": OTHER})
    assert answer.status_code == 422
    assert "Caps Lock" in answer.text
    assert not locked_desk.is_open


def test_after_wrong_passphrases_even_the_right_one_has_to_wait(
    locked_client: FlaskClient, locked_desk: Desk, chosen: str
) -> None:
    for _ in range(5):
        answer = locked_client.post("/unlock", data={"passphrase": OTHER})
    answer = locked_client.post("/unlock", data={"passphrase": PASSPHRASE})
    assert answer.status_code == 429
    assert "Další zkuste za" in answer.text
    assert not locked_desk.is_open
    recovered = {"code": chosen, "passphrase": OTHER, "again": OTHER}
    assert locked_client.post("/unlock/recover", data=recovered).location == "/documents"


def test_the_recovery_code_opens_the_desk_and_sets_a_new_passphrase(
    locked_client: FlaskClient, locked_desk: Desk, chosen: str
) -> None:
    given = {"code": chosen.lower(), "passphrase": OTHER, "again": OTHER}
    assert locked_client.post("/unlock/recover", data=given).location == "/documents"
    assert locked_desk.is_open
    assert KeyFile(locked_desk.data_dir / "keys.json").unlock(OTHER)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "0000-1111"}, "překlep"),
        ({"code": "0Z0Z-" * 8}, "překlep"),
        ({"again": "něco jiného"}, "Hesla se liší"),
        ({"passphrase": "krátké", "again": "krátké"}, "potřebuje aspoň 10"),
    ],
)
def test_a_recovery_that_cannot_be_says_why_and_changes_nothing(
    locked_client: FlaskClient, locked_desk: Desk, chosen: str, change: dict[str, str], reason: str
) -> None:
    given = {"code": chosen, "passphrase": OTHER, "again": OTHER, **change}
    answer = locked_client.post("/unlock/recover", data=given)
    assert answer.status_code == 422
    assert reason in answer.text
    assert not locked_desk.is_open
    assert KeyFile(locked_desk.data_dir / "keys.json").unlock(PASSPHRASE)


def test_a_damaged_key_file_is_named_so_that_nobody_doubts_the_passphrase(
    locked_client: FlaskClient, locked_desk: Desk, chosen: str
) -> None:
    assert chosen
    path: Path = locked_desk.data_dir / "keys.json"
    path.write_text(path.read_text().replace('"memory": 65536', '"memory": 65537'))
    answer = locked_client.post("/unlock", data={"passphrase": PASSPHRASE})
    assert answer.status_code == 422
    assert "Soubor s klíči" in answer.text.replace("\u00a0", " ")
    assert "je poškozen" in answer.text


def test_a_damaged_database_is_told_from_a_wrong_passphrase(
    locked_client: FlaskClient, locked_desk: Desk, chosen: str
) -> None:
    assert chosen
    (locked_desk.data_dir / "documents.db").write_bytes(b"damaged" * 2000)
    answer = locked_client.post("/unlock", data={"passphrase": PASSPHRASE})
    assert answer.status_code == 422
    assert "Soubor s dokumenty" in answer.text.replace("\u00a0", " ")
    assert "je poškozen" in answer.text
    assert not locked_desk.is_open


def test_lost_keys_are_not_replaced_by_new_ones(locked_client: FlaskClient, locked_desk: Desk) -> None:
    (locked_desk.data_dir / "documents.db").write_bytes(b"an earlier database")
    answer = locked_client.post("/unlock/choose", data={"passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert "chybí soubor keys.json" in answer.text
    assert not (locked_desk.data_dir / "keys.json").exists()


def test_while_locked_nothing_but_unlocking_is_served(locked_client: FlaskClient) -> None:
    app = locked_client.application
    for rule in app.url_map.iter_rules():
        if rule.endpoint in {"static", "language.choose"} or rule.endpoint.startswith("unlocking."):
            continue
        address = re.sub(r"<[^>]*>", "1", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS"}:
            answer = locked_client.open(address, method=method)
            assert (answer.status_code, answer.location) in {(303, "/unlock"), (401, None)}, address
    assert locked_client.get("/no/such/page").location == "/unlock"


def test_a_fragment_that_is_asked_for_while_locked_leads_the_page_to_unlocking(locked_client: FlaskClient) -> None:
    answer = locked_client.get("/documents", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/unlock"
