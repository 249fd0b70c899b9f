"""Which addresses of an endpoint the desk speaks to. Light: the launcher reads it before anything else."""

import ipaddress
from urllib.parse import urlsplit


class AddressRefused(ValueError):  # noqa: N818 - a refusal
    """An address that the desk does not speak to."""


def clean_address(typed: str) -> str:
    """The address without path, query and user. Raises AddressRefused unless it is HTTPS, or HTTP to loopback."""
    parts = urlsplit(typed.strip())
    try:
        port = parts.port
    except ValueError:
        raise AddressRefused(typed) from None
    host = parts.hostname or ""
    plain = parts.scheme == "http" and _is_loopback(host)
    if not (host and (plain or parts.scheme == "https")) or parts.username or parts.query or parts.path.strip("/"):
        raise AddressRefused(typed)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
