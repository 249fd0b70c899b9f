"""What comes in, bounded before it is believed: size on the wire, size unpacked, JSON, signature headers."""

import json
import zlib
from typing import Any

from flask import Request

from endpoint.authentication import SignedRequest
from endpoint.refusal import RequestRefused
from localapp.domain.sync.operations import LARGEST
from localapp.domain.sync.signing import INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER

LARGEST_BODY = 4 * LARGEST
"""Bytes of a whole body, unpacked: the largest operation with every character of it escaped, and some room."""


def read_body(request: Request) -> bytes:
    """The body free of its content encoding. Raises RequestRefused ``too_large``, ``malformed``."""
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip"}:
        raise RequestRefused("malformed", status=415, reason="Content-Encoding")
    length = request.content_length or 0
    if length > LARGEST_BODY:
        raise RequestRefused("too_large", size=str(length), limit=str(LARGEST_BODY))
    body = request.stream.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise RequestRefused("too_large", size=f"> {LARGEST_BODY}", limit=str(LARGEST_BODY))
    return _unpacked(body) if encoding == "gzip" else body


def _unpacked(body: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(body, LARGEST_BODY + 1)
    except zlib.error:
        raise RequestRefused("malformed", status=400, reason="gzip") from None
    if len(content) > LARGEST_BODY:
        raise RequestRefused("too_large", size=f"> {LARGEST_BODY}", limit=str(LARGEST_BODY))
    if not unpacking.eof or unpacking.unused_data:
        raise RequestRefused("malformed", status=400, reason="gzip")
    return content


def read_message(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises RequestRefused ``malformed``."""
    try:
        content = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise RequestRefused("malformed", status=400, reason="JSON") from None
    if not isinstance(content, dict):
        raise RequestRefused("malformed", reason="JSON: {…}")
    return content


def signed(request: Request, body: bytes) -> SignedRequest:
    """What the request's signature covers."""
    headers = request.headers
    query = request.environ.get("QUERY_STRING", "")
    return SignedRequest(
        method=request.method,
        target=request.environ.get("PATH_INFO", "") + (f"?{query}" if query else ""),
        body=body,
        installation=headers.get(INSTALLATION_HEADER, "")[:100],
        session=headers.get(SESSION_HEADER, "")[:200],
        signature=headers.get(SIGNATURE_HEADER, "")[:200],
    )
