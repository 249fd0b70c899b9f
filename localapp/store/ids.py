"""Identifiers made on this machine: UUID version 7 (RFC 9562), ordered roughly by time."""

import secrets
import uuid

from localapp import clock


def new_id() -> str:
    """A fresh UUIDv7 as text. Its time part only keeps neighbours together; no decision reads it."""
    milliseconds = int(clock.now().timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
