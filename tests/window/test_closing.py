"""Closing the window saves what was typed. What is unsent: ``test_window.py``."""

from pathlib import Path

import pytest

from localapp import paths
from tests.window.played import Played, Told, shown
from tests.window.screens import Screen, until

SCRIPTS = ("compat.js", "vendor/htmx-4.0.1.min.js", "vendor/hx-csp-4.0.1.min.js", "desk.js")


def test_what_was_typed_and_not_yet_left_is_saved_when_the_window_closes(
    tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", blank.display)
    scripts = "".join(f'<script src="/static/{name}" defer></script>' for name in SCRIPTS)
    form = '<form id="offer" hx-nonce="{nonce}" hx-post="/said"><input name="client.name" autofocus></form>'
    played = Played(body=f"""<meta name="htmx-config" content='{{"extensions":"hx-csp,desk"}}'>{scripts}{form}""")
    played.script = """const ready = () => document.hasFocus() && document.activeElement.name && window.htmx
      ? fetch("/ready") : setTimeout(ready, 20); ready();"""
    for name in SCRIPTS:
        content = (paths.root() / "static" / name).read_bytes()
        played.files[f"/static/{name}"] = ("text/javascript", "", content)
    told = Told()
    with shown(played, tmp_path, told):
        blank.run("xdotool", "windowfocus", "--sync", blank.window())
        until(lambda: "/ready" in played.asked, "the field to have the keyboard")
        blank.type("Alena")
        blank.press("alt+F4")
        assert told.closed.wait(15)
    assert played.said == ["client.name=Alena"]


def test_a_page_that_cannot_save_keeps_the_window_open_until_it_is_closed_again(
    tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", blank.display)
    played = Played()
    played.script = """document.addEventListener("desk:leaving", (event) => {
      event.preventDefault();
      document.documentElement.dataset.leaving = "failed";
      fetch("/said", {method: "POST", body: "not saved"});
    });"""
    told = Told()
    with shown(played, tmp_path, told) as window:
        blank.window()
        blank.press("alt+F4")
        assert played.await_said() == "not saved"
        assert window.is_shown
        assert not told.asked.is_set()
        blank.press("alt+F4")
        assert told.closed.wait(15)
