"""Attack 34: only a server that the insurer's authority vouches for is believed, and what is wrong is told apart."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from localapp.domain.sync.messages import Refusal
from localapp.sync.connection import EndpointConnection
from localapp.sync.tls import Authorities
from localapp.sync.transport import HttpTransport, TransportFailed
from localapp.web.wording import told
from tests.authority import DAY, Authority
from tests.sync.serving import answer_of

OURS = answer_of("200 OK", b"{}")


@pytest.fixture
def insurer(tmp_path: Path) -> Authority:
    """The insurer's authority."""
    return Authority(tmp_path / "insurer")


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """An antivirus, or a company's proxy, that makes its own certificates."""
    return Authority(tmp_path / "stranger", "Štít Webu Root CA")


class Listening:
    """A TLS server on this computer; ``heard`` is all that it was told."""

    def __init__(self, context: ssl.SSLContext | None, answer: object = OURS) -> None:
        self.context, self.answer, self.heard = context, answer, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:  # the test has ended
                return
            try:
                line = self.context.wrap_socket(plain, server_side=True) if self.context else plain
                with line:
                    self.heard += line.recv(65536)
                    self.answer(line)  # type: ignore[operator]  # an Answer
            except OSError:  # refused by the desk
                plain.close()


@contextmanager
def listening(context: ssl.SSLContext | None, answer: object = OURS) -> Iterator[Listening]:
    found = Listening(context, answer)
    try:
        yield found
    finally:
        found.listener.close()


def refusal_of(server: Listening, authorities: Authorities, address: str = "") -> Refusal:
    transport = HttpTransport(address or server.address, authorities, seconds=10)
    with pytest.raises(TransportFailed) as found:
        transport.ask("POST", "/v1/sync/hello", {"X-Secret": "Nováková"}, b"{}")
    transport.close()
    assert "{" not in told(found.value.refusal)
    return found.value.refusal


def test_34_a_server_of_the_insurers_authority_is_believed(insurer: Authority) -> None:
    with listening(insurer.issue().context()) as server:
        transport = HttpTransport(server.address, Authorities(insurer.pem))
        assert transport.ask("GET", "/v1/", {}).body == b"{}"
        transport.close()
    with listening(insurer.issue("localhost").context()) as server:
        transport = HttpTransport(server.address.replace("127.0.0.1", "localhost"), Authorities(insurer.pem))
        assert transport.ask("GET", "/v1/", {}).body == b"{}"
        transport.close()


def test_34_a_certificate_of_somebody_elses_authority_is_told_with_his_name(
    insurer: Authority, stranger: Authority
) -> None:
    with listening(stranger.issue().context()) as server:
        refusal = refusal_of(server, Authorities(insurer.pem, insurer.pem))
        assert refusal == Refusal("tls_intercepted", {"host": "127.0.0.1", "issuer": "Štít Webu Root CA"})
        assert server.heard == b""


def test_34_a_certificate_that_nobody_vouches_for_is_told_alike(insurer: Authority) -> None:
    with listening(insurer.self_signed().context()) as server:
        assert refusal_of(server, Authorities(insurer.pem)).code == "tls_intercepted"
        assert server.heard == b""


def test_34_an_expired_certificate_is_told_with_both_days(insurer: Authority) -> None:
    with listening(insurer.issue(since=-9 * DAY, until=-2 * DAY).context()) as server:
        refusal = refusal_of(server, Authorities(insurer.pem))
        assert refusal.code == "tls_expired"
        assert refusal.facts["until"] < refusal.facts["today"]
        assert server.heard == b""


def test_34_a_certificate_of_the_future_tells_of_the_computers_clock(insurer: Authority) -> None:
    with listening(insurer.issue(since=3 * DAY, until=9 * DAY).context()) as server:
        refusal = refusal_of(server, Authorities(insurer.pem))
        assert refusal.code == "tls_not_yet_valid"
        assert refusal.facts["since"] > refusal.facts["today"]


