import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from localapp.store.failures import StoreBusy
from localapp.store.key_failures import WrongPassphrase, WrongRecoveryCode
from localapp.store.keys import KeyFile
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from tests.conftest import client_of
from tests.connecting import Offline
from tests.store.made_up import enrolled, new_offer
from tests.store.rotating import CHEAP

PASSPHRASE, OTHER = "Tři lípy u mlýna", "Nové heslo k datům"


@pytest.fixture
def own_desk(desk_dir: Path) -> Iterator[Desk]:
    """Alena's desk with a passphrase, open, with one document."""
    desk = Desk(desk_dir, Offline())
    keys, _ = KeyFile(desk_dir / "keys.json", CHEAP).create(PASSPHRASE)
    desk.keyholder.open_with(keys)
    enrolled(desk.store)
    desk.store.create_document(new_offer())
    yield desk
    desk.close()


@pytest.fixture
def window(own_desk: Desk, guard: Guard) -> FlaskClient:
    return client_of(create_app(own_desk, guard), guard)


@pytest.fixture
def key_file(own_desk: Desk) -> KeyFile:
    return own_desk.keyholder.key_file


def read(window: FlaskClient) -> str:
    return window.get("/settings").text.replace("\u00a0", " ")


def code_on(page: str) -> str:
    shown = re.search(r'id="recovery-code">(.*?)</p>', page, re.DOTALL)
    assert shown
    return "".join(re.findall(r"[0-9A-Z-]+", re.sub("<[^>]+>", "", shown[1])))


def test_the_section_says_what_protects_the_keys(window: FlaskClient) -> None:
    page = read(window)
    assert "Klíče chrání vaše heslo" in page
    assert "Uložit klíče do klíčenky systému" in page


def test_the_passphrase_is_changed_for_who_knows_the_present_one(window: FlaskClient, key_file: KeyFile) -> None:
    form = {"keys_present": PASSPHRASE, "keys_passphrase": OTHER, "keys_again": OTHER}
    answer = window.post("/settings/keys/passphrase", data=form)
    assert answer.location == "/settings?done=passphrase_chosen#keys"
    assert "Nové heslo platí" in window.get(answer.location).text.replace("\u00a0", " ")
    assert key_file.unlock(OTHER)
    with pytest.raises(WrongPassphrase):
        key_file.unlock(PASSPHRASE)


