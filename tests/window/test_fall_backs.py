"""Without a window the desk is reached all the same, and one sentence says why."""

import os
import sys
from pathlib import Path

import pytest

from localapp.window import reasons
from tests.running import LAUNCHER, OFFLINE, started
from tests.window.screens import Screen, screen, until
from tests.window.windowed import ALLOWED, Windowed, loaded_libraries, windowed

BARE = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER", reasons.ROOT_SWITCH}
}
_IN_HERE = f"import sys; sys.path.insert(0, {str(LAUNCHER.parent)!r})"
_START = "from localapp.app import main; sys.exit(main())"
WITHOUT_TOOLKIT = ("-c", f"{_IN_HERE}; sys.modules['webview'] = None; {_START}")
IMPATIENT = ("-c", f"{_IN_HERE}; from localapp.window import process; process.GOES_ON_WITHIN = 0.0; {_START}")


@pytest.fixture
def browser(tmp_path: Path) -> dict[str, str]:
    """A browser that only notes that it was opened."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\ncat "${{1#file://}}" > {tmp_path}/part && mv {tmp_path}/part {tmp_path}/opened\n')
    program.chmod(0o700)
    return {"BROWSER": str(program)}


def opened(folder: Path) -> str:
    """What the browser was given."""
    until((folder / "opened").exists, "a tab")
    return (folder / "opened").read_text()


def told_by_page(desk: Windowed, code: str) -> bool:
    """Whether a page of the desk tells the reason."""
    with started(desk.folder, "--demo") as running:  # a second start, which is given an address of the first
        answer = running.ask("GET", "/activation")
    assert answer.status == 200
    return code in answer.text


def loads_no_toolkit(desk: Windowed) -> bool:
    """Whether neither the desk nor a process of its own has loaded Qt."""
    pids = [desk.process.pid, *desk.children]
    return not any("Qt6" in loaded_libraries(pid) for pid in pids)


def test_without_a_display_the_address_is_printed_and_the_reason_told(tmp_path: Path) -> None:
    with windowed(tmp_path / "desk", BARE | ALLOWED) as desk:
        assert "/open/" in desk.await_address()
        told = desk.await_told("[window.no_display]")
        assert "není tu obrazovka" in told.lower()
        assert "There is no display" in told
        assert loads_no_toolkit(desk)
        assert desk.end() == 0


def test_without_the_toolkit_a_tab_opens_and_the_reason_is_told(tmp_path: Path, browser: dict[str, str]) -> None:
    with windowed(tmp_path / "desk", BARE | ALLOWED | browser | {"DISPLAY": ":77"}, *WITHOUT_TOOLKIT) as desk:
        assert "/open/" in opened(tmp_path)
        assert "make window" in desk.await_told("[window.no_toolkit]")
        assert [told_by_page(desk, "window.no_toolkit") for _ in range(2)] == [True, False]
        assert loads_no_toolkit(desk)
        assert desk.printed == []


def test_for_root_a_tab_opens_unless_a_switch_allows_the_window(
    tmp_path: Path, browser: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "is_root", lambda: True)
    shown = {"DISPLAY": ":77"}
    assert reasons.against(shown) == reasons.AS_ROOT
    assert reasons.against(shown | {reasons.ROOT_SWITCH: "0"}) == reasons.AS_ROOT
    assert reasons.against(shown | {reasons.ROOT_SWITCH: "1"}) is None
    monkeypatch.setattr(reasons, "is_root", lambda: False)
    assert reasons.against(shown) is None
    if not ALLOWED:
        return  # the real thing below is for root alone
    with windowed(tmp_path / "desk", BARE | browser | shown) as desk:
        assert "/open/" in opened(tmp_path)
        assert "root" in desk.await_told("[window.as_root]")
        assert loads_no_toolkit(desk)


def test_a_display_that_is_not_there_ends_the_window_and_opens_a_tab(tmp_path: Path, browser: dict[str, str]) -> None:
    with windowed(tmp_path / "desk", BARE | ALLOWED | browser | {"DISPLAY": ":7777"}) as desk:
        desk.await_told("[window.crashed]")
        assert "/open/" in opened(tmp_path)
        assert desk.process.poll() is None


def test_a_killed_window_leaves_the_desk_running_in_a_tab(tmp_path: Path, browser: dict[str, str]) -> None:
    with screen() as seen, windowed(tmp_path / "desk", seen.environment | ALLOWED | browser) as desk:
        desk.await_loaded()
        os.kill(desk.window_process, 9)
        desk.await_told("[window.crashed]")
        assert "/open/" in opened(tmp_path)
        assert not any("QtWebEngine" in line for line in desk.children.values())
        assert desk.end() == 0


def test_a_window_that_shows_nothing_in_time_is_given_up(
    tmp_path: Path, browser: dict[str, str], blank: Screen
) -> None:
    with windowed(tmp_path / "desk", blank.environment | ALLOWED | browser, *IMPATIENT) as desk:
        desk.await_told("[window.not_loaded]")
        assert "/open/" in opened(tmp_path)
        assert desk.process.poll() is None


def test_a_second_start_opens_a_tab_where_the_desk_has_no_window(tmp_path: Path, browser: dict[str, str]) -> None:
    with started(tmp_path / "desk", *OFFLINE) as first:
        with windowed(tmp_path / "desk", BARE | ALLOWED | browser | {"DISPLAY": ":77"}) as second:
            assert first.authority in opened(tmp_path)
            assert second.printed == second.complained == []
        assert first.process.poll() is None


def test_the_interpreter_of_the_tests_has_the_toolkit() -> None:
    assert reasons.has_toolkit()
    assert "webview" not in sys.modules
