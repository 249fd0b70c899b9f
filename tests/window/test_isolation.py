"""The process of the window takes nothing from outside: no modules, no flags, no port; and it keeps its sandbox."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from localapp.window import process, reasons
from tests.attacks.test_planted_modules import plant
from tests.running import LAUNCHER
from tests.window.played import Played, shown
from tests.window.screens import Screen, until
from tests.window.test_window import listening
from tests.window.windowed import ALLOWED, below, command_line, environment, windowed

SYSTEM_PYTHON = Path("/usr/bin/python3")
FORCED = {
    "QTWEBENGINE_REMOTE_DEBUGGING": "9333",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--remote-debugging-port=9334 --no-sandbox",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "PYWEBVIEW_LOG": "DEBUG",
    "QT_PLUGIN_PATH": "/",
}


def test_49_planted_modules_are_not_imported(tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    witness = tmp_path / "imported"
    plant(tmp_path / "planted", witness)
    for name in ("qtpy", "bottle", "PyQt6"):
        (tmp_path / "planted" / f"{name}.py").write_text(f"open({str(witness)!r}, 'a').write({name!r})\n")
    monkeypatch.setenv("DISPLAY", blank.display)
    monkeypatch.setenv("HOME", str(tmp_path / "planted"))  # the window's process runs there
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "planted"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "planted" / "json.py"))
    monkeypatch.chdir(tmp_path / "planted")
    with shown(Played(), tmp_path):
        pass
    assert not witness.exists()


def test_12_no_variable_opens_a_port_for_a_debugger(
    tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", blank.display)
    for name, value in FORCED.items():
        monkeypatch.setenv(name, value)
    before = listening({os.getpid()})
    with shown(Played(), tmp_path):
        windows = {pid for pid in below(os.getpid()) if "window.child" in command_line(pid)}
        assert windows
        assert listening(windows.union(*map(below, windows))) == set()
    assert before <= listening({os.getpid()})


def test_42_nothing_of_a_page_stays_on_the_disk(tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("DISPLAY", blank.display)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    played = Played(body="<h1>Rodné číslo 915512/0004</h1>", script="document.cookie = 'kept=915512; max-age=9999'")
    with shown(played, tmp_path):
        pass
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in written if b"915512" in path.read_bytes()]
    assert not [path for path in written if path.is_relative_to(tmp_path / "temporary")]


def test_the_sandbox_is_only_ever_left_out_for_root(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (FORCED | {"DISPLAY": ":9", "SMARTCLIENT_WINDOW_AS_ROOT": "1"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(reasons, "is_root", lambda: False)
    kept = process.child_environment()
    assert not kept.keys() & {*FORCED, "SMARTCLIENT_WINDOW_AS_ROOT"}
    assert kept["DISPLAY"] == ":9"
    monkeypatch.setattr(reasons, "is_root", lambda: True)
    assert process.child_environment().keys() & FORCED.keys() == {"QTWEBENGINE_DISABLE_SANDBOX"}


def test_without_a_graphics_card_the_window_is_drawn_without_opengl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QUICK_BACKEND", raising=False)
    monkeypatch.setattr(process, "_has_graphics_card", lambda: True)
    assert "QT_QUICK_BACKEND" not in process.child_environment()
    monkeypatch.setattr(process, "_has_graphics_card", lambda: False)
    assert process.child_environment()["QT_QUICK_BACKEND"] == "software"
    monkeypatch.setenv("QT_QUICK_BACKEND", "rhi")
    assert process.child_environment()["QT_QUICK_BACKEND"] == "rhi"


@pytest.fixture
def interpreter() -> Iterator[Path]:
    """An interpreter with the toolkit that a normal user may start."""
    if not ALLOWED:
        yield Path(sys.executable)
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        made = Path(folder) / "venv"
        subprocess.run([SYSTEM_PYTHON, "-m", "venv", "--without-pip", str(made)], check=True, timeout=60)
        packages = next(made.glob("lib/python3.*/site-packages"))
        (packages / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
        python = made / "bin" / "python"
        read = [str(python), "-c", "import sys, webview; open(sys.argv[1])", str(LAUNCHER)]
        if subprocess.run(read, user="nobody", cwd="/", capture_output=True, check=False, timeout=60).returncode:
            pytest.skip("NOT RUN: a normal user cannot read this checkout, or the system's Python is another version")
        yield python


def test_a_normal_user_has_the_sandbox_whatever_the_environment_says(interpreter: Path, blank: Screen) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        user = {}
        if ALLOWED:
            os.chown(home, *(value := _nobody()))
            user = {"user": value[0], "group": value[1], "extra_groups": []}
        given = blank.environment | FORCED | {"HOME": home}
        with windowed(Path(home) / "desk", given, str(LAUNCHER), interpreter=interpreter, **user) as desk:
            desk.await_loaded()
            pages = [pid for pid, line in desk.children.items() if "--type=renderer" in line or "--type=zygote" in line]
            until(lambda: any("Seccomp:\t2" in _status(pid) for pid in pages), "a sandbox")
            assert not any("--no-sandbox" in command_line(pid) for pid in desk.children)
            assert "QTWEBENGINE_DISABLE_SANDBOX" not in environment(desk.window_process)


def _nobody() -> tuple[int, int]:
    import pwd  # noqa: PLC0415 - Windows has none

    found = pwd.getpwnam("nobody")
    return found.pw_uid, found.pw_gid


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return ""
