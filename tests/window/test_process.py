"""What the desk makes of a window that is not what it should be."""

import logging
from pathlib import Path

import pytest

from localapp.window import geometry, process, reasons
from localapp.window.process import Window
from tests.window.played import Told
from tests.window.screens import until


def lost_to(start: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why a window is lost whose process runs this program."""
    monkeypatch.setattr(process, "_START", f"import os, sys\nout = sys.stdout.buffer\n{start}")
    told = Told()
    window = Window(folder, told.closing, told.closed.set, told.lost.append)
    window.start()
    window.open("http://127.0.0.1:1/open/once")
    try:
        until(lambda: told.lost, "the window to be given up")
    finally:
        window.stop()
    assert not told.closed.is_set()
    return told.lost


@pytest.mark.parametrize(
    "start",
    [
        "os._exit(0)",
        "os.kill(os.getpid(), 11)",
        "out.write(b'x' * 1_000_000); out.flush(); sys.stdin.read()",
        """out.write(b'{"say": 1}\\n'); out.flush(); sys.stdin.read()""",
        "os.close(1); sys.stdin.read()",
    ],
)
def test_a_window_that_ends_or_talks_nonsense_is_given_up(
    start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lost_to(start, tmp_path, monkeypatch) == [reasons.CRASHED]


def test_a_window_that_only_says_that_it_goes_on_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GOES_ON_WITHIN", 0.2)
    start = """while True: out.write(b'{"say": "begun"}\\n{"say": "on"}\\n'); out.flush()"""
    assert lost_to(start, tmp_path, monkeypatch) == [reasons.NOT_LOADED]


def test_a_toolkit_that_cannot_be_loaded_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = """out.write(b'{"say": "missing"}\\n'); out.flush()"""
    assert lost_to(start, tmp_path, monkeypatch) == [reasons.NO_TOOLKIT]


def test_what_a_window_says_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="smartclient")
    start = r"""
for line in (
    b'{"say": "place", "x": 1, "y": 1, "width": 99999999, "height": 900}',
    b'{"say": "place", "x": "../../x", "y": 1, "width": 900, "height": 900}',
    b'{"say": "fault", "kind": "Error\\n2026 forged", "place": "a.py:1"}',
    b'{"say": "fault", "kind": "KeyError", "place": "qt_page.py:17"}',
    b'{"say": "run", "command": "rm"}',
):
    out.write(line + b"\n")
out.flush()
"""
    lost_to(start, tmp_path, monkeypatch)
    assert not (tmp_path / geometry.FILE).exists()
    faults = [record.getMessage() for record in caplog.records if "fault" in record.getMessage()]
    assert faults == ["fault in the window: ?", "fault in the window: KeyError qt_page.py:17"]
