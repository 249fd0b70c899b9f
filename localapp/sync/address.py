"""Which addresses of an endpoint the desk speaks to. Light: the launcher reads it before anything else."""

import ipaddress
import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*", re.ASCII)
_USUAL_PORT = {"http": 80, "https": 443}


class AddressRefused(ValueError):  # noqa: N818 - a refusal
    """An address that the desk does not speak to."""


def clean_address(typed: str) -> str:
    """The address without path, query and user. Raises AddressRefused unless it is HTTPS, or HTTP to loopback."""
    try:
        parts = urlsplit(typed.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise AddressRefused(typed) from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    more = "@" in parts.netloc or parts.query or parts.fragment or parts.path.strip("/")
    if not is_safe or not _HOST.fullmatch(host) or more or port == 0:
        raise AddressRefused(typed)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in {None, _USUAL_PORT[parts.scheme]} else "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
