"""The real window on a screen of its own, on a real desk."""

import json
import os
import signal
import socket
import stat
from pathlib import Path

import pytest

from localapp.app import demo_keys
from localapp.store.store import Store
from tests.activating import put_activated_desk
from tests.store.made_up import completed_offer
from tests.window.screens import Screen, pixels, until
from tests.window.windowed import ALLOWED, Windowed, below, command_line, environment, windowed

BAR = "#10343c"  # --bar of static/tokens.css


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of an activated demonstration."""
    put_activated_desk(tmp_path / "desk")
    return tmp_path / "desk"


def listening(pids: set[int]) -> set[int]:
    """The TCP ports on which the processes listen."""
    sockets = {}
    for line in (
        Path("/proc/net/tcp").read_text().splitlines()[1:] + Path("/proc/net/tcp6").read_text().splitlines()[1:]
    ):
        parts = line.split()
        if parts[3] == "0A":
            sockets[parts[9]] = int(parts[1].rpartition(":")[2], 16)
    held = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                held.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    return {port for inode, port in sockets.items() if inode in held}


def test_the_window_shows_the_list_and_closing_it_ends_everything(folder: Path, blank: Screen, tmp_path: Path) -> None:
    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        desk.await_log("GET /documents 200")
        blank.window()
        seen = tmp_path / "window.png"
        until(lambda: pixels(blank.picture(seen), BAR) > 20_000, "the bar of the list on the screen")
        started = {desk.process.pid, *desk.children}
        port = json.loads((folder / "instance.json").read_text())["port"]
        ports = listening({desk.process.pid})
        assert port in ports
        blank.press("alt+F4")
        assert desk.process.wait(timeout=15) == 0
        assert "".join(desk.complained + desk.printed) == ""
    until(lambda: not any(command_line(pid) for pid in started), "all processes gone")
    assert not (folder / "instance.json").exists()
    assert not (folder / "open.html").exists()
    for each in ports:
        with pytest.raises(OSError, match=r"refused"):
            socket.create_connection(("127.0.0.1", each), timeout=1)


def test_the_window_listens_on_no_port_and_its_address_is_nowhere_to_be_read(folder: Path, blank: Screen) -> None:
    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        assert listening(below(desk.window_process) | {desk.window_process}) == set()
        for pid in (desk.process.pid, *desk.children):
            shown = command_line(pid) + environment(pid)
            assert "/open/" not in shown
            assert ".localhost" not in shown
        assert "open/" not in desk.log.replace("/open/…", "")


def test_a_second_start_brings_the_window_to_the_front(folder: Path, blank: Screen) -> None:
    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        window = blank.window()
        blank.run("xdotool", "windowminimize", "--sync", window)
        assert blank.windows() == []
        with windowed(folder, blank.environment | ALLOWED) as second:
            assert second.process.wait(timeout=15) == 0
            assert second.printed == second.complained == []
        until(lambda: blank.windows() == [window], "the same window again")
        until(lambda: blank.active() == "SmartClient", "the window in front")
        assert desk.process.poll() is None


def test_a_killed_desk_takes_its_window_along(folder: Path, blank: Screen) -> None:
    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        window = desk.children
        desk.process.kill()
        desk.process.wait()
        until(lambda: not any("window.child" in command_line(pid) for pid in window), "the window gone")
        until(lambda: not any("QtWebEngine" in command_line(pid) for pid in window), "its helpers gone")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_ending_the_desk_closes_the_window(folder: Path, blank: Screen, sign: int) -> None:
    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        started = desk.children
        os.killpg(desk.process.pid, sign)
        assert desk.process.wait(timeout=15) == 0
        assert desk.complained == []
    until(lambda: not any(command_line(pid) for pid in started), "all processes gone")


def test_size_and_place_are_remembered_for_the_advisor_alone(folder: Path, blank: Screen) -> None:
    def moved(desk: Windowed) -> dict[str, object]:
        desk.end()
        found: dict[str, object] = json.loads((folder / "window.json").read_text())
        return found

    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        blank.run("xdotool", "windowsize", "--sync", blank.window(), "900", "640")
        blank.run("xdotool", "windowmove", "--sync", blank.window(), "120", "80")
        first = moved(desk)
    assert (first["width"], first["height"]) == (900, 640)
    assert stat.S_IMODE((folder / "window.json").stat().st_mode) == 0o600
    with windowed(folder, blank.environment | ALLOWED) as desk:
        desk.await_loaded()
        assert moved(desk) == first


def test_documents_that_wait_are_told_before_the_window_closes_and_on_the_terminal(folder: Path, blank: Screen) -> None:
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
