"""A real desk in a process of its own, and a real GNOME Keyring."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.opened_by_keyring import activate, desk, first_start, is_open, read, recovery_code, send
from tests.own_keyring import OwnKeyring, own_keyring

pytestmark = pytest.mark.slow

PASSPHRASE = "Tři lípy u mlýna"
SECRET_SERVICE = "keyring.backends.SecretService.Keyring"


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[OwnKeyring]:
    with own_keyring(tmp_path / "login") as own:
        yield own


def test_the_first_start_puts_the_keys_into_the_keyring_and_later_ones_open_without_a_question(
    tmp_path: Path, keyring: OwnKeyring
) -> None:
    keyring.start()
    first_start(tmp_path / "desk", keyring)
    assert len(keyring.entries()) == 1
    content = (tmp_path / "desk" / "keys.json").read_text()
    assert json.loads(content)["keyring"] == SECRET_SERVICE
    assert json.loads(content)["passphrase"] is None
    for secret in keyring.entries().values():
        assert secret[2:66] not in content
        assert secret[66:] not in content
    for _ in range(2):
        with desk(tmp_path / "desk", keyring) as asking:
            assert is_open(asking)
        keyring.stop()
        keyring.start()


def test_a_second_data_folder_has_keys_of_its_own(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    first_start(tmp_path / "first", keyring)
    first_start(tmp_path / "second", keyring)
    assert len(keyring.entries()) == len(set(keyring.entries().values())) == 2
    for name in ("first", "second"):
        with desk(tmp_path / name, keyring) as asking:
            assert is_open(asking)


def test_who_prefers_a_passphrase_may_choose_one(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    with desk(tmp_path / "desk", keyring) as asking:
        assert "Zvolte heslo" in asking.get("/unlock/passphrase").text
        send(asking, "/unlock/choose", passphrase=PASSPHRASE, again=PASSPHRASE)
        send(asking, "/unlock/code", last_group=recovery_code(asking.get("/unlock/code"))[-4:])
        assert is_open(asking)
    assert keyring.entries() == {}
    with desk(tmp_path / "desk", keyring) as asking:
        assert not is_open(asking)
        assert send(asking, "/unlock", passphrase=PASSPHRASE).location == "/documents"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("none", "není bezpečná klíčenka"), ("locked", "je zamčená"), ("hanging", "neodpověděla do 5 s")],
)
def test_a_first_start_without_a_keyring_says_why_it_asks_for_a_passphrase(
    tmp_path: Path, keyring: OwnKeyring, state: str, sentence: str
) -> None:
    if state == "locked":
        keyring.start(unlocked=False)
    elif state == "hanging":
        keyring.hang()
    with desk(tmp_path / "desk", keyring) as asking:
        page = read(asking, "/unlock/choose")
        assert "Zvolte heslo" in page
        assert sentence in page
        assert send(asking, "/unlock/choose", way="keyring").status == 422
        send(asking, "/unlock/choose", passphrase=PASSPHRASE, again=PASSPHRASE)
        send(asking, "/unlock/code", last_group=recovery_code(asking.get("/unlock/code"))[-4:])
        assert is_open(asking)


@pytest.mark.parametrize(
    ("trouble", "sentence", "comes_back"),
    [
        ("locked", "je zamčená", False),
        ("hanging", "neodpověděla do 5 s", False),
        ("gone", "není dostupná", False),
        ("deleted", "klíče k těmto dokumentům nejsou", True),
        ("overwritten", "nejsou klíče k těmto dokumentům", True),
        ("of another desk", "nejsou klíče k těmto dokumentům", True),
        ("changed", "systém teď ale používá", True),
    ],
)
def test_a_keyring_that_does_not_give_the_keys_is_named_and_the_recovery_code_opens(
    tmp_path: Path, keyring: OwnKeyring, trouble: str, sentence: str, *, comes_back: bool
) -> None:
    keyring.start()
    folder = tmp_path / "desk"
    code = first_start(folder, keyring)
    bring_about(trouble, folder, keyring)
    with desk(folder, keyring) as asking:
        page = read(asking, "/unlock")
        assert sentence in page
        assert ("Uložit klíče znovu do klíčenky" in page) == comes_back
        wrong = send(asking, "/unlock/recover", code=code[:-1])
        assert wrong.status == 422
        assert not is_open(asking)
        more = {"passphrase": PASSPHRASE, "again": PASSPHRASE} if trouble == "gone" else {}
        assert send(asking, "/unlock/recover", code=code, put_back="1", **more).location == "/documents"
        assert is_open(asking)
    if comes_back:
        with desk(folder, keyring) as asking:
            assert is_open(asking)


def bring_about(trouble: str, folder: Path, keyring: OwnKeyring) -> None:
    if trouble == "locked":
        keyring.lock()
    elif trouble == "hanging":
        keyring.hang()
    elif trouble == "gone":
        keyring.stop()
    elif trouble == "deleted":
        keyring.delete_all()
    elif trouble == "overwritten":
        keyring.overwrite("something else")
    elif trouble == "of another desk":
        keyring.overwrite("1:" + "ab" * 64)
    else:
        say_that_another_keyring_holds_the_keys(folder / "keys.json")


def say_that_another_keyring_holds_the_keys(path: Path) -> None:
    from localapp.store import keys  # noqa: PLC0415 - only here

    document = json.loads(path.read_text())
    del document["digest"]
    path.write_bytes(keys._with_digest({**document, "keyring": "keyring.backends.kwallet.DBusKeyring"}))


def test_a_keyring_that_was_locked_is_asked_again_when_told(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    first_start(tmp_path / "desk", keyring)
    keyring.lock()
    with desk(tmp_path / "desk", keyring) as asking:
        assert not is_open(asking)
        assert "Zkusit klíčenku znovu" in read(asking, "/unlock")
        keyring.stop()
        keyring.start()
        assert send(asking, "/unlock/keyring").status == 303
        assert is_open(asking)


def test_a_damaged_database_is_not_blamed_on_the_keyring(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    first_start(tmp_path / "desk", keyring)
    database = tmp_path / "desk" / "documents.db"
    database.write_bytes(b"damaged" * 2000)
    for helps in ("backups", "changes"):
        shutil.rmtree(tmp_path / "desk" / helps, ignore_errors=True)
    with desk(tmp_path / "desk", keyring) as asking:
        page = read(asking, "/unlock")
        assert "Soubor s" in page
        assert "je poškozen" in page
        assert not is_open(asking)
    assert database.read_bytes() == b"damaged" * 2000


def test_a_damaged_key_file_is_not_blamed_on_the_keyring(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    first_start(tmp_path / "desk", keyring)
    path = tmp_path / "desk" / "keys.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 7'))
    with desk(tmp_path / "desk", keyring) as asking:
        assert "Soubor s klíči" in read(asking, "/unlock")
        assert not is_open(asking)
    assert len(keyring.entries()) == 1


def test_keys_are_changed_in_the_keyring_too_and_the_former_entry_is_gone(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    folder = tmp_path / "desk"
    first_start(folder, keyring)
    activate(folder, keyring)
    before = keyring.entries()
    with desk(folder, keyring) as asking:
        assert send(asking, "/settings/keys/rotation").location == "/settings/keys/confirmation"
        code = recovery_code(asking.get("/settings/keys/confirmation"))
        assert send(asking, "/settings/keys/confirmation", last_group=code[-4:]).status == 303
        assert is_open(asking)
    after = keyring.entries()
    assert len(after) == 1
    assert not set(after) & set(before)
    assert not set(after.values()) & set(before.values())
    with desk(folder, keyring) as asking:
        assert is_open(asking)
    keyring.delete_all()
    with desk(folder, keyring) as asking:
        assert send(asking, "/unlock/recover", code=code).location == "/documents"


def test_a_keyring_that_refuses_leaves_the_keys_as_they_were(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    folder = tmp_path / "desk"
    code = first_start(folder, keyring)
    activate(folder, keyring)
    before = (folder / "keys.json").read_bytes()
    with desk(folder, keyring) as asking:
        send(asking, "/settings/keys/rotation")
        new = recovery_code(asking.get("/settings/keys/confirmation"))
        keyring.lock()
        refused = send(asking, "/settings/keys/confirmation", last_group=new[-4:])
        assert refused.status == 422
        assert "je zamčená" in refused.text.replace("\u00a0", " ")
        assert is_open(asking)
    assert (folder / "keys.json").read_bytes() == before
    assert not (folder / "keys.next.json").exists()
    with desk(folder, keyring) as asking:
        assert send(asking, "/unlock/recover", code=code).location == "/documents"


def test_from_the_keyring_to_a_passphrase_and_back(tmp_path: Path, keyring: OwnKeyring) -> None:
    keyring.start()
    folder = tmp_path / "desk"
    first_start(folder, keyring)
    activate(folder, keyring)
    with desk(folder, keyring) as asking:
        chosen = {"keys_passphrase": PASSPHRASE, "keys_again": PASSPHRASE, "alone": "1"}
        assert send(asking, "/settings/keys/passphrase", **chosen).status == 303
    assert keyring.entries() == {}
    with desk(folder, keyring) as asking:
        assert not is_open(asking)
        send(asking, "/unlock", passphrase=PASSPHRASE)
        assert send(asking, "/settings/keys/keyring", keys_present_keyring=PASSPHRASE, alone="1").status == 303
    assert len(keyring.entries()) == 1
    assert json.loads((folder / "keys.json").read_text())["passphrase"] is None
    with desk(folder, keyring) as asking:
        assert is_open(asking)
