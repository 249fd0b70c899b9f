"""What no push can do without: one POST of the same documents as one gzip body to a server that unpacks, reads and
stores them in one durable transaction. ``python -m tests.bench.floor FILE`` serves it and prints its port.
"""

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer

from tests.running import ROOT

_LEVEL = 1  # the cheapest


def body_of(texts: Sequence[str]) -> bytes:
    """The documents as JSON lines."""
    return "\n".join(
        json.dumps({"id": str(place), "doc": json.loads(each)}) for place, each in enumerate(texts)
    ).encode()


def send(port: int, body: bytes) -> None:
    """One POST, answered when all is durable."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", gzip.compress(body, _LEVEL))
    if connection.getresponse().read() != b"{}":
        raise AssertionError
    connection.close()


@contextmanager
def serving_floor(place: str) -> Iterator[int]:
    """The server in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.bench.floor", place]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _serve(place: str) -> None:
    connection = sqlite3.connect(place, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE d (id TEXT PRIMARY KEY, body TEXT)"
    )

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1  # one packet for an answer
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"])))
            rows = [json.loads(line) for line in body.splitlines()]
            connection.execute("BEGIN IMMEDIATE")
            stored = ((row["id"], json.dumps(row["doc"], ensure_ascii=False)) for row in rows)
            connection.executemany("INSERT OR REPLACE INTO d VALUES (?, ?)", stored)
            connection.execute("COMMIT")
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _serve(sys.argv[1])
