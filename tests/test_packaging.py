import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.running import LINE, ROOT, Answer, send

CONTENT = ("templates", "static", "components")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the files as they stand, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in tracked():
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=source)
    return next(folder.glob("*.whl"))


def tracked(*below: str) -> list[str]:
    """The files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z", *below], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.split("\0") if name]


def test_the_wheel_carries_exactly_the_content_that_is_under_version_control(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.partition("_data/")[2] for name in archive.namelist() if "_data/" in name}
    assert inside == {name for name in tracked(*CONTENT) if (ROOT / name).is_file()}


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """A folder into which the wheel was installed."""
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*install, "--no-index", "--target", str(site), str(wheel)], check=True, timeout=120)
    return site


@contextmanager
def serving(site: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Where an installed program says its content lies, and the address of its demonstration."""
    start = f"import sys; sys.path.insert(0, {str(site)!r})\nfrom localapp import app, paths\n"
    start += "print(paths.root())\nsys.exit(app.main())"
    command = [sys.executable, "-c", start, "--demo", "--no-window", "--data-dir", str(folder / "desk")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
    try:
        assert process.stdout is not None
        content = process.stdout.readline().strip()
        line = LINE.fullmatch(process.stdout.readline())
        assert line
        yield content, line[1]
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_an_installed_wheel_serves_its_pages_from_any_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with serving(installed, tmp_path / "elsewhere") as (content, address):
        assert content == str(installed / "localapp" / "_data")
        opened = _get(address)
        cookie = opened.headers["set-cookie"].partition(";")[0]
        activation = _get(urlsplit(address)._replace(path="/activation").geturl(), cookie)
        style = _get(urlsplit(address)._replace(path="/static/tokens.css").geturl(), cookie)
    assert (opened.status, activation.status, style.status) == (200, 200, 200)
    assert "Ukázka" in activation.text


def _get(url: str, cookie: str = "") -> Answer:
    parts = urlsplit(url)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    return send(int(parts.netloc.rpartition(":")[2]), request.encode())
