"""Nastavení → Zámek obrazovky and the lock page, as the advisor uses them."""

import pytest
from flask.testing import FlaskClient

from localapp.store.keys import KeyFile
from localapp.store.records import Keys
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from tests.conftest import client_of
from tests.store.made_up import enrolled
from tests.store.rotating import CHEAP
from tests.web.test_pin import PIN, WRONG

OTHER = "840275"
PASSPHRASE = "Tři lípy u mlýna"


@pytest.fixture
def protected(client: FlaskClient) -> FlaskClient:
    """The advisor's window, after a PIN was chosen in Nastavení."""
    chosen = client.post("/settings/lock/pin", data={"pin": PIN, "again": PIN})
    assert chosen.location == "/settings?done=pin_chosen#lock"
    return client


def test_a_pin_is_suggested_once_and_not_forced(client: FlaskClient) -> None:
    assert "zvolte si PIN" in client.get("/documents").text
    assert client.post("/settings/lock/suggestion").location == "/documents"
    assert "zvolte si PIN" not in client.get("/documents").text


def test_without_a_pin_there_is_nothing_to_lock_with(client: FlaskClient) -> None:
    assert 'id="lock-now"' not in client.get("/documents").text
    assert client.post("/lock/now").location == "/settings#lock"
    assert client.get("/documents").status_code == 200


def test_with_a_pin_every_page_has_the_button_that_locks(protected: FlaskClient) -> None:
    assert "zvolte si PIN" not in protected.get("/documents").text
    assert 'id="lock-now"' in protected.get("/help").text
    assert "PIN je uložen" in protected.get("/settings?done=pin_chosen").text


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("12345", "", "PIN má 6 až 12 číslic"),
        ("123456", "", "by někdo brzy uhodl"),
        ("240385", "", "vypadá jako datum"),
        (PIN, OTHER, "PINy se liší"),
    ],
)
def test_an_unfit_pin_is_refused_with_its_reason(client: FlaskClient, pin: str, again: str, sentence: str) -> None:
    answer = client.post("/settings/lock/pin", data={"pin": pin, "again": again or pin})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\u00a0", " ")
    assert f'value="{pin}"' not in answer.text


def test_to_change_the_pin_one_has_to_know_it(protected: FlaskClient, desk: Desk) -> None:
    refused = protected.post("/settings/lock/pin", data={"pin": OTHER, "again": OTHER, "present": WRONG})
    assert refused.status_code == 422
    assert "Tento PIN nesouhlasí" in refused.text
    changed = protected.post("/settings/lock/pin", data={"pin": OTHER, "again": OTHER, "present": PIN})
    assert changed.location == "/settings?done=pin_chosen#lock"
    desk.screen_lock.pin.check(OTHER)


def test_to_remove_the_pin_one_has_to_know_it(protected: FlaskClient, desk: Desk) -> None:
    refused = protected.post("/settings/lock/removal", data={"present_removal": WRONG})
    assert refused.status_code == 422
    assert desk.screen_lock.pin.is_set
    assert protected.post("/settings/lock/removal", data={"present_removal": PIN}).status_code == 303
    assert not desk.screen_lock.pin.is_set


def test_whoever_forgot_the_pin_changes_it_with_the_passphrase(protected: FlaskClient, desk: Desk) -> None:
    KeyFile(desk.data_dir / "keys.json", CHEAP).create(PASSPHRASE)
    wrong = protected.post("/settings/lock/removal", data={"present_removal": "Jiné heslo než to"})
    assert wrong.status_code == 422
    right = protected.post("/settings/lock/pin", data={"pin": OTHER, "again": OTHER, "present": PASSPHRASE})
    assert right.status_code == 303
    desk.screen_lock.pin.check(OTHER)


def test_where_there_is_no_passphrase_the_recovery_code_does(protected: FlaskClient, desk: Desk) -> None:
    file = KeyFile(desk.data_dir / "keys.json")
    prepared = file.prepare(None, "a keyring")
    file.write(prepared)
    assert "Současný PIN nebo obnovovací kód" in protected.get("/settings").text.replace("\u00a0", " ")
    protected.post("/lock/now")
    assert "Použít heslo" not in protected.get("/lock").text
    assert protected.post("/lock/code", data={"proof": WRONG}).status_code == 422
    assert protected.post("/lock/code", data={"proof": prepared.recovery_code}).location == "/documents"
    given = {"present_removal": prepared.recovery_code}
    assert protected.post("/settings/lock/removal", data=given).status_code == 303
    assert not desk.screen_lock.pin.is_set


