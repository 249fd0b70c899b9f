"""The proxy of a company's network: only the one that the advisor has entered, never one of the environment."""

import base64
import json
import re
from dataclasses import dataclass, field

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
_LONGEST = 200


class ProxyRefused(ValueError):  # noqa: N818 - a refusal
    """What was typed is no proxy; ``field`` names the part: address, user or password."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Proxy:
    """A proxy that is asked over plain HTTP to CONNECT to the endpoint. Without ``user`` it wants no login."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """Host and port, as a person writes them."""
        return f"{self.host}:{self.port}"

    def headers(self) -> dict[str, str]:
        """The header of its login."""
        if not self.user:
            return {}
        login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")
        return {"Proxy-Authorization": f"Basic {login}"}


def read_proxy(address: str, user: str = "", password: str = "") -> Proxy | None:
    """The proxy of what was typed, ``host:port`` or ``http://host:port``; None for no address. Raises ProxyRefused."""
    typed = address.strip().removeprefix("http://").rstrip("/")
    if not typed:
        return None
    host, _, port = typed.rpartition(":")
    if not _HOST.fullmatch(host) or not port.isascii() or not port.isdecimal() or not 0 < int(port[:6]) < 65536:
        raise ProxyRefused("address")
    if len(host) > _LONGEST:
        raise ProxyRefused("address")
    if ":" in user or not _fits(user):
        raise ProxyRefused("user")
    if not _fits(password):
        raise ProxyRefused("password")
    return Proxy(host.lower(), int(port), user.strip(), password)


def _fits(text: str) -> bool:
    return len(text) <= _LONGEST and text.isprintable()


def proxy_text(proxy: Proxy | None) -> str:
    """The proxy as it is kept in the encrypted store; empty for none."""
    return "" if proxy is None else json.dumps([proxy.host, proxy.port, proxy.user, proxy.password])


def kept_proxy(text: str | None) -> Proxy | None:
    """The proxy of ``proxy_text``."""
    return Proxy(*json.loads(text)) if text else None
