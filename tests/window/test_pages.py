"""What a page in the window cannot do, and what a person can."""

from pathlib import Path

import pytest

from localapp.window.process import Texts
from tests.window.played import Played, Told, playing, shown
from tests.window.screens import Screen, until

SAY = "const say = (text) => fetch('/said', {method: 'POST', body: text});\n"
QUESTION: Texts = {"cs": "Na odeslání čekají 2 dokumenty.", "en": "2 documents wait to be sent."}


@pytest.fixture(autouse=True)
def on_screen(blank: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window appears on the screen of the test."""
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", blank.display)


def said(script: str, folder: Path, *, guarded: bool = True) -> str:
    """What a script in the page has to say."""
    played = Played(script=SAY + script, guarded=guarded)
    with shown(played, folder):
        return played.await_said()


def test_camera_microphone_and_place_are_refused_without_a_question(tmp_path: Path) -> None:
    asked = """Promise.all([
      navigator.mediaDevices.getUserMedia({video: true}).then(() => "seen", (e) => e.name),
      navigator.mediaDevices.getUserMedia({audio: true}).then(() => "heard", (e) => e.name),
      new Promise((go) => navigator.geolocation.getCurrentPosition(() => go("found"), (e) => go(`code ${e.code}`))),
    ]).then((all) => say(all.join()));"""
    answers = said(asked, tmp_path, guarded=False).split(",")
    assert answers[2] == "code 1"
    assert set(answers[:2]) <= {"NotAllowedError", "NotFoundError"}


def test_a_page_has_no_way_into_the_program_and_keeps_nothing(tmp_path: Path) -> None:
    asked = """let kept; try { kept = String(localStorage); } catch (e) { kept = e.name; }
      say([typeof pywebview, typeof QWebChannel, String(window.qt?.webChannelTransport), kept].join());"""
    bridge, channel, transport, kept = said(asked, tmp_path, guarded=False).split(",")
    assert (bridge, channel, transport) == ("undefined", "undefined", "undefined")
    assert kept in {"null", "undefined", "SecurityError"}


def test_nothing_in_the_window_reaches_another_server(tmp_path: Path) -> None:
    with playing(Played()) as other:
        address = other.origin.replace(other.origin.partition("//")[2].partition(":")[0], "127.0.0.1")
        asked = f"""const image = new Image(); image.src = "{address}/image";
          Promise.allSettled([fetch("{address}/fetched", {{mode: "no-cors"}}), image.decode()])
            .then((all) => say(all.map((each) => each.status).join()));"""
        assert said(asked, tmp_path, guarded=False) == "rejected,rejected"
        leave = f"location.href = '{address}/went'; setTimeout(() => say('still here'), 500);"
        played = Played(script=f"{SAY} setTimeout(() => {{ {leave} }}, 100)")
        with shown(played, tmp_path):
            assert played.await_said() == "still here"
        assert other.asked == []


def test_a_link_to_elsewhere_opens_in_the_systems_browser(
    tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/part && mv {tmp_path}/part {tmp_path}/opened\n')
    program.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(program))
    for target in ("", ' target="_blank"'):
        link = f'<a href="https://www.example.cz/"{target} autofocus>a</a>'
        (tmp_path / "opened").unlink(missing_ok=True)
        with shown(Played(body=link), tmp_path):
            blank.run("xdotool", "windowfocus", "--sync", blank.window())
            blank.press("Return")
            until((tmp_path / "opened").exists, "the system's browser")
        assert (tmp_path / "opened").read_text() == "https://www.example.cz/\n"


def test_a_new_window_for_a_page_of_the_desk_opens_in_the_same_one(tmp_path: Path, blank: Screen) -> None:
    played = Played(body='<a href="/another" target="_blank" autofocus>b</a>')
    with shown(played, tmp_path):
        blank.run("xdotool", "windowfocus", "--sync", blank.window())
        blank.press("Return")
        until(lambda: "/another" in played.asked, "the page")
        assert len(blank.windows(".*SmartClient.*")) == 1


def test_the_title_never_holds_what_the_page_calls_itself(tmp_path: Path, blank: Screen) -> None:
    with shown(Played(), tmp_path):
        assert blank.run("xdotool", "getwindowname", blank.window()).strip() == "SmartClient"
        assert blank.windows("Alena") == []


def test_before_closing_the_person_is_told_and_may_stay(tmp_path: Path, blank: Screen) -> None:
    told = Told(question=QUESTION)
    with shown(Played(), tmp_path, told) as window:
        blank.window()
        blank.press("alt+F4")
        until(lambda: len(blank.windows()) == 2, "the question")
        blank.picture(tmp_path / "question.png")
        blank.press("Escape")
        until(lambda: len(blank.windows()) == 1, "the window alone")
        assert window.is_shown
        blank.press("alt+F4")
        until(lambda: len(blank.windows()) == 2, "the question again")
        blank.press("Return")
        assert told.closed.wait(15)
    assert told.lost == []


def test_without_anything_to_tell_it_closes_at_once(tmp_path: Path, blank: Screen) -> None:
    told = Told()
    with shown(Played(), tmp_path, told):
        blank.window()
        blank.press("alt+F4")
        assert told.closed.wait(15)
    assert told.asked.is_set()