def test_wrong_passphrases_at_the_lock_page_cost_the_growing_delay(protected: FlaskClient, desk: Desk) -> None:
    KeyFile(desk.data_dir / "keys.json", CHEAP).create(PASSPHRASE)
    protected.post("/lock/now")
    for _ in range(3):
        assert protected.post("/lock/passphrase", data={"proof": "Jiné heslo než to"}).status_code == 422
    assert protected.post("/lock/passphrase", data={"proof": PASSPHRASE}).status_code == 429


def test_the_idle_time_is_one_of_the_offered(protected: FlaskClient, desk: Desk) -> None:
    assert protected.post("/settings/lock/idle", data={"minutes": "2"}).status_code == 303
    assert desk.screen_lock.idle_minutes == 2
    for odd in ("", "3", "-1", "1e9", "dvě"):
        assert protected.post("/settings/lock/idle", data={"minutes": odd}).status_code == 400
    assert desk.screen_lock.idle_minutes == 2


def test_the_lock_page_tells_since_when_and_why(protected: FlaskClient) -> None:
    protected.post("/lock/now")
    assert "Zamčeno na pokyn, dnes" in protected.get("/lock").text.replace("\u00a0", " ")


def test_an_unlocked_session_is_led_on_from_the_lock_page(protected: FlaskClient) -> None:
    assert protected.get("/lock?back=/help").location == "/help"
    assert protected.post("/lock", data={"proof": WRONG, "back": "/help"}).location == "/help"


def test_whoever_opens_the_desk_with_the_passphrase_is_not_asked_for_the_pin_but_others_are(
    locked_desk: Desk, guard: Guard
) -> None:
    keys = KeyFile(locked_desk.data_dir / "keys.json", CHEAP).create(PASSPHRASE)[0]
    put_pin(locked_desk, keys)
    app = create_app(locked_desk, guard)
    window, other = client_of(app, guard), client_of(app, guard)
    assert other.get("/unlock").status_code == 200
    assert window.post("/unlock", data={"passphrase": PASSPHRASE}).location == "/documents"
    assert window.get("/documents").status_code == 200
    assert other.get("/documents").status_code == 303


def test_a_desk_that_opened_by_itself_asks_for_the_pin(locked_desk: Desk, guard: Guard, desk_keys: Keys) -> None:
    put_pin(locked_desk, desk_keys)
    locked_desk.unlock(desk_keys)
    window = client_of(create_app(locked_desk, guard), guard)
    assert window.get("/documents").location == "/lock"
    assert window.post("/unlock", data={"passphrase": PASSPHRASE}).location == "/lock"
    assert "Zamčeno od spuštění" in window.get("/lock").text.replace("\u00a0", " ")
    window.post("/lock", data={"proof": PIN})
    assert window.get("/documents").status_code == 200


def test_the_screen_locks_in_the_middle_of_a_new_activation_too(protected: FlaskClient) -> None:
    step = protected.post("/activation/restarts").location
    assert protected.get(step).status_code == 200
    assert protected.get("/lock/state").json == {"locked": False, "watch": True}
    assert protected.post("/lock/activity").status_code == 204
    protected.post("/lock/now")
    assert protected.get(step).location == f"/lock?back={step}"
    assert protected.get(f"/lock?back={step}").status_code == 200
    assert protected.post("/lock", data={"proof": PIN, "back": step}).location == step
    assert protected.get(step).status_code == 200


def test_a_change_of_keys_leaves_pin_and_session_as_they_are(
    locked_desk: Desk, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeyFile(locked_desk.data_dir / "keys.json", CHEAP).create(PASSPHRASE)[0]
    put_pin(locked_desk, keys)
    window = client_of(create_app(locked_desk, guard), guard)
    window.post("/unlock", data={"passphrase": PASSPHRASE})
    former = locked_desk.store
    monkeypatch.setattr(locked_desk, "_store", None)  # as for a moment in the middle of it
    assert window.get("/documents").location == "/unlock"
    monkeypatch.setattr(locked_desk, "_store", former)
    assert window.get("/documents").status_code == 200


def put_pin(desk: Desk, keys: Keys) -> None:
    """A PIN that was chosen in an earlier run."""
    earlier = Desk(desk.data_dir, desk.connection, demo=True)
    earlier.unlock(keys)
    enrolled(earlier.store)
    earlier.screen_lock.pin.choose(PIN)
    earlier.close()