def test_the_recovery_code_proves_as_well(own_desk: Desk, window: FlaskClient, key_file: KeyFile) -> None:
    own_desk.keyholder.prepare_code()
    assert own_desk.keyholder.change
    code = own_desk.keyholder.change.code
    window.post("/settings/keys/confirmation", data={"last_group": code[-4:]})
    form = {"keys_present": code.lower(), "keys_passphrase": OTHER, "keys_again": OTHER}
    assert window.post("/settings/keys/passphrase", data=form).status_code == 303
    assert key_file.unlock(OTHER)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"keys_present": OTHER}, "Heslo nesouhlasí"),
        ({"keys_present": ""}, "Heslo nesouhlasí"),
        ({"keys_again": PASSPHRASE}, "Hesla se liší"),
        ({"keys_passphrase": "krátké", "keys_again": "krátké"}, "potřebuje aspoň 10"),
    ],
)
def test_a_refused_change_says_why_at_its_field_and_changes_nothing(
    window: FlaskClient, key_file: KeyFile, change: dict[str, str], sentence: str
) -> None:
    form = {"keys_present": PASSPHRASE, "keys_passphrase": OTHER, "keys_again": OTHER, **change}
    answer = window.post("/settings/keys/passphrase", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\u00a0", " ")
    assert 'aria-invalid="true"' in answer.text
    assert key_file.unlock(PASSPHRASE)


def test_wrong_proofs_make_unlocking_wait_too(window: FlaskClient, own_desk: Desk) -> None:
    for address in ("passphrase", "code", "rotation"):
        form = {f"keys_present_{address}": OTHER, "keys_present": OTHER}
        form |= {"keys_passphrase": OTHER, "keys_again": OTHER}
        window.post(f"/settings/keys/{address}", data=form)
    answer = window.post("/settings/keys/code", data={"keys_present_code": PASSPHRASE})
    assert answer.status_code == 422
    assert "Další" in answer.text
    assert own_desk.keyholder.patience.remaining()


def test_a_new_recovery_code_is_valid_once_its_last_group_was_typed(
    window: FlaskClient, key_file: KeyFile, own_desk: Desk
) -> None:
    before = own_desk.keyholder.key_file.path.read_bytes()
    assert window.post("/settings/keys/code", data={"keys_present_code": PASSPHRASE}).status_code == 303
    code = code_on(window.get("/settings/keys/confirmation").text)
    wrong = window.post("/settings/keys/confirmation", data={"last_group": "0000" if code[-4:] != "0000" else "1111"})
    assert wrong.status_code == 422
    assert key_file.path.read_bytes() == before
    done = window.post("/settings/keys/confirmation", data={"last_group": code[-4:].lower()})
    assert done.location == "/settings?done=code_changed#keys"
    assert key_file.unlock_with_recovery(code) == key_file.unlock(PASSPHRASE)
    assert code not in window.get("/settings/keys/confirmation").text


def test_the_keys_are_changed_and_the_desk_goes_on(window: FlaskClient, key_file: KeyFile, own_desk: Desk) -> None:
    old, document = own_desk.keyholder.keys, own_desk.store.page(shelf=None, kind=None, before=None).rows[0].id
    stale = own_desk.store
    window.post("/settings/keys/rotation", data={"keys_present_rotation": PASSPHRASE})
    page = window.get("/settings/keys/confirmation").text.replace("\u00a0", " ")
    assert "Klíče se vymění, až kód potvrdíte" in page
    assert own_desk.keyholder.keys == old
    done = window.post("/settings/keys/confirmation", data={"last_group": code_on(page)[-4:]})
    assert done.location == "/settings?done=keys_changed#keys"
    assert own_desk.keyholder.keys != old
    assert key_file.unlock(PASSPHRASE) == own_desk.keyholder.keys
    assert key_file.unlock_with_recovery(code_on(page)) == own_desk.keyholder.keys
    assert own_desk.store.content(document).health == {"weight": 80}
    assert "Novák" in window.get("/documents").text
    with pytest.raises(StoreBusy):  # not "damaged": it is whole, under other keys
        stale.content(document)
    assert "Platí nový obnovovací kód" in window.get(done.location).text.replace("\u00a0", " ")


def test_a_second_change_of_keys_after_the_first_voids_the_codes_before(window: FlaskClient, key_file: KeyFile) -> None:
    codes = []
    for _ in range(2):
        window.post("/settings/keys/rotation", data={"keys_present_rotation": PASSPHRASE})
        codes.append(code_on(window.get("/settings/keys/confirmation").text))
        window.post("/settings/keys/confirmation", data={"last_group": codes[-1][-4:]})
    assert key_file.unlock_with_recovery(codes[1])
    with pytest.raises(WrongRecoveryCode):
        key_file.unlock_with_recovery(codes[0])


def test_without_a_keyring_putting_the_keys_there_says_why_not(window: FlaskClient, key_file: KeyFile) -> None:
    answer = window.post("/settings/keys/keyring", data={"keys_present_keyring": PASSPHRASE, "alone": "1"})
    assert answer.status_code == 422
    assert "není bezpečná klíčenka" in answer.text.replace("\u00a0", " ")
    assert key_file.unlock(PASSPHRASE)


def test_while_keys_are_changed_pages_wait_and_come_back_by_themselves(window: FlaskClient, own_desk: Desk) -> None:
    store, own_desk._store, own_desk.is_changing_keys = own_desk._store, None, True
    try:
        page = window.get("/unlock").text
    finally:
        own_desk._store, own_desk.is_changing_keys = store, False
    assert "Vyměňují se klíče" in page
    assert 'http-equiv="refresh"' in page


def test_a_demonstration_shows_no_forms_and_takes_none(client: FlaskClient) -> None:
    assert "Ukázka má heslo uložené vedle svých dat" in read(client)
    assert "/settings/keys/" not in client.get("/settings").text
    for address in ("passphrase", "keyring", "code", "rotation"):
        assert client.post(f"/settings/keys/{address}").status_code == 400
