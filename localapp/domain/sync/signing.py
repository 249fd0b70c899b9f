"""Signed requests: what an installation signs with its Ed25519 key. Source: ARCHITECTURE.md, "Who is who"."""

import hashlib

INSTALLATION_HEADER = "SmartClient-Installation"
SESSION_HEADER = "SmartClient-Session"
SIGNATURE_HEADER = "SmartClient-Signature"
ENDPOINT_HEADER = "SmartClient-Endpoint"
"""Every answer of an endpoint carries it; an answer without it is somebody else's (a captive portal, a proxy)."""


def signed_text(method: str, target: str, body: bytes, *, installation: str, session: str) -> bytes:
    """The bytes that are signed.

    ``target`` is path and query as sent, ``body`` the bytes before any content encoding, ``session`` the value that the
    last hello gave (empty for hello and for the calls of enrolment), so that a captured request is worth nothing later.
    """
    digest = hashlib.sha256(body).hexdigest()
    return signed_text_of(method, target, digest, installation=installation, session=session)


def signed_text_of(method: str, target: str, digest: str, *, installation: str, session: str) -> bytes:
    """The same, where the SHA-256 of the body is known (lower-case hex)."""
    return f"smartclient/1\n{method.upper()}\n{target}\n{installation}\n{session}\n{digest}".encode()
