"""A line that counts what goes to the endpoint, and is cut once, whole, after so many bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 16_384


class CountedLine:
    """Listens on the loopback interface and passes on to a port there. ``sent`` counts bytes towards that port."""

    def __init__(self, to_port: int, cut_after: int | None) -> None:
        self._to, self._cut_after = to_port, cut_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.sent = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no further connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                for each in (near, far):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(near, far), kwargs={"up": True}, daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near), kwargs={"up": False}, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, *, up: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self.sent += len(piece) if up else 0
                if up and self._cut_after is not None and self.sent >= self._cut_after:
                    self._cut_after = None
                    break
                target.sendall(piece)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def counted_line(to_port: int, cut_after: int | None = None) -> Iterator[CountedLine]:
    """Such a line until the end of the block."""
    line = CountedLine(to_port, cut_after)
    try:
        yield line
    finally:
        line.close()
