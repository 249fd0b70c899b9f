"""Signed requests of one installation, and what the endpoint refuses. Source: docs/sync-protocol.md."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.refusals import REFUSALS
from localapp.domain.sync.signing import (
    INSTALLATION_HEADER,
    SESSION_HEADER,
    SIGNATURE_HEADER,
    signed_text,
    signed_text_of,
)
from localapp.sync.packing import Packed
from localapp.sync.pausing import pause_asked
from localapp.sync.transport import Reply, Transport, TransportFailed

_COMPRESSED_FROM = 2048


class Refused(Exception):  # noqa: N818 - the endpoint's decision
    """The endpoint said no. ``refusal`` is its code with facts, ``status`` the answer's, ``retry_after`` its pause."""

    def __init__(self, refusal: Refusal, status: int, retry_after: float | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal, self.status, self.retry_after = refusal, status, retry_after


class Conversation:
    """Asks the endpoint as one installation; ``session`` is what the last hello gave."""

    def __init__(self, transport: Transport, installation: str, private_key: bytes) -> None:
        self._transport = transport
        self._installation = installation
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        self.session = ""

    @property
    def public_key(self) -> str:
        """The key that the endpoint verifies requests with, as base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode("ascii")

    def ask(self, method: str, target: str, content: object = None) -> Any:  # noqa: ANN401 - JSON
        """The JSON answer to a signed request. Raises Refused, TransportFailed."""
        body = _written(content)
        return ask_json(self._transport, method, target, body, self._signed(method, target, body))

    def post_packed(self, target: str, packed: Packed, end: bytes) -> Any:  # noqa: ANN401 - JSON
        """The JSON answer to a signed POST of a body made ready but for its end. Raises Refused, TransportFailed."""
        body, digest = packed.ended(end)
        text = signed_text_of("POST", target, digest, installation=self._installation, session=self.session)
        headers = {**self._headers(text), "Content-Type": "application/json", "Content-Encoding": "gzip"}
        return _read(self._transport.ask("POST", target, headers, body))

    def head(self, target: str) -> Mapping[str, str]:
        """The headers of a signed HEAD, names in lower case. Raises Refused, TransportFailed."""
        reply = self._transport.ask("HEAD", target, self._signed("HEAD", target, b""))
        if reply.status >= 400:
            raise Refused(_refusal(None, reply.status), reply.status)
        return reply.headers

    def put(self, target: str, body: bytes, headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
        """The JSON answer to a signed PUT of plain bytes. Raises Refused, TransportFailed."""
        sent = {**self._signed("PUT", target, body), **headers, "Content-Type": "application/octet-stream"}
        return _read(self._transport.ask("PUT", target, sent, body))

    def _signed(self, method: str, target: str, body: bytes) -> dict[str, str]:
        return self._headers(signed_text(method, target, body, installation=self._installation, session=self.session))

    def _headers(self, text: bytes) -> dict[str, str]:
        return {
            INSTALLATION_HEADER: self._installation,
            SESSION_HEADER: self.session,
            SIGNATURE_HEADER: base64.b64encode(self._key.sign(text)).decode("ascii"),
        }


def _written(content: object) -> bytes:
    return b"" if content is None else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def ask_json(
    transport: Transport, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> Any:  # noqa: ANN401 - JSON
    """The JSON answer to a request; a long body travels compressed. Raises Refused, TransportFailed."""
    sent = dict(headers or {})
    if body:
        sent["Content-Type"] = "application/json"
    if len(body) >= _COMPRESSED_FROM:
        sent["Content-Encoding"] = "gzip"
        body = gzip.compress(body, 1, mtime=0)
    return _read(transport.ask(method, target, sent, body))


def _read(reply: Reply) -> Any:  # noqa: ANN401 - JSON
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        raise TransportFailed("endpoint_not_recognized") from None
    if reply.status >= 400:
        raise Refused(_refusal(found, reply.status), reply.status, pause_asked(reply.headers))
    if reply.status != 200:  # an endpoint neither redirects nor answers with nothing
        raise TransportFailed("endpoint_not_recognized")
    return found


def _refusal(found: object, status: int) -> Refusal:
    """The refusal of an answer; a code that this version does not know is a failure of the endpoint to us."""
    part = found if isinstance(found, dict) else {}
    code, facts = part.get("problem"), part.get("facts")
    if not isinstance(code, str) or code not in REFUSALS:
        return Refusal("endpoint_failed", {"status": code[:40] if isinstance(code, str) and code else str(status)})
    told = facts if isinstance(facts, dict) else {}
    return Refusal(code, {str(name): str(value) for name, value in told.items()})
