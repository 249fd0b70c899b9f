"""The entry in the menu of a Linux desktop."""

import configparser
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from localapp.window import desktop_entry
from tests.running import LAUNCHER, ROOT
from tests.test_packaging import installed, wheel
from tests.window.played import Played, shown
from tests.window.screens import Screen
from tests.window.windowed import ALLOWED, windowed

__all__ = ["installed", "wheel"]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the desktop looks."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def values(entry: Path) -> dict[str, str]:
    read = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment, method-assign]  # keys keep their capitals
    read.read_string(entry.read_text(encoding="utf-8"))
    return dict(read["Desktop Entry"])


def test_the_command_writes_a_valid_entry_and_takes_it_away(data: Path) -> None:
    command = [sys.executable, "-m", "localapp", "desktop-entry"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=ROOT)
    entry = data / "applications" / "smartclient.desktop"
    assert str(entry) in done.stdout
    checked = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
    assert (data / "icons" / "hicolor" / "scalable" / "apps" / "smartclient.svg").read_bytes().startswith(b"<svg")
    found = values(entry)
    assert shlex.split(found["Exec"]) == [sys.executable, str(LAUNCHER)]
    assert found["Comment[cs]"] == "Nabídky a změny životního pojištění FLEXI"
    subprocess.run([*command, "--remove"], capture_output=True, check=True, timeout=60, cwd=ROOT)
    assert not any(path.is_file() for path in data.rglob("*"))


def test_an_installed_wheel_is_started_by_its_module(installed: Path, data: Path, tmp_path: Path) -> None:
    start = f"import sys; sys.path.insert(0, {str(installed)!r})\nfrom localapp.cli import main; sys.exit(main())"
    subprocess.run([sys.executable, "-c", start, "desktop-entry"], check=True, timeout=60, cwd=tmp_path)
    entry = data / "applications" / "smartclient.desktop"
    words = shlex.split(values(entry)["Exec"])
    assert words == [sys.executable, "-P", "-m", "localapp.app"]
    asked = subprocess.run([*words, "--help"], capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path)
    assert "--no-window" in asked.stdout


@pytest.mark.parametrize("path", ["/opt/Můj program/python", '/opt/a"b\\c', "/opt/100 %/python"])
def test_a_command_with_odd_letters_is_quoted_as_the_specification_has_it(
    path: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", path)
    assert desktop_entry.run(remove=False) == 0
    value = values(data / "applications" / "smartclient.desktop")["Exec"].replace("\\\\", "\\").replace("%%", "%")
    assert shlex.split(value)[0] == path


def test_a_folder_that_cannot_be_written_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text("a file in the place of the folder")
    assert desktop_entry.run(remove=False) == 1
    assert str(data / "applications") in capsys.readouterr().err


def test_the_desktop_knows_the_window_as_that_of_the_entry(
    data: Path, blank: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop_entry.run(remove=False)
    monkeypatch.setenv("DISPLAY", blank.display)
    with shown(Played(), tmp_path):
        names = blank.run("xprop", "-id", blank.window(), "WM_CLASS")
    assert names.strip().endswith(f'"{values(data / "applications" / "smartclient.desktop")["StartupWMClass"]}"')


def test_an_installed_wheel_opens_its_own_window(installed: Path, blank: Screen, tmp_path: Path) -> None:
    start = f"import sys; sys.path.insert(0, {str(installed)!r})\nfrom localapp.app import main; sys.exit(main())"
    with windowed(tmp_path / "desk", blank.environment | ALLOWED, "-c", start) as desk:
        desk.await_loaded()
        assert str(installed) in desk.children[desk.window_process]
        desk.end()
