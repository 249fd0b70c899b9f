"""TLS to the insurer: only its own certificate authority is believed, never the system's or the environment's.

What went wrong is told apart, as its remedies differ: somebody in between, an old certificate, another host, a clock.
"""

import contextlib
import http.client
import ssl
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.sync.proxy import Proxy

_SECONDS = 5.0
_NOT_YET, _EXPIRED, _HOST, _ADDRESS = 9, 10, 62, 64  # X509_V_ERR_… of OpenSSL
_PLAIN = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})


@dataclass(frozen=True)
class Authorities:
    """Certificates of the insurer's authority, as PEM: the one of the activation, and the installation's.

    A connection is made by ``pinned`` only; ``delivered`` tells a new authority of the insurer from a stranger's.
    """

    pinned: str = ""
    delivered: str = ""


def client_context(authority: str) -> ssl.SSLContext:
    """TLS 1.2 and newer, believing nobody but ``authority``. Raises ValueError where that is no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authority:
        try:
            context.load_verify_locations(cadata=authority)
        except (ssl.SSLError, TypeError):  # TypeError: not ASCII
            raise ValueError("no certificate") from None
    return context


def is_authority(text: str) -> bool:
    """Whether a text is the certificate of an authority."""
    try:
        return bool(text) and bool(client_context(text).get_ca_certs())
    except ValueError:
        return False


def judged(error: ssl.SSLError, address: str, authorities: Authorities, proxy: Proxy | None) -> Refusal:
    """Why a handshake failed. Looks at the server's certificate once more, with nothing sent but the handshake."""
    host = urlsplit(address).hostname or ""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return _of_the_handshake(error, host)
    shown = _shown(address, proxy, _unverified())
    today = clock.today().isoformat()
    if error.verify_code == _EXPIRED:
        return Refusal(
            "tls_expired", {"host": host, "today": today, "until": _day(shown.not_valid_after_utc if shown else None)}
        )
    if error.verify_code == _NOT_YET:
        since = _day(shown.not_valid_before_utc if shown else None)
        return Refusal("tls_not_yet_valid", {"host": host, "today": today, "since": since})
    if error.verify_code in {_HOST, _ADDRESS}:
        return Refusal("tls_other_host", {"host": host, "names": _names(shown)})
    new = authorities.delivered if authorities.delivered != authorities.pinned else ""
    if is_authority(new) and _shown(address, proxy, client_context(new)):
        return Refusal("tls_authority_other", {"host": host})
    return Refusal("tls_intercepted", {"host": host, "issuer": _issuer(shown)})


def _of_the_handshake(error: ssl.SSLError, host: str) -> Refusal:
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Refusal("endpoint_unreachable", {})
    return Refusal("network_login", {}) if error.reason in _PLAIN else Refusal("tls_refused", {"host": host})


def _unverified() -> ssl.SSLContext:
    """A handshake that believes everybody: to see a certificate, nothing more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shown(address: str, proxy: Proxy | None, context: ssl.SSLContext) -> x509.Certificate | None:
    """The certificate that the server shows; None where the handshake fails by the context."""
    parts = urlsplit(address)
    target = (parts.hostname or "", parts.port or 443)
    first = (proxy.host, proxy.port) if proxy else target
    line = http.client.HTTPSConnection(*first, timeout=_SECONDS, context=context)
    if proxy:
        line.set_tunnel(*target, headers=proxy.headers())
    with contextlib.closing(line), contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        line.connect()
        found = line.sock.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(found) if found else None
    return None


def _issuer(shown: x509.Certificate | None) -> str:
    """Who issued a certificate, as he names himself; a few words at most."""
    if shown is None:
        return "–"
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for each in shown.issuer.get_attributes_for_oid(oid):
            return _plain(str(each.value))
    return "–"


def _names(shown: x509.Certificate | None) -> str:
    with contextlib.suppress(x509.ExtensionNotFound, ValueError, AttributeError):
        assert shown is not None  # noqa: S101 - else there are no names
        found = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return _plain(", ".join(str(each.value) for each in found)) or "–"
    return "–"


def _plain(text: str) -> str:
    """A stranger's words, without what is not shown."""
    return "".join(each for each in text if each.isprintable())[:80]


def _day(moment: datetime | None) -> str:
    return moment.astimezone(clock.PRAGUE).date().isoformat() if moment else "–"
