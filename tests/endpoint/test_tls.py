"""The endpoint over TLS, as a process: a desk that has the insurer's authority speaks to it, others learn nothing."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from endpoint import demo
from localapp.domain.sync.enrolment import Advisor
from localapp.store.store import Store
from localapp.sync.connection import EndpointConnection
from localapp.sync.enrolling import begin, confirm, verify_partner
from localapp.sync.session import synchronize
from localapp.sync.tls import Authorities
from localapp.sync.transport import HttpTransport, TransportFailed
from tests.authority import Authority, Identity
from tests.endpoint.running import RunningEndpoint, command, serving
from tests.store.made_up import KEYS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def insurer(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The insurer's authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def identity(insurer: Authority) -> Identity:
    """The certificate of the server."""
    return insurer.issue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded endpoint's data."""
    found = tmp_path_factory.mktemp("tls") / "endpoint"
    demo.seed(found, publish=False)
    return found


@pytest.fixture(scope="module")
def running(folder: Path, identity: Identity) -> Iterator[RunningEndpoint]:
    """The endpoint, serving TLS."""
    with serving(folder, "--certificate", str(identity.certificate), "--key", str(identity.key)) as found:
        yield found


def test_a_desk_activates_and_synchronizes_and_keeps_the_authority(
    running: RunningEndpoint, insurer: Authority, tmp_path: Path
) -> None:
    address = f"https://127.0.0.1:{running.port}"
    connection = EndpointConnection(tmp_path, lambda: address, lambda: None, authority=insurer.pem.encode)
    store = Store.open(tmp_path / "documents.db", KEYS)
    transport = connection.transport(None)
    partner = verify_partner(transport, demo.PARTNER)
    advisor = Advisor(first_name="Alena", last_name="Z", advisor_code="alena", cnb_registration_number="012345PPZ")
    confirm(store.sync, transport, begin(store.sync, transport, partner, advisor, connection.authority))
    assert synchronize(store.sync, transport, cause="by_hand").refusal is None
    kept = store.sync.enrolment()
    assert kept is not None
    assert (kept.endpoint, kept.authority) == (address, insurer.pem)
    connection.close()
    store.close()


def test_large_bodies_pass_whole_in_both_directions(running: RunningEndpoint, insurer: Authority) -> None:
    transport = HttpTransport(f"https://127.0.0.1:{running.port}", Authorities(insurer.pem))
    typed = "9" * 3_000_000
    reply = transport.ask("POST", "/v1/partner-verifications", {}, json.dumps({"partner_number": typed}).encode())
    assert (reply.status, json.loads(reply.body)["problem"]) == (422, "malformed")
    assert len(transport.ask("GET", "/v1/openapi.json", {}).body) > 10_000
    transport.close()


def test_without_tls_nothing_is_answered(running: RunningEndpoint) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as line:
        line.sendall(b"GET /v1/ HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            assert b"HTTP" not in line.recv(65536)
        except ConnectionResetError:
            return


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_tls_1_1_is_refused(running: RunningEndpoint) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as line, pytest.raises(OSError, match=r".*"):
        old.wrap_socket(line)


def test_handshakes_that_stand_still_keep_nobody_waiting(running: RunningEndpoint, insurer: Authority) -> None:
    with ExitStack() as lines:
        for _ in range(200):
            lines.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=20)).sendall(b"\x16\x03")
        transport = HttpTransport(f"https://127.0.0.1:{running.port}", Authorities(insurer.pem))
        assert transport.ask("GET", "/v1/", {}).status == 200
        transport.close()


def test_it_ends_as_told_while_a_desk_holds_its_line(folder: Path, identity: Identity, insurer: Authority) -> None:
    with serving(folder, "--certificate", str(identity.certificate), "--key", str(identity.key)) as once:
        transport = HttpTransport(f"https://127.0.0.1:{once.port}", Authorities(insurer.pem))
        assert transport.ask("GET", "/v1/", {}).status == 200
        assert once.stop() == 0
        with pytest.raises(TransportFailed):
            transport.ask("GET", "/v1/", {})
        transport.close()


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--certificate", "a.pem"), 2, "--certificate and --key belong together"),
        (("--key", "a.key"), 2, "--certificate and --key belong together"),
        (("--host", "127.0.0.2"), 2, "--host 127.0.0.2 needs --certificate and --key"),
        (("--certificate", "a.pem", "--key", "a.key"), 1, "FileNotFoundError"),
        (("--certificate", __file__, "--key", __file__), 1, "SSLError"),
    ],
)
def test_what_cannot_be_served_is_told(folder: Path, options: tuple[str, ...], code: int, told: str) -> None:
    found = command("serve", folder, "--port", "0", *options)
    assert found.returncode == code
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_a_key_of_another_certificate_is_told(folder: Path, identity: Identity, insurer: Authority) -> None:
    other = insurer.issue()
    found = command("serve", folder, "--port", "0", "--certificate", str(identity.certificate), "--key", str(other.key))
    assert (found.returncode, "KEY_VALUES_MISMATCH" in found.stderr) == (1, True)
