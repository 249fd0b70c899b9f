"""One worker process and the watch that ends it: what the sandbox holds and replaces."""

import contextlib
import importlib.util
import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from localapp.calculation.failures import CalculationUnavailable

_WORKER = Path(__file__).with_name("worker.py")
_START_SECONDS = 10.0


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    ``memory_mb`` bounds the worker's address space (the interpreter itself needs about 100); ``load_seconds`` and
    ``call_seconds`` are wall time, told to the engine, and ``grace_seconds`` later the parent kills the worker;
    ``answer_bytes`` and ``argument_bytes`` bound the texts that cross the border.
    """

    memory_mb: int = 512
    load_seconds: float = 3.0
    call_seconds: float = 2.0
    grace_seconds: float = 0.25
    answer_bytes: int = 4_000_000
    argument_bytes: int = 4_000_000


class WorkerDied(Exception):  # noqa: N818 - the name says what happened
    """The worker ended before it answered; ``late`` when the watch killed it."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("killed at its limit" if late else "ended")
        self.late = late


class Watch:
    """Kills a process when the armed moment passes. One sleeping thread, which is seldom woken."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._condition = threading.Condition()
        self._until: float | None = None
        self._sleeps_until: float | None = None
        self._ended = False
        self.fired = False
        self._thread = threading.Thread(target=self._run, name="calculation-watch", daemon=True)
        self._thread.start()

    def arm(self, seconds: float) -> None:
        """From now on the process has so long."""
        with self._condition:
            self._until = time.monotonic() + seconds
            if self._sleeps_until is None or self._until < self._sleeps_until:
                self._condition.notify()

    def disarm(self) -> None:
        """The process has answered."""
        with self._condition:
            self._until = None

    def end(self) -> None:
        """Stop watching."""
        with self._condition:
            self._ended = True
            self._condition.notify()
        self._thread.join()

    def _run(self) -> None:
        with self._condition:
            while not self._ended:
                if self._until is not None and time.monotonic() >= self._until:
                    self.fired = True
                    self._until = None
                    self._process.kill()
                self._sleeps_until = self._until
                self._condition.wait(None if self._until is None else self._until - time.monotonic())


class Worker:
    """A running worker process. Not thread-safe: the sandbox holds a lock."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.loaded: set[str] = set()
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter and our own worker file
            _command(limits),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=tempfile.gettempdir(),
            close_fds=True,
            bufsize=0,
        )
        self._watch = Watch(self._process)
        self.pid = self._process.pid
        self._watch.arm(_START_SECONDS)
        try:
            self._read_answer()
        except WorkerDied as error:
            self.close()
            raise CalculationUnavailable(f"the calculation worker did not start: {error}") from None

    def ask(self, operation: str, program: str, name: str, text: bytes, seconds: float) -> tuple[str, str]:
        """Send a request and wait for (status, text). Raises WorkerDied."""
        parts = [operation.encode(), program.encode(), name.encode(), text]
        message = b"".join(struct.pack("!I", len(part)) + part for part in parts)
        self._watch.arm(seconds + self._limits.grace_seconds)
        self._write(message)
        return self._read_answer()

    def close(self) -> None:
        """End the process and give its pipes back."""
        self._process.kill()
        self._process.wait()
        self._watch.end()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _write(self, message: bytes) -> None:
        stream = self._process.stdin
        try:
            rest = memoryview(message)
            while rest and stream is not None:
                rest = rest[stream.write(rest) :]
        except OSError:
            raise WorkerDied(late=self._watch.fired) from None

    def _read_answer(self) -> tuple[str, str]:
        answer = self._read_frame().decode(), self._read_frame().decode()
        self._watch.disarm()
        if self._watch.fired:
            raise WorkerDied(late=True)
        return answer

    def _read_frame(self) -> bytes:
        size = struct.unpack("!I", self._read(4))[0]
        if size > self._limits.answer_bytes * 4:
            raise WorkerDied(late=False)
        return self._read(size)

    def _read(self, size: int) -> bytes:
        stream, parts, missing = self._process.stdout, [], size
        while missing and stream is not None:
            try:
                part = stream.read(missing)
            except OSError:
                part = b""
            if not part:
                raise WorkerDied(late=self._watch.fired)
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def _command(limits: Limits) -> list[str]:
    found = importlib.util.find_spec("starlark")
    if found is None or found.origin is None:
        raise CalculationUnavailable("the package starlark-pyo3 is not installed")
    packages = str(Path(found.origin).parent.parent)
    return [sys.executable, "-I", "-S", "-B", str(_WORKER), json.dumps(asdict(limits)), packages]


def _environment() -> dict[str, str]:
    """Nothing of the desk's environment but what the system itself needs to start a program."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
