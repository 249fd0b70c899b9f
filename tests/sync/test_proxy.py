"""The proxy of a company's network: only the one that was entered, asked to CONNECT, and its troubles told apart."""

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from localapp.domain.sync.messages import Refusal
from localapp.sync.proxy import Proxy, ProxyRefused, kept_proxy, proxy_text, read_proxy
from localapp.sync.proxy_login import offered
from localapp.sync.tls import Authorities
from localapp.sync.transport import HttpTransport, TransportFailed
from localapp.web.wording import told
from tests.authority import Authority
from tests.sync.serving import served
from tests.sync.test_tls import Listening, listening

PASSWORD = "heslo č. 1"
LOGIN = "Basic " + base64.b64encode(f"alena:{PASSWORD}".encode()).decode()


class RealProxy:
    """A proxy on this computer that wants a login; ``answer`` replaces what it says to CONNECT."""

    def __init__(self, answer: bytes = b"") -> None:
        self.answer, self.asked = answer, list[str]()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:  # the test has ended
                return
            threading.Thread(target=self._meet, args=(line,), daemon=True).start()

    def _meet(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            head = line.recv(65536).decode("latin-1")
            self.asked.append(head.split("\r\n")[0])
            if self.answer:
                line.sendall(self.answer)
            elif f"Proxy-Authorization: {LOGIN}" not in head:
                line.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n")
            else:
                self._join(line, head.split(" ")[1])

    @staticmethod
    def _join(line: socket.socket, target: str) -> None:
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=20) as other:
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_carry, args=(other, line), daemon=True)
            back.start()
            _carry(line, other)
            back.join(timeout=20)


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def proxying(answer: bytes = b"") -> Iterator[RealProxy]:
    found = RealProxy(answer)
    try:
        yield found
    finally:
        found.listener.close()


@pytest.fixture
def insurer(tmp_path: Path) -> Authority:
    """The insurer's authority."""
    return Authority(tmp_path / "insurer")


@pytest.fixture
def endpoint(insurer: Authority) -> Iterator[Listening]:
    """A server of the insurer's."""
    with listening(insurer.issue().context()) as found:
        yield found


def through(port: int, user: str = "alena", password: str = PASSWORD) -> Proxy:
    return Proxy("127.0.0.1", port, user, password)


def refusal_of(endpoint: Listening, authority: Authority, proxy: Proxy) -> Refusal:
    transport = HttpTransport(endpoint.address, Authorities(authority.pem), proxy)
    with pytest.raises(TransportFailed) as found:
        transport.ask("GET", "/v1/", {"X-Secret": "Nováková"})
    transport.close()
    assert "{" not in told(found.value.refusal)
    return found.value.refusal


def test_the_endpoint_is_reached_through_it_and_it_sees_nothing_but_the_address(
    endpoint: Listening, insurer: Authority
) -> None:
    with proxying() as proxy:
        transport = HttpTransport(endpoint.address, Authorities(insurer.pem), through(proxy.port))
        assert transport.ask("GET", "/v1/", {}).body == b"{}"
        transport.close()
        (asked,) = proxy.asked
        assert asked.startswith(f"CONNECT {endpoint.address.removeprefix('https://')} HTTP/1.")
    assert b"Proxy-Authorization" not in endpoint.heard


@pytest.mark.parametrize("login", [("", ""), ("alena", "jiné"), ("bořek", PASSWORD)])
def test_a_login_that_is_not_accepted_is_told(endpoint: Listening, insurer: Authority, login: tuple[str, str]) -> None:
    with proxying() as proxy:
        refusal = refusal_of(endpoint, insurer, through(proxy.port, *login))
        assert refusal == Refusal("proxy_login", {"proxy": f"127.0.0.1:{proxy.port}"})
    assert endpoint.heard == b""


