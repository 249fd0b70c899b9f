import re

from localapp.store import failures, key_failures
from tests.running import ROOT

TOLD_APART = (
    (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8").partition("## Troubles that are told apart")[2]
)


def named() -> set[str]:
    """The codes in the table of the threat model."""
    return set(re.findall(r"`((?:keys|keyring|store)\.[a-z_]+)`", TOLD_APART))


def test_the_threat_model_tells_every_trouble_of_a_keyring() -> None:
    assert {code for code in key_failures._TEXTS if code.startswith("keyring.")} <= named()


def test_the_threat_model_names_no_code_that_does_not_exist() -> None:
    assert named() <= key_failures._TEXTS.keys() | failures._TEXTS.keys() | {"keys.json"}


def test_every_failure_of_the_keys_has_its_own_code_and_sentence() -> None:
    kinds = [kind for kind in vars(key_failures).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    codes = [kind.code for kind in kinds if issubclass(kind, key_failures.KeyFailure) and "code" in vars(kind)]
    assert len(codes) == len(set(codes))
    known = {code for code in key_failures._TEXTS if not code.startswith("passphrase.")}
    assert set(codes) - {"keys.failure"} == known
