"""The endpoint as a process: seeded, served, stopped, exported, all by its commands."""

import json
import re
import socket
import stat
import time
from pathlib import Path

import pytest
import urllib3

from tests.endpoint.made_up import Desk
from tests.endpoint.running import RunningEndpoint, command, serving
from tests.running import send

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder filled by ``seed-demo``."""
    folder = tmp_path_factory.mktemp("seeded") / "endpoint"
    assert command("seed-demo", folder).returncode == 0
    return folder


class OverHttp:
    """Asks a running endpoint as the client of the other tests asks one in process."""

    def __init__(self, running: RunningEndpoint) -> None:
        self._base = f"http://127.0.0.1:{running.port}"
        self._pool = urllib3.PoolManager(retries=False, timeout=20)

    def post(self, path: str, data: bytes, headers: dict[str, str], content_type: str) -> "Told":
        answer = self._pool.request(
            "POST", self._base + path, body=data, headers={**headers, "Content-Type": content_type}
        )
        return Told(answer.status, answer.data.decode())

    def close(self) -> None:
        self._pool.clear()


class Told:
    """An answer."""

    def __init__(self, status: int, text: str) -> None:
        self.status_code, self.text = status, text

    def get_json(self) -> object:
        return json.loads(self.text)


def test_an_offer_travels_over_a_real_socket_and_is_exported_by_the_command(seeded: Path) -> None:
    with serving(seeded) as running:
        http = OverHttp(running)
        alena = Desk(http)  # type: ignore[arg-type]  # the same calls over a socket
        alena.enrol()
        alena.hello()
        offer = alena.completion()
        alena.push(offer)
        for _ in range(200):
            if any(facts.evaluated_at for facts in alena.pull().documents):
                break
            time.sleep(0.1)
        exported = command("export", seeded)
        assert re.search(r"\.jsonl: 1 exported, 0 left behind\n$", exported.stdout), exported.stderr
        assert [facts.exported_revision for facts in alena.pull().documents] == [1]
        http.close()
        assert running.stop() == 0
    assert [line for line in seeded.glob("exports/*.jsonl") if offer.number in line.read_text(encoding="utf-8")]
    assert "POST /v1/sync/push 200" in (seeded / "endpoint.log").read_text(encoding="utf-8")


def test_what_the_server_itself_refuses_has_the_same_shape(seeded: Path) -> None:
    with serving(seeded) as running:
        for request in (
            b"NONSENSE\r\n\r\n",
            b"POST /v1/sync/push HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
            b"POST /v1/sync/push HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            b"POST /v1/sync/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ):
            answer = send(running.port, request)
            assert 400 <= answer.status < 500, request[:40]
            assert answer.headers["smartclient-endpoint"] == "1"
            assert json.loads(answer.body)["problem"] in {"malformed", "too_large"}


def test_it_listens_on_the_loopback_interface_only(seeded: Path) -> None:
    with serving(seeded) as running, socket.socket() as other:
        other.settimeout(2)
        with pytest.raises(OSError, match=r".*"):
            other.connect((_own_address(), running.port))


def _own_address() -> str:
    """An address of this machine that is not 127.0.0.1."""
    return "127.0.0.2"


def test_a_taken_port_is_told_and_nothing_started(seeded: Path) -> None:
    with serving(seeded) as running:
        again = command("serve", seeded, "--port", str(running.port))
    assert again.returncode == 1
    assert str(running.port) in again.stderr
    assert "Traceback" not in again.stderr


def test_a_folder_without_keys_is_told(tmp_path: Path) -> None:
    for name in ("serve", "export"):
        found = command(name, tmp_path / "empty")
        assert (found.returncode, found.stderr) == (1, "KeyMissing: core.pub\n")


def test_seeding_again_changes_no_key(seeded: Path) -> None:
    keys = {path: path.read_bytes() for path in (seeded / "keys").glob("*.*")}
    assert {path.name for path in keys} == {"intake.key", "core.key", "core.pub"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert command("seed-demo", seeded).returncode == 0
    assert {path: path.read_bytes() for path in keys} == keys
    assert (seeded / "components" / "metadata" / "timestamp.json").is_file()
