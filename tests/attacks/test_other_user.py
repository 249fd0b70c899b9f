"""Attack 9: another user of the same computer reads the folder, asks the port, and poses as a second start."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.activating import put_activated_desk
from tests.running import OFFLINE, RunningDesk, started

NOBODY = "nobody"
PYTHON = "/usr/bin/python3"
"""The system's own: the other user need not be able to read the checkout."""

_ASK = """
import socket, sys
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
line.sendall(sys.argv[2].encode().decode("unicode_escape").encode())
line.shutdown(socket.SHUT_WR)
sys.stdout.buffer.write(b"".join(iter(lambda: line.recv(65536), b"")))
"""
_LIST = """
import os, sys
for top, _, names in os.walk(sys.argv[1], onerror=lambda failure: print(type(failure).__name__)):
    print(top, names)
"""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not Path(PYTHON).exists(),
    reason="NOT RUN: only root may ask as another user; run the tests once as root",
)


@pytest.fixture
def neighbour() -> Iterator[RunningDesk]:
    """A desk whose folder lies where everybody may go."""
    above = Path(tempfile.mkdtemp(dir="/tmp"))
    above.chmod(0o755)
    try:
        put_activated_desk(above / "desk")
        with started(above / "desk", *OFFLINE) as running:
            yield running
    finally:
        shutil.rmtree(above)


def as_nobody(script: str, *arguments: str) -> str:
    asked = subprocess.run(
        [PYTHON, "-I", "-c", script, *arguments],
        capture_output=True,
        text=True,
        user=NOBODY,
        group="nogroup",
        extra_groups=[],
        cwd="/",
        check=False,
        timeout=30,
    )
    return asked.stdout + asked.stderr


def test_9_another_user_of_the_computer_gets_no_page(neighbour: RunningDesk) -> None:
    for path in ("/", "/documents", "/settings", "/static/app.css"):
        answer = as_nobody(
            _ASK, str(neighbour.port), f"GET {path} HTTP/1.0\\r\\nHost: {neighbour.authority}\\r\\n\\r\\n"
        )
        assert answer.startswith("HTTP/1.0 401"), path


def test_9_another_user_sees_no_file_and_no_name_of_a_file(neighbour: RunningDesk) -> None:
    assert neighbour.ask("GET", "/documents").status == 200
    seen = as_nobody(_LIST, str(neighbour.folder))
    assert "PermissionError" in seen
    assert "documents.db" not in seen
    for name in ("documents.db", "keys.json", "demo-passphrase", "instance.json", "smartclient.log"):
        assert (neighbour.folder / name).exists()
        assert "PermissionError" in as_nobody("import sys; open(sys.argv[1])", str(neighbour.folder / name))


def test_9_another_user_finds_no_address_in_the_list_of_processes(neighbour: RunningDesk) -> None:
    seen = as_nobody("import sys; print(open(f'/proc/{sys.argv[1]}/cmdline').read())", str(neighbour.process.pid))
    assert "launcher.py" in seen
    assert "/open/" not in seen
    assert "PermissionError" in as_nobody(
        "import sys; open(f'/proc/{sys.argv[1]}/environ')", str(neighbour.process.pid)
    )


def test_9_another_user_cannot_claim_the_folder(neighbour: RunningDesk) -> None:
    refused = as_nobody("import sys; open(sys.argv[1], 'ab')", str(neighbour.folder / "lock"))
    assert "PermissionError" in refused
