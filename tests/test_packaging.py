import shutil
import subprocess
import sys
import zipfile
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


def test_an_installed_wheel_serves_its_pages_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run([*install, "--disable-pip-version-check"], check=True, timeout=120)
    start = f"import sys; sys.path.insert(0, {str(site)!r})\nfrom localapp import app, paths\n"
    start += "print(paths.root())\nsys.exit(app.main())"
    command = [sys.executable, "-c", start, "--demo", "--no-window", "--data-dir", str(tmp_path / "desk")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=elsewhere)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == str(site / "localapp" / "_data")
        line = LINE.fullmatch(process.stdout.readline())
        assert line
        opened = _get(line[1])
        cookie = opened.headers["set-cookie"].partition(";")[0]
        documents = _get(urlsplit(line[1])._replace(path="/documents").geturl(), cookie)
        style = _get(urlsplit(line[1])._replace(path="/static/tokens.css").geturl(), cookie)
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert (opened.status, documents.status, style.status) == (200, 200, 200)
    assert "Ukázka" in documents.text


def _get(url: str, cookie: str = "") -> Answer:
    parts = urlsplit(url)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    return send(int(parts.netloc.rpartition(":")[2]), request.encode())
