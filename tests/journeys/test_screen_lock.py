"""Attack 45 against a real process: wrong PINs are remembered over kill -9 and over starts."""

from contextlib import closing
from pathlib import Path

import pytest

from localapp.app import demo_keys
from localapp.store.store import Store
from localapp.web.pin import MOST_WRONG
from tests.activating import put_activated_desk
from tests.asking import OverHttp
from tests.running import OFFLINE, started
from tests.web.test_pin import PIN, WRONG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An activated demonstration whose advisor has chosen a PIN."""
    put_activated_desk(tmp_path / "desk")
    with started(tmp_path / "desk", *OFFLINE) as running, closing(OverHttp(running)) as advisor:
        chosen = advisor.post("/settings/lock/pin", {"pin": PIN, "again": PIN}, fragments=False)
        assert chosen.location == "/settings?done=pin_chosen#lock"
        assert advisor.get("/documents").status == 200
    return tmp_path / "desk"


def test_45_three_wrong_pins_and_kill_9_still_cost_the_delay(folder: Path) -> None:
    with started(folder, *OFFLINE) as running, closing(OverHttp(running)) as thief:
        assert thief.get("/documents").location == "/lock"
        assert [thief.post("/lock", {"proof": WRONG}).status for _ in range(3)] == [422] * 3
        running.process.kill()
        running.process.wait(timeout=10)
    with started(folder, *OFFLINE) as running, closing(OverHttp(running)) as thief:
        assert thief.post("/lock", {"proof": PIN}).status == 429


def test_45_after_ten_wrong_pins_only_the_passphrase_unlocks_whatever_is_restarted(folder: Path) -> None:
    store = Store.open(folder / "documents.db", demo_keys(folder))
    store.set_setting("lock.wrong", str(MOST_WRONG))
    store.close()
    for _ in range(2):
        with started(folder, *OFFLINE) as running, closing(OverHttp(running)) as thief:
            refused = thief.post("/lock", {"proof": PIN})
            assert refused.status == 422
            assert "už se nepřijímá" in refused.text.replace("\u00a0", " ")
            assert thief.get("/documents").status == 303
    passphrase = (folder / "demo-passphrase").read_text().strip()
    with started(folder, *OFFLINE) as running, closing(OverHttp(running)) as advisor:
        assert advisor.post("/lock/passphrase", {"proof": passphrase}).status == 303
    with started(folder, *OFFLINE) as running, closing(OverHttp(running)) as advisor:
        assert advisor.post("/lock", {"proof": PIN}).location == "/documents"
