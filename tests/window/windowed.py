"""A real desk that is started with its window."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from localapp.window.reasons import ROOT_SWITCH
from tests.running import LAUNCHER, LINE, OFFLINE
from tests.window.screens import until

ALLOWED = {ROOT_SWITCH: "1"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}


@dataclass
class Windowed:
    """One started desk; what it prints is read while it runs."""

    process: "subprocess.Popen[str]"
    folder: Path
    printed: list[str] = field(default_factory=list)
    complained: list[str] = field(default_factory=list)
    _readers: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        for stream, lines in ((self.process.stdout, self.printed), (self.process.stderr, self.complained)):
            assert stream is not None
            reader = threading.Thread(target=_read, args=(stream, lines), daemon=True)
            reader.start()
            self._readers.append(reader)

    def finish(self) -> None:
        """Wait until all has been read."""
        for reader in self._readers:
            reader.join(timeout=15)

    @property
    def log(self) -> str:
        """The log of the desk so far."""
        path = self.folder / "smartclient.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def await_log(self, words: str) -> None:
        """Wait until the log says so."""
        until(lambda: words in self.log, words)

    def await_loaded(self) -> None:
        """Wait until the window shows a page of the desk."""
        self.await_log("smartclient.window INFO loaded")

    def await_told(self, code: str) -> str:
        """Wait until a code was told on the terminal, and give all that was."""
        until(lambda: any(code in line for line in self.complained), code)
        return "".join(self.complained)

    def await_address(self) -> str:
        """Wait for the line that scripts rely on."""
        until(lambda: self.printed, "an address")
        found = LINE.fullmatch(self.printed[0])
        assert found
        return found[1]

    @property
    def children(self) -> dict[int, str]:
        """The processes below the desk, by id, with their command lines."""
        return {pid: command_line(pid) for pid in below(self.process.pid)}

    @property
    def window_process(self) -> int:
        """The process of the window."""
        return next(pid for pid, line in self.children.items() if "localapp.window.child" in line)

    def end(self, sign: int = signal.SIGTERM) -> int:
        """Tell it to stop, and give its exit status."""
        self.process.send_signal(sign)
        return self.process.wait(timeout=15)


def _read(stream: IO[str], lines: list[str]) -> None:
    with stream:
        for line in stream:
            lines.append(line)  # noqa: PERF402 - seen while it grows


def command_line(pid: int) -> str:
    """The command line of a process, empty when it has gone."""
    return _of_process(pid, "cmdline")


def environment(pid: int) -> str:
    """The environment of a process, empty when it has gone."""
    return _of_process(pid, "environ")


def loaded_libraries(pid: int) -> str:
    """The files that a process has mapped, empty when it has gone."""
    return _of_process(pid, "maps")


def _of_process(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def below(pid: int) -> set[int]:
    """The processes that a process has started, and theirs."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(folder.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        more = [child for child in parents.get(waiting.pop(), []) if child not in found]
        found.update(more)
        waiting.extend(more)
    return found


@contextmanager
def windowed(
    folder: Path,
    environment: Mapping[str, str],
    *start: str,
    interpreter: Path = Path(sys.executable),
    **user: Any,  # noqa: ANN401 - as subprocess has them
) -> Iterator[Windowed]:
    """A desk on ``folder`` that may open a window, until the end of the block. ``start`` replaces the launcher."""
    process = subprocess.Popen(
        [str(interpreter), *(start or (str(LAUNCHER),)), *OFFLINE, "--data-dir", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(environment),
        cwd=folder.parent,
        start_new_session=True,
        **user,
    )
    desk = Windowed(process, folder)
    try:
        yield desk
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        desk.finish()
    assert "fault in the window" not in desk.log
