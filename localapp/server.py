"""The server: a socket on the loopback interface bound before anything heavy is imported, and waitress on it."""

import contextlib
import secrets
import socket
import sys
import threading
from typing import TYPE_CHECKING

from localapp.config import Refused
from localapp.system_reasons import reason

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 8 * 1024 * 1024  # the pages refuse more than 2 MB, in words; this is where reading stops
_NEVER_TO_DISK = 64 * 1024 * 1024
_SETTINGS = {
    "threads": 8,
    "ident": None,
    "connection_limit": 1000,  # with waitress's 100, a hundred half-open connections would stop the desk
    "channel_timeout": 30,
    "cleanup_interval": 5,
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": True,
    "max_request_body_size": LARGEST_BODY,
    "max_request_header_size": 256 * 1024,  # the door refuses more than 32 kB, having read it all
    "inbuf_overflow": _NEVER_TO_DISK,  # an overflowing buffer would be a plain temporary file with a client's data
    "outbuf_overflow": _NEVER_TO_DISK,
}


def bind(port: int) -> socket.socket:
    """A listening socket on the loopback interface; ``port`` 0 means any. Raises Refused ``server.port``."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(256)
    except OSError as problem:
        listener.close()
        raise Refused(
            "server.port",
            f"Port {port} nelze použít ({reason(problem.strerror, 'cs')}). Vynechte --port, vybere se volný.",
            f"Port {port} cannot be used ({reason(problem.strerror, 'en')}). Leave out --port and a free one is taken.",
        ) from problem
    return listener


def choose_host() -> str:
    """A host name of this run alone, so that pages of other local servers do not get our cookie (cookies ignore ports).

    Where the system does not resolve such names it is 127.0.0.1, so that scripts can follow the address too.
    """
    name = f"sc-{secrets.token_hex(4)}.localhost"
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(name, None, socket.AF_INET)}
    except OSError:
        return LOOPBACK
    return name if found == {LOOPBACK} else LOOPBACK


class Server:
    """Serves one application on one socket in threads of its own."""

    def __init__(self, listener: socket.socket, application: "WSGIApplication") -> None:
        from localapp.channel import Channel, create_server  # noqa: PLC0415 - imported after the socket listens

        self._map: dict[int, object] = {}
        self._server = create_server(application, map=self._map, sockets=[listener], **_SETTINGS)
        self._server.channel_class = Channel
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="server", daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop within a second: no new requests, running ones may finish, late ones are cut off."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._server.pull_trigger()
        self._thread.join(timeout=0.5)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.5)
        self._close_all()

    def _serve(self) -> None:
        from waitress import wasyncore  # noqa: PLC0415 - as above

        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)

    def _close_all(self) -> None:
        from waitress import wasyncore  # noqa: PLC0415 - as above

        self._server.trigger.close()
        wasyncore.close_all(self._map, ignore_all=True)
