"""PDFs, downloads and printing, as a person uses them."""

import subprocess
from pathlib import Path

import pytest

from tests.window.played import Played, pdf, shown
from tests.window.screens import Screen, pixels, until

AS_FILE = "attachment; filename*=UTF-8''Nab%C3%ADdka%20Nov%C3%A1kov%C3%A1.pdf"


@pytest.fixture
def home(tmp_path: Path, blank: Screen, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, on a screen of its own."""
    folder = tmp_path / "domov"
    folder.mkdir()
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_DOWNLOAD_DIR", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("DISPLAY", blank.display)
    return folder


def test_a_pdf_is_shown_in_the_window_with_a_way_back(home: Path, blank: Screen, tmp_path: Path) -> None:
    played = Played(files={"/nabidka.pdf": ("application/pdf", "", pdf("Nabidka"))})
    played.body = '<a href="/nabidka.pdf" autofocus>Nabídka</a>'
    with shown(played, tmp_path):
        seen = tmp_path / "pdf.png"
        blank.run("xdotool", "windowfocus", "--sync", blank.window())
        blank.press("Return")
        until(lambda: pixels(blank.picture(seen), "#ff00ff") > 20_000, "the PDF on the screen")
        played.script = "fetch('/said', {method: 'POST', body: 'back'})"
        blank.press("alt+Left")
        assert played.await_said() == "back"
    assert not list(home.glob("**/*.pdf"))


def test_a_download_is_saved_once_more_under_a_free_name(home: Path, blank: Screen, tmp_path: Path) -> None:
    content = pdf("Nabidka")
    played = Played(
        files={"/d": ("application/pdf", AS_FILE, content)}, script="setTimeout(() => { location.href = '/d'; }, 200)"
    )
    folder = home / "Downloads"
    with shown(played, tmp_path):
        until((folder / "Nabídka Nováková.pdf").exists, "the file")
        blank.press("F5")
        until((folder / "Nabídka Nováková (2).pdf").exists, "the second file")
        until(lambda: len(list(folder.glob("*.pdf"))) == 2, "nothing else")
        blank.picture(tmp_path / "saved.png")
    assert {path.read_bytes() for path in folder.iterdir()} == {content}
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}


def test_the_page_prints_to_a_file_where_there_is_no_printer(home: Path, blank: Screen, tmp_path: Path) -> None:
    with shown(Played(script="setTimeout(() => window.print(), 200)"), tmp_path):
        blank.window("Tisk|Print")
        blank.picture(tmp_path / "print.png")
        blank.press("Return")
        printed = until(lambda: list(home.glob("*.pdf")), "a printed file")[0]
        until(lambda: printed.read_bytes().rstrip().endswith(b"%%EOF"), "all of it")
    text = subprocess.run(["pdftotext", str(printed), "-"], check=True, capture_output=True, text=True, timeout=30)
    assert "Příliš žluťoučký kůň" in text.stdout
