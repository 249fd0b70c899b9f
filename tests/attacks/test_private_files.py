"""Attack 8: what lies in the data folder – readable by others, left behind, or replaced by a planted link."""

import json
import socket
import stat
from pathlib import Path

import pytest

from localapp import instance, private_files
from localapp.private_files import PlantedError
from localapp.window import tab
from tests.running import RunningDesk, launch, started


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_8_the_folder_and_everything_in_it_is_the_advisors_alone(running_desk: RunningDesk) -> None:
    assert running_desk.ask("GET", "/").status == 303
    assert mode(running_desk.folder) == 0o700
    modes = {path.name: mode(path) for path in running_desk.folder.rglob("*") if path.is_file()}
    assert {"instance.json", "keys.json", "documents.db", "demo-passphrase", "smartclient.log"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_8_a_folder_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    with started(folder, "--demo"):
        assert mode(folder) == 0o700


def test_8_how_to_reach_the_desk_is_gone_when_it_is(tmp_path: Path) -> None:
    with started(tmp_path / "desk", "--demo") as running:
        assert (running.folder / instance.CONTACT).is_file()
    left = {path.name for path in running.folder.iterdir()}
    assert not left & {instance.CONTACT, instance.OPEN_PAGE}


def test_8_the_page_for_the_browser_is_private_and_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, int, str]] = []

    def browser(address: str) -> bool:
        page = tmp_path / instance.OPEN_PAGE
        shown.append((address, mode(page), page.read_text()))
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(tab, "LOADED_WITHIN", 0.01)
    monkeypatch.setattr("webbrowser.open", browser)
    removal = tab.open_tab(tmp_path, "http://127.0.0.1:7000/open/once")
    assert removal is not None
    removal.join()
    address, page_mode, content = shown[0]
    assert address.startswith("file://")
    assert "once" not in address
    assert page_mode == 0o600
    assert "url=http://127.0.0.1:7000/open/once" in content
    assert not (tmp_path / instance.OPEN_PAGE).exists()


def test_8_without_a_browser_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", lambda _address: False)
    assert tab.open_tab(tmp_path, "http://127.0.0.1:7000/open/once") is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [instance.OPEN_PAGE, instance.CONTACT, "keys.json", "demo-passphrase"])
@pytest.mark.parametrize("write", [private_files.write_new, private_files.replace])
def test_8_a_planted_link_is_refused_and_what_it_points_to_untouched(tmp_path: Path, name: str, write: object) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / name).symlink_to(victim)
    assert callable(write)
    with pytest.raises(PlantedError):
        write(tmp_path / name, b"secret")
    assert victim.read_text() == "untouched"


def test_8_a_planted_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("{}")
    (tmp_path / "keys.json").symlink_to(tmp_path / "real")
    with pytest.raises(PlantedError):
        private_files.read(tmp_path / "keys.json")


@pytest.mark.parametrize("name", ["lock", "demo.txt"])
def test_8_a_start_does_not_write_through_a_planted_link(tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    (folder / name).symlink_to(victim)
    refused = launch(["--demo", "--no-window", "--data-dir", str(folder)])
    assert refused.returncode == 1
    assert "folder.unusable" in refused.stderr
    assert victim.read_text() == "untouched"


def test_8_a_folder_of_everybody_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    refused = launch(["--demo", "--no-window", "--data-dir", str(shared)])
    assert refused.returncode == 1
    assert "folder.shared" in refused.stderr
    assert mode(shared) == 0o1777


def test_9_a_second_start_without_the_secret_gets_no_address(running_desk: RunningDesk) -> None:
    contact = json.loads((running_desk.folder / instance.CONTACT).read_text())
    for guess in (b"", b"\n", b"guess\n", contact["secret"][:-1].encode() + b"\n"):
        with socket.create_connection(("127.0.0.1", contact["port"]), timeout=5) as line:
            line.sendall(guess)
            line.shutdown(socket.SHUT_WR)
            assert line.recv(200) == b""