@pytest.mark.parametrize("name", ["localhost", "smartclient.example.cz", "127.0.0.9"])
def test_34_a_certificate_of_another_host_is_told_with_its_name(insurer: Authority, name: str) -> None:
    with listening(insurer.issue(name).context()) as server:
        refusal = refusal_of(server, Authorities(insurer.pem))
        assert refusal == Refusal("tls_other_host", {"host": "127.0.0.1", "names": name})
        assert server.heard == b""


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_34_tls_1_1_is_refused(insurer: Authority) -> None:
    context = insurer.issue().context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with listening(context) as server:
        assert refusal_of(server, Authorities(insurer.pem)) == Refusal("tls_refused", {"host": "127.0.0.1"})


def test_34_a_plain_page_in_the_place_of_tls_is_a_network_that_wants_a_login(insurer: Authority) -> None:
    page = answer_of("302 Found", b"", "Location: http://login.hotel.example/", ours=False)
    with listening(None, page) as server:
        assert refusal_of(server, Authorities(insurer.pem)).code == "network_login"


def test_34_a_redirect_to_plain_http_is_not_followed(insurer: Authority) -> None:
    with listening(None) as plain:
        elsewhere = plain.address.replace("https", "http")
        moved = answer_of("307 Moved", b"", f"Location: {elsewhere}/v1/")
        with listening(insurer.issue().context(), moved) as server:
            transport = HttpTransport(server.address, Authorities(insurer.pem))
            assert transport.ask("GET", "/v1/", {}).status == 307
            transport.close()
        assert plain.heard == b""


def test_34_the_environment_changes_neither_the_authority_nor_the_way(
    insurer: Authority, stranger: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(stranger.pem, encoding="ascii")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(bundle))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    with listening(stranger.issue().context()) as server, listening(None) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.address.replace("https", "http"))
        assert refusal_of(server, Authorities(insurer.pem)).code == "tls_intercepted"
        assert (server.heard, proxy.heard) == (b"", b"")
    assert not (tmp_path / "keys.log").exists()


def test_34_without_an_authority_nobody_is_believed(insurer: Authority) -> None:
    with listening(insurer.issue().context()) as server:
        assert refusal_of(server, Authorities()).code == "tls_intercepted"


@pytest.mark.parametrize("found", [None, b"", b"\xff\x00", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_34_an_installation_without_a_usable_authority_says_so(tmp_path: Path, found: bytes | None) -> None:
    alone = EndpointConnection(tmp_path, lambda: "https://a.example.cz", lambda: None, authority=lambda: found)
    with pytest.raises(TransportFailed) as refused:
        alone.transport(None)
    assert refused.value.refusal.code == "tls_authority_missing"


def test_34_another_authority_later_is_refused_until_activated_again(
    insurer: Authority, stranger: Authority, tmp_path: Path
) -> None:
    with listening(stranger.issue().context()) as server:
        kept = EndpointConnection(tmp_path, lambda: None, lambda: None, authority=stranger.pem.encode)
        with pytest.raises(TransportFailed) as found:
            kept.transport(server.address, insurer.pem).ask("GET", "/v1/", {})
        assert found.value.refusal == Refusal("tls_authority_other", {"host": "127.0.0.1"})
        assert server.heard == b""
        assert kept.transport(server.address).ask("GET", "/v1/", {}).body == b"{}"
        kept.close()


def test_34_the_pinned_authority_goes_on_when_another_file_is_put_in_its_place(
    insurer: Authority, stranger: Authority, tmp_path: Path
) -> None:
    with listening(insurer.issue().context()) as server:
        kept = EndpointConnection(tmp_path, lambda: None, lambda: None, authority=stranger.pem.encode)
        assert kept.transport(server.address, insurer.pem).ask("GET", "/v1/", {}).body == b"{}"
        kept.close()


def test_34_a_silent_server_is_given_up(insurer: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hole:
        transport = HttpTransport(f"https://127.0.0.1:{hole.getsockname()[1]}", Authorities(insurer.pem), seconds=0.2)
        with pytest.raises(TransportFailed) as found:
            transport.ask("GET", "/v1/", {})
        transport.close()
    assert found.value.refusal.code == "endpoint_unreachable"
