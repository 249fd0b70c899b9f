"""Attack 23: names of files that lead out of the folder of static files."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from localapp.web import application
from tests.running import RunningDesk

NAMES = [
    "../launcher.py",
    "%2e%2e/launcher.py",
    "..%2flauncher.py",
    "..%5claunch.py",
    "%2e%2e%5c%2e%2e%5cx",
    "vendor/../../launcher.py",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "C:/Windows/win.ini",
    "C:%5cWindows%5cwin.ini",
    "%5c%5cserver%5cshare",
    "CON",
    "tokens.css%00",
    "%00",
    "tokens.css%00.png",
    "./tokens.css",
    "vendor//SHA256SUMS",
    "vendor",
    "vendor/",
    "",
    ".",
    "..",
    "tokens.css/",
    "tokens.css ",
    "TOKENS.CSS",
    "..%c0%afx",
    "%252e%252e/launcher.py",
    "....//launcher.py",
    "../static-evil/x",
]


@pytest.mark.parametrize("name", NAMES)
def test_23_no_name_leads_out_of_the_folder(target: RunningDesk, name: str) -> None:
    answer = target.ask("GET", f"/static/{name}")
    assert answer.status in {400, 404}
    assert "root:" not in answer.text
    assert "localapp" not in answer.text


def test_23_neither_a_link_nor_a_sibling_folder_is_served(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    (root / "static").mkdir(parents=True)
    (root / "static-evil").mkdir()
    (root / "static" / "own.css").write_text("own")
    (root / "static-evil" / "x.css").write_text("secret")
    (root / "static" / "link.css").symlink_to(root / "static-evil" / "x.css")
    (root / "static" / "folder").symlink_to(root / "static-evil")
    client.get("/static/missing.css")  # the texts of that page are read while they can be found
    monkeypatch.setattr("localapp.paths.root", lambda: root)
    application._static_files.cache_clear()
    try:
        served = {name: client.get(f"/static/{name}").status_code for name in ("own.css", "link.css", "folder/x.css")}
        sibling = client.get("/static/../static-evil/x.css").status_code
    finally:
        application._static_files.cache_clear()
    assert served == {"own.css": 200, "link.css": 404, "folder/x.css": 404}
    assert sibling == 404
