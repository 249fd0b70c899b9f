import json
import stat
import unicodedata
from pathlib import Path

import pytest

from localapp.store import recovery
from localapp.store.key_failures import (
    DamagedKeyFile,
    KeyFileExists,
    MistypedRecoveryCode,
    NoKeyFile,
    UnfitPassphrase,
    WrongPassphrase,
    WrongRecoveryCode,
)
from localapp.store.keys import KeyFile
from localapp.store.records import Keys
from localapp.store.wrapping import Hardness, check_passphrase

PASSPHRASE = "Tři lípy u mlýna"
CHEAP = Hardness(memory=8 * 1024, passes=1, lanes=1)


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.json", CHEAP)


def test_the_passphrase_gives_the_keys_back(key_file: KeyFile) -> None:
    keys, _ = key_file.create(PASSPHRASE)
    assert key_file.unlock(PASSPHRASE) == keys
    assert len(keys.database) == len(keys.health) == 32
    assert keys.database != keys.health


def test_the_recovery_code_gives_the_keys_back_however_it_is_typed(key_file: KeyFile) -> None:
    keys, code = key_file.create(PASSPHRASE)
    sloppy = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert key_file.unlock_with_recovery(code) == keys
    assert key_file.unlock_with_recovery(sloppy) == keys


def test_a_wrong_passphrase_is_told_from_a_damaged_file(key_file: KeyFile, tmp_path: Path) -> None:
    key_file.create(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        key_file.unlock("Tři lípy u mlýn")
    content = bytearray((tmp_path / "keys.json").read_bytes())
    for place in range(0, len(content), 40):
        damaged = bytearray(content)
        damaged[place] ^= 1
        (tmp_path / "keys.json").write_bytes(damaged)
        with pytest.raises(DamagedKeyFile):
            key_file.unlock(PASSPHRASE)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format": 1}', b'{"format": 2, "digest": ""}']
)
def test_what_is_no_key_file_is_called_damaged(key_file: KeyFile, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keys.json").write_bytes(content)
    with pytest.raises(DamagedKeyFile):
        key_file.unlock(PASSPHRASE)


def test_a_missing_key_file_is_called_missing(key_file: KeyFile) -> None:
    assert not key_file.exists
    with pytest.raises(NoKeyFile):
        key_file.unlock(PASSPHRASE)


def test_new_keys_never_replace_those_of_a_database(key_file: KeyFile) -> None:
    keys, _ = key_file.create(PASSPHRASE)
    with pytest.raises(KeyFileExists):
        key_file.create("Jiné heslo k datům")
    assert key_file.unlock(PASSPHRASE) == keys


def test_nothing_is_written_before_the_recovery_code_was_copied_out(key_file: KeyFile) -> None:
    prepared = key_file.prepare(PASSPHRASE)
    assert not key_file.exists
    key_file.write(prepared)
    assert key_file.unlock_with_recovery(prepared.recovery_code) == prepared.keys


def test_a_changed_passphrase_opens_and_the_old_one_does_not(key_file: KeyFile) -> None:
    keys, code = key_file.create(PASSPHRASE)
    key_file.change_passphrase(keys, "Nové heslo k datům")
    assert key_file.unlock("Nové heslo k datům") == keys
    assert key_file.unlock_with_recovery(code) == keys
    with pytest.raises(WrongPassphrase):
        key_file.unlock(PASSPHRASE)


def test_keys_of_another_desk_are_not_wrapped_into_this_file(key_file: KeyFile) -> None:
    key_file.create(PASSPHRASE)
    with pytest.raises(ValueError, match="another desk"):
        key_file.change_passphrase(Keys(b"a" * 32, b"b" * 32), "Nové heslo k datům")


def test_the_check_value_says_whether_a_key_is_right(key_file: KeyFile) -> None:
    keys, _ = key_file.create(PASSPHRASE)
    assert key_file.fits(keys)
    assert not key_file.fits(Keys(keys.database, b"x" * 32))
    assert not key_file.fits(Keys(b"x" * 32, keys.health))


def test_the_file_is_private_and_holds_no_key_in_the_open(key_file: KeyFile, tmp_path: Path) -> None:
    keys, code = key_file.create(PASSPHRASE)
    path = tmp_path / "keys.json"
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for secret in (keys.database.hex(), keys.health.hex(), PASSPHRASE, code, code.replace("-", "")):
        assert secret not in text
    assert [item.name for item in tmp_path.iterdir()] == ["keys.json"]


def test_the_keys_of_a_desk_cost_an_attacker_64_mib_a_guess(tmp_path: Path) -> None:
    KeyFile(tmp_path / "keys.json").create(PASSPHRASE)
    stored = json.loads((tmp_path / "keys.json").read_text())["passphrase"]
    assert (stored["memory"], stored["passes"], stored["lanes"]) == (65536, 3, 4)


def test_the_same_letters_composed_otherwise_are_the_same_passphrase(key_file: KeyFile) -> None:
    keys, _ = key_file.create(unicodedata.normalize("NFC", PASSPHRASE))
    assert key_file.unlock(unicodedata.normalize("NFD", PASSPHRASE)) == keys


@pytest.mark.parametrize(
    ("passphrase", "code", "named"),
    [
        ("", "passphrase.short", "délku 0"),
        ("Krátké ž", "passphrase.short", "délku 8"),
        ("abababababab", "passphrase.plain", "jen 2"),
        ("Dlouhé heslo " * 30, "passphrase.long", "nejvýše 256"),
    ],
)
def test_an_unfit_passphrase_is_refused_with_the_limit_and_the_remedy(passphrase: str, code: str, named: str) -> None:
    with pytest.raises(UnfitPassphrase) as refused:
        check_passphrase(passphrase)
    assert refused.value.code == code
    assert named in refused.value.text("cs")
    assert refused.value.text("en") != refused.value.text("cs")


def test_a_recovery_code_has_eight_groups_and_155_random_bits() -> None:
    codes = {recovery.new_code() for _ in range(50)}
    assert len(codes) == 50
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4] * 8
        assert not set(code) & set("ILOU")


def test_most_slips_of_the_pen_are_told_from_a_wrong_code(key_file: KeyFile) -> None:
    _, code = key_file.create(PASSPHRASE)
    for mistyped in (code[:-1], f"{code}A", "", code.replace(code[0], "U", 1), "…"):
        with pytest.raises(MistypedRecoveryCode):
            key_file.unlock_with_recovery(mistyped)
    with pytest.raises(WrongRecoveryCode):
        key_file.unlock_with_recovery(recovery.new_code())


def test_the_last_group_is_read_as_kindly_as_the_whole() -> None:
    assert recovery.last_group("AAAA-B0C1") == "B0C1"
    assert recovery.same_group(" bo cL", "B0C1")
    assert not recovery.same_group("B0C2", "B0C1")


def test_a_changed_file_cannot_make_a_guess_exhaust_the_memory(key_file: KeyFile) -> None:
    for cost in ((2**30, 3, 4), (65536, 10**6, 4), (65536, 3, 0), (1, 1, 1)):
        with pytest.raises(ValueError, match="range"):
            Hardness(*cost)
    assert key_file.create(PASSPHRASE)
