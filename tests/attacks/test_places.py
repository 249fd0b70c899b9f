"""Attack 50: homes with spaces and diacritics, and systems that do not speak UTF-8."""

from pathlib import Path

import pytest

from tests.activating import put_activated_desk
from tests.running import OFFLINE, started

HOMES = ("Žofie Šťastná", "Bořek (práce) č. 1", "50 % & spol; 'uvozovky' \"dvojité\"", "日本 🏠", "-dir", "x" * 120)


@pytest.mark.parametrize("home", HOMES)
def test_50_the_desk_works_in_any_home(tmp_path: Path, home: str) -> None:
    folder = tmp_path / home / "data SmartClient"
    folder.parent.mkdir()
    put_activated_desk(folder)
    with started(folder, *OFFLINE) as running:
        assert "SmartClient" in running.ask("GET", "/documents").text
        assert running.second_start().returncode == 0
    with started(folder, *OFFLINE) as again:
        assert again.ask("GET", "/documents").status == 200


@pytest.mark.parametrize("locale", ["C", "POSIX", "cs_CZ.ISO-8859-2", "cs_CZ.CP1250", "tr_TR.UTF-8", "nonsense"])
def test_50_the_desk_works_whatever_the_system_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.setenv(name, locale)
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONCOERCECLOCALE", "0")
    folder = tmp_path / "Žofie"
    put_activated_desk(folder)
    with started(folder, *OFFLINE) as running:
        page = running.ask("GET", "/documents")
        assert "Dokumenty" in page.text
        assert "Žádn" in page.text or "dokument" in page.text
