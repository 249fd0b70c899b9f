"""A line that breaks: every connection through it is cut after a random number of bytes, in either direction."""

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 4096
_LONGEST, _NEVER = 5_000, 1 << 40
WHOLE = 0.3
"""The share of connections that are left alone."""


class CuttingLine:
    """Listens on the loopback interface and passes on to a port there, until it is cut."""

    def __init__(self, to_port: int, chance: random.Random) -> None:
        self._to, self._chance = to_port, chance
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.cuts = self.connections = 0
        threading.Thread(target=self._accept, name="cutting line", daemon=True).start()

    def close(self) -> None:
        """Take no further connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._to), timeout=2)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        limits = [_NEVER if self._chance.random() < WHOLE else self._chance.randint(1, _LONGEST)] * 2
        limits[self._chance.randint(0, 1)] = _NEVER
        with near, far:
            back = threading.Thread(target=self._pass, args=(far, near, limits[1]), daemon=True)
            back.start()
            self._pass(near, far, limits[0])
            back.join()

    def _pass(self, source: socket.socket, target: socket.socket, limit: int) -> None:
        with suppress(OSError):
            while limit > 0 and (piece := source.recv(min(_PIECE, limit))):
                limit -= len(piece)
                target.sendall(piece)
        self.cuts += limit <= 0
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting_line(to_port: int, chance: random.Random) -> Iterator[CuttingLine]:
    """Such a line until the end of the block."""
    line = CuttingLine(to_port, chance)
    try:
        yield line
    finally:
        line.close()
