"""Attacks 16, 17 and 45: what a locked session gets, what unlocks it, and what does not keep the screen awake."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from localapp import paths
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from localapp.web.locking import OPEN_TO_LOCKED_SCREEN, POLLS
from localapp.web.screen_lock import DEFAULT_IDLE, LATE_TYPING, ScreenLock
from tests.attacks.test_session import addresses
from tests.conftest import client_of
from tests.web.moved import Moved
from tests.web.test_pin import PIN, WRONG

IDLE = DEFAULT_IDLE * 60
HTMX = {"HX-Request": "true"}


@pytest.fixture
def now(desk: Desk) -> Moved:
    """The clock of the desk's screen lock."""
    moved = Moved()
    desk.screen_lock = ScreenLock(lambda: desk.store, moved)
    return moved


@pytest.fixture
def window(now: Moved, app: Flask, guard: Guard, desk: Desk) -> FlaskClient:  # noqa: ARG001 - the clock comes first
    """The advisor's window on a desk with a PIN."""
    desk.screen_lock.pin.choose(PIN)
    client = client_of(app, guard)
    assert client.get("/documents").status_code == 200
    return client


@pytest.fixture
def locked(window: FlaskClient) -> FlaskClient:
    """The same, locked by hand."""
    assert window.post("/lock/now").location == "/lock"
    return window


def test_17_every_rule_answers_a_locked_session_with_the_lock_page_only(
    locked: FlaskClient, app: Flask, now: Moved
) -> None:
    now.pass_by(LATE_TYPING)
    allowed = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in OPEN_TO_LOCKED_SCREEN}
    asked = [(method, path) for method, path in addresses(app) if path not in allowed and "/static/" not in path]
    assert len(asked) > 40
    for method, path in asked:
        navigated = locked.open(path, method=method)
        assert navigated.status_code == 303, (method, path)
        assert navigated.location.partition("?")[0] == "/lock"
        fetched = locked.open(path, method=method, headers=HTMX)
        assert fetched.status_code == 401, (method, path)
        assert fetched.headers["HX-Redirect"].partition("?")[0] == "/lock"
        assert "Alena" not in fetched.text


def test_17_what_does_not_exist_tells_a_locked_session_nothing_either(locked: FlaskClient) -> None:
    assert locked.get("/no/such/page").location == "/lock"
    assert locked.open("/documents", method="PUT").location == "/lock"
    assert locked.post("/documents", data=b"x" * 3_000_000).location == "/lock"


def test_17_only_what_needs_no_clients_data_is_open_to_a_locked_session(locked: FlaskClient) -> None:
    shown = locked.get("/lock")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert "SmartClient je zamčený" in shown.text
    assert "Vrbová" not in shown.text
    assert "900001" not in shown.text
    assert locked.get("/static/app.css").status_code == 200
    assert locked.get("/lock/state").json == {"locked": True, "watch": True}


def test_17_unlocking_gives_the_session_a_fresh_value_and_the_known_one_is_worth_nothing(
    locked: FlaskClient, guard: Guard, app: Flask
) -> None:
    known = locked.get_cookie(guard.cookie_name, domain="127.0.0.1")
    assert known
    assert locked.post("/lock", data={"proof": PIN}).location == "/documents"
    assert locked.get("/documents").status_code == 200
    thief = client_of(app, guard)
    thief.set_cookie(guard.cookie_name, known.value, domain="127.0.0.1")
    assert thief.get("/documents").status_code == 401


def test_17_a_planted_session_is_not_taken_over(app: Flask, guard: Guard) -> None:
    window = client_of(app, guard)
    window.set_cookie(guard.cookie_name, "planted", domain="127.0.0.1")
    window.set_cookie("remember_token", "advisor|0", domain="127.0.0.1")
    window.set_cookie("session", "planted", domain="127.0.0.1")
    assert window.get("/documents").status_code == 401


def test_17_a_lock_holds_for_every_window_and_each_unlocks_by_itself(
    window: FlaskClient, app: Flask, guard: Guard
) -> None:
    tab = client_of(app, guard)
    assert tab.get("/documents").status_code == 200
    window.post("/lock/now")
    assert tab.get("/documents").status_code == 303
    window.post("/lock", data={"proof": PIN})
    assert window.get("/documents").status_code == 200
    assert tab.get("/documents").status_code == 303


