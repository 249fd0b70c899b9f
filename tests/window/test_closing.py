"""Closing the window: what was typed is saved, what is unsent is told, and the person may stay."""

import signal
from pathlib import Path

import pytest

from localapp import paths
from localapp.app import demo_keys
from localapp.store.store import Store
from tests.activating import put_activated_desk
from tests.store.made_up import completed_offer
from tests.window.played import Played, Told, shown
from tests.window.screens import Screen, until
from tests.window.windowed import ALLOWED, windowed

SCRIPTS = ("compat.js", "vendor/htmx-4.0.1.min.js", "vendor/hx-csp-4.0.1.min.js", "desk.js")


def test_what_was_typed_and_not_yet_left_is_saved_when_the_window_closes(
    tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", blank.display)
    scripts = "".join(f'<script src="/static/{name}" defer></script>' for name in SCRIPTS)
    form = '<form id="offer" hx-nonce="{nonce}" hx-post="/said"><input name="client.name" autofocus></form>'
    played = Played(body=f"""<meta name="htmx-config" content='{{"extensions":"hx-csp,desk"}}'>{scripts}{form}""")
    for name in SCRIPTS:
        content = (paths.root() / "static" / name).read_bytes()
        played.files[f"/static/{name}"] = ("text/javascript", "", content)
    told = Told()
    with shown(played, tmp_path, told):
        blank.run("xdotool", "windowfocus", "--sync", blank.window())
        blank.type("Alena")
        assert played.said == []
        blank.press("alt+F4")
        assert told.closed.wait(15)
    assert played.said == ["client.name=Alena"]


def test_documents_that_wait_are_told_before_the_window_closes_and_on_the_terminal(
    tmp_path: Path, blank: Screen
) -> None:
    folder = tmp_path / "desk"
    put_activated_desk(folder)
    store = Store.open(folder / "documents.db", demo_keys(folder))
    for _ in range(2):
        completed_offer(store)
    store.close()
    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        blank.window()
        blank.press("alt+F4")
        until(lambda: len(blank.windows()) == 2, "the question")
        blank.press("Escape")
        until(lambda: len(blank.windows()) == 1, "the window alone")
        assert desk.end(signal.SIGINT) == 0
        told = desk.await_told("[window.unsent]")
    assert "Na\u00a0odeslání čekají 2\u00a0dokumenty" in told or "Na odeslání čekají 2 dokumenty" in told
    assert "2 documents wait to be sent" in told
