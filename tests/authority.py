"""A certificate authority of a test, and certificates right and wrong."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


def now() -> datetime:
    """The time by which TLS judges: the system's, whatever a test has moved."""
    return datetime.now(UTC)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass(frozen=True)
class Identity:
    """What a server shows: files of its certificate and key."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """A server's side with them."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class Authority:
    """Somebody who issues certificates into ``folder``."""

    def __init__(self, folder: Path, name: str = "Pojišťovna CA") -> None:
        self._folder, self.name = folder, name
        self._key = generate_private_key(SECP256R1())

    @cached_property
    def _own(self) -> x509.Certificate:
        draft = _draft(named(self.name), named(self.name), self._key, now() - 400 * DAY, now() + 4000 * DAY)
        limits = x509.BasicConstraints(ca=True, path_length=0)
        return draft.add_extension(limits, critical=True).sign(self._key, hashes.SHA256())

    @cached_property
    def pem(self) -> str:
        """The certificate that a desk is given."""
        return self._own.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def issue(self, host: str = "127.0.0.1", *, since: timedelta = -DAY, until: timedelta = DAY) -> Identity:
        """A certificate for a host, valid from and to so far from now."""
        key = generate_private_key(SECP256R1())
        draft = _draft(named(host), self._own.subject, key, now() + since, now() + until)
        signed = draft.add_extension(_names(host), critical=False).sign(self._key, hashes.SHA256())
        return self._written(signed, key)

    def self_signed(self, host: str = "127.0.0.1") -> Identity:
        """A certificate that nobody vouches for."""
        key = generate_private_key(SECP256R1())
        draft = _draft(named(host), named(host), key, now() - DAY, now() + DAY)
        return self._written(draft.add_extension(_names(host), critical=False).sign(key, hashes.SHA256()), key)

    def _written(self, certificate: x509.Certificate, key: EllipticCurvePrivateKey) -> Identity:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{certificate.serial_number:x}"[:12]
        found = Identity(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        found.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        bare = serialization.NoEncryption()
        found.key.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, bare)
        )  # fmt: skip
        return found


def _names(host: str) -> x509.SubjectAlternativeName:
    try:
        return x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    except ValueError:
        return x509.SubjectAlternativeName([x509.DNSName(host)])


def _draft(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
