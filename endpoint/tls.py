"""TLS in front of the endpoint's socket: it is taken off here, and the requests go on to waitress on loopback.

waitress speaks no TLS. Handshakes have a time, lines a limit; when one side of a line ends, so does the other.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from pathlib import Path

_log = logging.getLogger("endpoint")
_HANDSHAKE_SECONDS = 10
_MOST_LINES = 1000
_PIECE = 65536


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and newer with the certificate (its chain may follow it in the file). Raises OSError, ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


class TlsFront:
    """Takes TLS connections on ``listener`` and hands what they carry to ``inner``, an address on loopback."""

    def __init__(
        self, listener: socket.socket, context: ssl.SSLContext, inner: tuple[str, int], most: int = _MOST_LINES
    ) -> None:
        self._listener, self._context, self._inner, self._most = listener, context, inner, most
        self._open = 0
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="tls", daemon=True)

    def start(self) -> None:
        """Take connections from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more, and end those that are open."""
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        self._loop.set_exception_handler(_note)
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(
            self._meet, sock=self._listener, ssl=self._context, ssl_handshake_timeout=_HANDSHAKE_SECONDS
        )
        async with server:
            await self._end.wait()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= self._most:
                await self._join(reader, writer)
        except OSError:  # one of the sides went away
            pass
        finally:
            self._open -= 1
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, inner = await asyncio.open_connection(*self._inner)
        ways = [asyncio.ensure_future(_carry(reader, inner)), asyncio.ensure_future(_carry(answers, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            inner.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(_PIECE):
        target.write(piece)
        await target.drain()


def _note(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """A failed handshake is the other side's affair; the log says of what kind it was."""
    _log.info("TLS: %s", type(context.get("exception")).__name__)