@pytest.mark.parametrize(
    ("offers", "code"),
    [
        (["NTLM"], "proxy_login_windows"),
        (["Negotiate", "NTLM TlRMTVNTUAAC"], "proxy_login_windows"),
        (["Negotiate", "NTLM", 'Basic realm="firma"'], "proxy_login"),
        (["Digest realm=x"], "proxy_login"),
        ([], "proxy_login"),
    ],
)
def test_a_proxy_that_takes_nothing_but_the_windows_account_is_told_with_whom_to_ask(
    endpoint: Listening, insurer: Authority, offers: list[str], code: str
) -> None:
    lines = ["HTTP/1.1 407 Proxy Authentication Required", *(f"Proxy-Authenticate: {each}" for each in offers)]
    with proxying(("\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode()) as proxy:
        assert refusal_of(endpoint, insurer, through(proxy.port)).code == code
    assert endpoint.heard == b""


def test_a_proxy_that_says_nothing_the_second_time_is_told_as_before() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert offered(Proxy("127.0.0.1", port), "insurer.test:443") == frozenset()


@pytest.mark.parametrize("status", ["403 Forbidden", "302 Found", "502 Bad Gateway"])
def test_a_connection_that_is_not_let_through_is_told_with_the_proxys_status(
    endpoint: Listening, insurer: Authority, status: str
) -> None:
    with proxying(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()) as proxy:
        refusal = refusal_of(endpoint, insurer, through(proxy.port))
    assert (refusal.code, refusal.facts["status"]) == ("proxy_refused", status[:3])
    assert endpoint.heard == b""


def test_a_proxy_that_is_not_there_is_told(endpoint: Listening, insurer: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    refusal = refusal_of(endpoint, insurer, through(port))
    assert refusal == Refusal("proxy_unreachable", {"proxy": f"127.0.0.1:{port}"})


def test_a_proxy_that_opens_the_connection_is_told_with_its_authority(
    endpoint: Listening, insurer: Authority, tmp_path: Path
) -> None:
    company = Authority(tmp_path / "company", "Firma Proxy CA")
    with listening(company.issue().context()) as opened, proxying() as proxy:
        proxy._join = lambda line, _target: RealProxy._join(line, opened.address.removeprefix("https://"))  # type: ignore[method-assign, assignment]
        refusal = refusal_of(endpoint, insurer, through(proxy.port))
        assert refusal == Refusal("tls_intercepted", {"host": "127.0.0.1", "issuer": "Firma Proxy CA"})
        assert opened.heard == b""


def test_what_stays_on_this_computer_needs_no_proxy() -> None:
    def answer(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nSmartClient-Endpoint: 1\r\nContent-Length: 2\r\n\r\n{}")

    with proxying() as proxy, served(answer) as address:
        transport = HttpTransport(address, proxy=through(proxy.port))
        assert transport.ask("GET", "/v1/", {}).body == b"{}"
        transport.close()
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("proxy.firma.cz:3128", "proxy.firma.cz:3128"),
        (" http://Proxy.Firma.cz:8080/ ", "proxy.firma.cz:8080"),
        ("10.0.0.1:1", "10.0.0.1:1"),
    ],
)
def test_a_proxy_is_read_and_kept(typed: str, address: str) -> None:
    proxy = read_proxy(typed, "alena", "heslo")
    assert proxy is not None
    assert (proxy.address, proxy.user, proxy.password) == (address, "alena", "heslo")
    assert kept_proxy(proxy_text(proxy)) == proxy
    assert "heslo" not in repr(proxy)


def test_no_address_is_no_proxy() -> None:
    assert read_proxy("  ", "alena", "heslo") is None
    assert (kept_proxy(proxy_text(None)), kept_proxy(None)) == (None, None)


@pytest.mark.parametrize(
    ("typed", "user", "password", "field"),
    [
        *((each, "", "", "address") for each in ("proxy", "proxy:", ":3128", "proxy:0", "proxy:65536", "p:9999999999")),
        *((each, "", "", "address") for each in ("https://p:1", "socks5://p:1", "a@p:1", "p/x:1", "p:1/x", "p\r\nX:1")),
        ("proxy:1", "a:b", "", "user"),
        ("proxy:1", "a\r\nX: 1", "", "user"),
        ("proxy:1", "a" * 201, "", "user"),
        ("proxy:1", "a", "b\n", "password"),
    ],
)  # fmt: skip
def test_what_is_no_proxy_is_refused(typed: str, user: str, password: str, field: str) -> None:
    with pytest.raises(ProxyRefused) as found:
        read_proxy(typed, user, password)
    assert found.value.field == field
