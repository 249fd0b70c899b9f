"""A server on this computer that answers whatever a test wants, byte by byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[socket.socket], None]


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """The address of a server that reads one request of each connection and lets ``answer`` speak."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, answer), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def answer_of(status: str, body: bytes = b"", *headers: str, ours: bool = True, length: int | None = None) -> Answer:
    """A whole answer; ``ours`` marks it as an endpoint's."""
    mark = ["SmartClient-Endpoint: 1"] if ours else []
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *mark, *headers]
    whole = "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body
    return lambda line: line.sendall(whole)


def _serve(listener: socket.socket, answer: Answer) -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:  # the test has ended
            return
        with line:
            try:
                line.recv(65536)
                answer(line)
            except OSError:  # the other side went away
                continue
