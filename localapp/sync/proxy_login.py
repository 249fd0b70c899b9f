"""Which logins a proxy offers, asked once more after it has refused one: the reason for the sentence, nothing else.

What opens the tunnel keeps the status alone. So the same CONNECT is sent again and only the head of its answer read.
"""

import contextlib
import re
import socket

from localapp.sync.proxy import Proxy

_MOST, _SECONDS = 16 * 1024, 5.0
_OFFERED = re.compile(rb"^proxy-authenticate:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
OF_WINDOWS = frozenset({"ntlm", "negotiate", "kerberos"})
"""Logins with the account of the computer. They need more than a name and a password."""


def wants_account_of_windows(proxy: Proxy, host: str) -> bool:
    """Whether the proxy takes nothing but the login of Windows; False where it cannot be told."""
    found = offered(proxy, host)
    return bool(found & OF_WINDOWS) and "basic" not in found


def offered(proxy: Proxy, host: str) -> frozenset[str]:
    """The names of the logins that the proxy offers for a connection to ``host``, in lower case."""
    lines = [
        f"CONNECT {host} HTTP/1.1",
        f"Host: {host}",
        *(f"{name}: {text}" for name, text in proxy.headers().items()),
    ]
    head = b""
    with contextlib.suppress(OSError), socket.create_connection((proxy.host, proxy.port), timeout=_SECONDS) as line:
        line.settimeout(_SECONDS)
        line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace"))
        while b"\r\n\r\n" not in head and len(head) < _MOST and (part := line.recv(4096)):
            head += part
    return frozenset(name.decode("ascii").lower() for name in _OFFERED.findall(head.partition(b"\r\n\r\n")[0]))