def test_45_polls_are_no_activity(window: FlaskClient, now: Moved) -> None:
    for _ in range(0, IDLE - 60, 60):
        now.pass_by(60)
        for poll in ("/lock/state", "/ruler", "/synchronization/progress", "/static/app.css"):
            assert window.get(poll).status_code == 200
        window.post("/lock/activity", headers={"SC-By-Itself": "1"})
    now.pass_by(60)
    assert window.get("/lock/state").json == {"locked": True, "watch": True}
    assert window.get("/ruler").status_code == 303


@pytest.mark.parametrize("sign", [("GET", "/help"), ("POST", "/lock/activity")])
def test_45_a_person_keeps_the_screen_awake(window: FlaskClient, now: Moved, sign: tuple[str, str]) -> None:
    now.pass_by(IDLE - 1)
    window.open(sign[1], method=sign[0])
    now.pass_by(IDLE - 1)
    assert window.get("/documents").status_code == 200


def test_45_every_poll_of_a_page_is_named_as_one(app: Flask) -> None:
    folder = paths.root() / "templates"
    found = [tag for page in folder.rglob("*.html") for tag in re.findall(r"<\w+ [^>]*every \d[^>]*", page.read_text())]
    written = {address for tag in found for address in re.findall(r'hx-get="([^"]+)"', tag)}
    polled = {re.sub(r"{{.*?}}", "x", address).partition("?")[0] for address in written}
    assert "/ruler" in polled
    assert {app.url_map.bind("").match(address, "GET")[0] for address in polled} <= POLLS


def test_45_ten_wrong_pins_leave_only_the_passphrase(locked: FlaskClient, now: Moved) -> None:
    for _ in range(10):
        now.pass_by(60)
        assert locked.post("/lock", data={"proof": WRONG}).status_code == 422
    now.pass_by(24 * 3600)
    answer = locked.post("/lock", data={"proof": PIN})
    assert answer.status_code == 422
    assert "už se nepřijímá" in answer.text
    assert locked.get("/documents").status_code == 303


def test_45_wrong_pins_cost_a_growing_delay(locked: FlaskClient) -> None:
    for _ in range(3):
        assert locked.post("/lock", data={"proof": WRONG}).status_code == 422
    waiting = locked.post("/lock", data={"proof": PIN})
    assert waiting.status_code == 429
    assert "za 1 s" in waiting.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "/lock", "/lock/state", "/static/app.css", "evil",
     "/no/such/page", "/documents\r\nX: y", "/" + "a" * 600, "/lock/now", "javascript:alert(1)"],
)  # fmt: skip
def test_the_way_back_leads_nowhere_but_to_a_page_of_ours(locked: FlaskClient, elsewhere: str) -> None:
    assert locked.post("/lock", data={"proof": PIN, "back": elsewhere}).location == "/documents"


def test_the_way_back_is_the_page_that_was_left(locked: FlaskClient) -> None:
    asked = locked.get("/documents?shelf=draft").location
    assert asked == "/lock?back=/documents?shelf%3Ddraft"
    assert 'value="/documents?shelf=draft"' in locked.get(asked).text
    assert locked.post("/lock", data={"proof": PIN, "back": "/documents?shelf=draft"}).location == (
        "/documents?shelf=draft"
    )


def test_a_late_answer_is_saved_but_answered_with_nothing(window: FlaskClient, desk: Desk, now: Moved) -> None:
    section = window.get(window.post("/documents", data={"kind": "offer"}).location).location
    document = section.split("/")[2]
    name = re.findall(r'name="([^"]*\.last_name)"', window.get(section).text)[0]
    window.post("/lock/now")
    late = window.post(section, data={name: "Vrbová"}, headers=HTMX)
    assert (late.status_code, late.data) == (204, b"")
    assert "Vrbová" in str(desk.store.content(document))
    now.pass_by(LATE_TYPING)
    assert window.post(section, data={name: "Nováková"}, headers=HTMX).status_code == 401
    assert "Nováková" not in str(desk.store.content(document))
