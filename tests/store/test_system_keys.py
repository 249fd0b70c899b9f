import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from localapp.store.key_failures import (
    ChangedKeyring,
    ForeignEntry,
    KeyringFailure,
    KeyringGone,
    LockedKeyring,
    MissingEntry,
    NoKeyring,
    SilentKeyring,
    UnsafeKeyring,
)
from localapp.store.records import Keys
from localapp.store.system_keys import SystemKeys
from tests.own_keyring import OwnKeyring, own_keyring

KEYS = Keys(bytes(range(32)), bytes(range(100, 132)))
SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
KWALLET = "keyring.backends.kwallet.DBusKeyring"

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"  # the library leaves its connection open when a keyring is locked
)


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnKeyring]:
    """A keyring that this process is led to."""
    with own_keyring(tmp_path / "login") as own:
        for name in set(os.environ) - set(own.environment):
            monkeypatch.delenv(name)
        for name, value in own.environment.items():
            monkeypatch.setenv(name, value)
        yield own


@pytest.fixture
def system(tmp_path: Path) -> SystemKeys:
    return SystemKeys(tmp_path / "desk")


def test_the_keys_are_kept_and_read_back(keyring: OwnKeyring, system: SystemKeys) -> None:
    keyring.start()
    assert system.probe() == SECRET_SERVICE
    assert system.keep("id", KEYS) == SECRET_SERVICE
    assert system.fetch("id", SECRET_SERVICE) == KEYS
    keyring.stop()
    keyring.start()
    assert system.fetch("id", SECRET_SERVICE) == KEYS


def test_what_is_forgotten_is_gone_and_forgetting_twice_does_no_harm(keyring: OwnKeyring, system: SystemKeys) -> None:
    keyring.start()
    system.keep("id", KEYS)
    system.keep("other id", KEYS)
    system.forget("id", SECRET_SERVICE)
    system.forget("id", SECRET_SERVICE)
    with pytest.raises(MissingEntry):
        system.fetch("id", SECRET_SERVICE)
    assert system.fetch("other id", SECRET_SERVICE) == KEYS


def test_two_data_folders_of_one_person_have_an_entry_each(keyring: OwnKeyring, tmp_path: Path) -> None:
    keyring.start()
    first, second = SystemKeys(tmp_path / "first"), SystemKeys(tmp_path / "second")
    other = Keys(KEYS.health, KEYS.database)
    first.keep("id", KEYS)
    second.keep("id", other)  # a copied folder: the keys have the same name
    assert first.fetch("id", SECRET_SERVICE) == KEYS
    assert second.fetch("id", SECRET_SERVICE) == other
    second.forget("id", SECRET_SERVICE)
    assert first.fetch("id", SECRET_SERVICE) == KEYS


def test_a_locked_keyring_is_called_locked(keyring: OwnKeyring, system: SystemKeys) -> None:
    keyring.start()
    system.keep("id", KEYS)
    keyring.lock()
    for ask in (system.probe, lambda: system.fetch("id", SECRET_SERVICE), lambda: system.keep("id", KEYS)):
        with pytest.raises(LockedKeyring):
            ask()


def test_a_log_in_whose_keyring_was_never_made_is_called_locked(keyring: OwnKeyring, system: SystemKeys) -> None:
    keyring.start(unlocked=False)
    with pytest.raises(LockedKeyring):
        system.probe()


def test_a_keyring_that_never_answers_is_left_after_its_limit(keyring: OwnKeyring, tmp_path: Path) -> None:
    keyring.hang()
    hasty = SystemKeys(tmp_path, seconds=0.2)
    for ask in (hasty.probe, lambda: hasty.fetch("id", SECRET_SERVICE)):
        with pytest.raises(SilentKeyring) as told:
            ask()
        assert "0.2" in told.value.text("en")


def test_an_entry_that_is_missing_is_told_from_one_that_holds_something_else(
    keyring: OwnKeyring, system: SystemKeys
) -> None:
    keyring.start()
    system.keep("id", KEYS)
    for nonsense in ("", "1:", "1:zz", "2:" + "00" * 64, "1:" + "00" * 63):
        keyring.overwrite(nonsense)
        with pytest.raises(ForeignEntry):
            system.fetch("id", SECRET_SERVICE)
    keyring.delete_all()
    with pytest.raises(MissingEntry):
        system.fetch("id", SECRET_SERVICE)


def test_without_a_keyring_there_is_none_and_one_that_held_the_keys_is_gone(
    keyring: OwnKeyring, system: SystemKeys
) -> None:
    assert keyring.address  # a bus without a keyring
    with pytest.raises(NoKeyring):
        system.probe()
    with pytest.raises(KeyringGone):
        system.fetch("id", SECRET_SERVICE)


def test_without_a_bus_there_is_no_keyring(
    keyring: OwnKeyring, system: SystemKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"{keyring.address}-that-nobody-serves")
    with pytest.raises(NoKeyring):
        system.probe()


def test_a_keyring_that_is_started_later_is_found_without_a_restart(keyring: OwnKeyring, system: SystemKeys) -> None:
    with pytest.raises(NoKeyring):
        system.probe()
    keyring.start()
    assert system.probe() == SECRET_SERVICE


def test_another_keyring_than_the_one_that_held_the_keys_is_called_changed(
    keyring: OwnKeyring, system: SystemKeys
) -> None:
    keyring.start()
    with pytest.raises(ChangedKeyring) as told:
        system.fetch("id", KWALLET)
    assert "KWallet" in told.value.text()
    assert "Secret Service" in told.value.text()


@pytest.mark.parametrize(
    ("backend", "failure"),
    [
        ("tests.store.plain_keyring.PlainKeyring", UnsafeKeyring),
        ("keyring.backends.fail.Keyring", NoKeyring),
        ("keyring.backends.null.Keyring", NoKeyring),
        ("no.such.Keyring", NoKeyring),
        ("keyring.backends.SecretService.NoSuchClass", NoKeyring),
    ],
)
def test_a_keyring_in_plain_text_or_none_is_never_used_even_if_it_is_set(
    keyring: OwnKeyring,
    system: SystemKeys,
    monkeypatch: pytest.MonkeyPatch,
    backend: str,
    failure: type[KeyringFailure],
) -> None:
    keyring.start()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    for ask in (system.probe, lambda: system.keep("id", KEYS)):
        with pytest.raises(failure):
            ask()
    assert keyring.entries() == {}


def test_a_key_file_cannot_name_a_module_to_be_loaded(system: SystemKeys) -> None:
    with pytest.raises(UnsafeKeyring):
        system.fetch("id", "tests.store.plain_keyring.PlainKeyring")


def test_the_entry_is_of_the_person_who_runs_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people with a folder of the same name: each asks an own bus and finds an own keyring."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    with own_keyring(tmp_path / "alena") as alena, own_keyring(tmp_path / "borek") as borek:
        for person, secret in ((alena, KEYS), (borek, Keys(KEYS.health, KEYS.database))):
            person.start()
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", person.address)
            SystemKeys(tmp_path / "desk").keep("id", secret)
        assert set(alena.entries()) == set(borek.entries())
        assert alena.entries() != borek.entries()
