"""A real desk in a process of its own, and raw HTTP to it without the help of a client library."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "launcher.py"
OFFLINE = ("--demo", "--endpoint", "http://127.0.0.1:1")
"""A demonstration whose endpoint cannot be reached: nothing of it is sent while a test looks."""

LINE = re.compile(r"SmartClient: (http://\S+/open/\S+)\n")


@dataclass(frozen=True)
class Answer:
    """What came back: ``headers`` with names in lower case; several of one name are joined by a line feed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")


@dataclass
class RunningDesk:
    """One started desk."""

    process: subprocess.Popen[str]
    url: str
    folder: Path

    @property
    def authority(self) -> str:
        """Its host and port."""
        return urlsplit(self.url).netloc

    @property
    def origin(self) -> str:
        """Its origin."""
        return f"http://{self.authority}"

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.authority.rpartition(":")[2])

    @cached_property
    def cookie(self) -> str:
        """A session, from the opening address (which is used up by it)."""
        answer = self.ask("GET", urlsplit(self.url).path, session=False)
        return answer.headers["set-cookie"].partition(";")[0]

    def ask(
        self,
        method: str,
        target: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        *,
        session: bool = True,
        host: str | None = "",
    ) -> Answer:
        """One request, byte for byte as given. ``host`` empty is the right one, None sends none."""
        lines = [f"{method} {target} HTTP/1.1"]
        if host is not None:
            lines.append(f"Host: {host or self.authority}")
        if session:
            lines.append(f"Cookie: {self.cookie}")
        lines += [f"{name}: {value}" for name, value in headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body)

    def send(self, data: bytes) -> Answer:
        """Send bytes, read until the end."""
        return send(self.port, data)

    def second_start(self, *options: str) -> "subprocess.CompletedProcess[str]":
        """What a second start on the same folder says."""
        return launch(["--demo", "--no-window", "--data-dir", str(self.folder), *options])


def send(port: int, data: bytes) -> Answer:
    """Send bytes to a loopback port and parse the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        line.sendall(data)
        received = b"".join(iter(lambda: line.recv(65536), b""))
    return parse(received)


def parse(received: bytes) -> Answer:
    """Status, headers and body of raw bytes."""
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.lower()
        headers[key] = f"{headers[key]}\n{value.strip()}" if key in headers else value.strip()
    return Answer(int(first.split(" ")[1]), headers, body)


def launch(options: Sequence[str], cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the launcher to its end."""
    command = [sys.executable, str(LAUNCHER), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, cwd=cwd)


@contextmanager
def started(
    folder: Path, *options: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[RunningDesk]:
    """A desk on ``folder`` until the end of the block."""
    command = [sys.executable, str(LAUNCHER), "--no-window", "--data-dir", str(folder), *options]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd or folder.parent,
        env=None if environment is None else dict(environment),
        start_new_session=True,  # what is sent to the desk's group shall not reach the tests
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = LINE.fullmatch(line)
        assert found, f"not the line that scripts rely on: {line!r}"
        yield RunningDesk(process, found[1], folder)
    finally:
        process.terminate()
        process.communicate(timeout=10)
