"""Attack 49: Python files planted where the desk is started, where its data lie or where its temporary files go."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.activating import activate
from tests.running import LAUNCHER, started

PLANTED = (
    "flask",
    "sqlalchemy",
    "sqlcipher3",
    "json",
    "secrets",
    "localapp",
    "endpoint",
    "keyring",
    "webview",
    "starlark",
)


def plant(folder: Path, witness: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*PLANTED, "sitecustomize", "usercustomize"):
        (folder / f"{name}.py").write_text(f"open({str(witness)!r}, 'a').write({name!r})\n")


def test_49_nothing_is_imported_from_the_working_or_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = tmp_path / "imported"
    for name in ("work", "temporary", "desk"):
        plant(tmp_path / name, witness)
    (tmp_path / "desk").chmod(0o700)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    with started(tmp_path / "desk", "--demo", cwd=tmp_path / "work") as running:
        activate(running)  # the endpoint of the demonstration, the components and the calculation run too
    assert not witness.exists()


def test_49_the_installed_command_takes_nothing_from_the_working_folder(tmp_path: Path) -> None:
    witness = tmp_path / "imported"
    plant(tmp_path / "work", witness)
    command = Path(sys.executable).with_name("smartclient")
    asked = subprocess.run(
        [str(command), "--help"], cwd=tmp_path / "work", capture_output=True, text=True, check=False, timeout=30
    )
    assert asked.returncode == 0, asked.stderr
    assert not witness.exists()


def test_49_a_link_to_the_launcher_starts_the_same_program(tmp_path: Path) -> None:
    witness = tmp_path / "imported"
    plant(tmp_path / "links", witness)
    (tmp_path / "links" / "launcher.py").symlink_to(LAUNCHER)
    asked = subprocess.run(
        [sys.executable, "launcher.py", "--help"],
        cwd=tmp_path / "links",
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert asked.returncode == 0, asked.stderr
    assert not witness.exists()
