"""The child process that runs calculation sources. Started by path, alone: it imports nothing of the desk.

Frames on stdin and stdout: a 4-byte length and that many bytes. A request is four frames (operation, program, name,
text), an answer two (status, text). The process ends when its stdin closes, and at the latest when its own timer
fires: a killed desk leaves no orphan. See ``sandbox.py`` for the limits.
"""

import importlib
import json
import os
import signal
import struct
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, BinaryIO

Answer = tuple[str, str]


class Limits:
    """The limits as the parent tells them on the command line."""

    def __init__(self, text: str) -> None:
        told = json.loads(text)
        self.memory_mb: int = told["memory_mb"]
        self.load_seconds: float = told["load_seconds"]
        self.call_seconds: float = told["call_seconds"]
        self.grace_seconds: float = told["grace_seconds"]
        self.answer_bytes: int = told["answer_bytes"]


def restrict(limits: Limits) -> None:
    """No files, descriptors, processes or core, a bounded address space: where the system knows these limits."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows
        return
    for name, value in (
        ("RLIMIT_AS", limits.memory_mb * 2**20),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_NOFILE", 3),
    ):
        if hasattr(resource, name):
            resource.setrlimit(getattr(resource, name), (value, value))


def alarm_after(seconds: float) -> None:
    """End this process after so long, whatever runs in it then; 0 takes the alarm back."""
    if sys.platform != "win32":  # there the parent's kill has to do
        signal.setitimer(signal.ITIMER_REAL, seconds)


class Engine:
    """Starlark modules by program name."""

    def __init__(self, limits: Limits, starlark: ModuleType) -> None:
        self._limits = limits
        self._starlark = starlark
        self._programs: dict[str, Any] = {}
        self._until = 0.0
        self._options = starlark.EvalOptions(check_cancelled=self._is_late, max_callstack_size=100)
        extensions = [starlark.LibraryExtension.RustDecimal, starlark.LibraryExtension.Json]
        self._globals = starlark.Globals.extended_by(extensions)
        self._dialect = starlark.Dialect.extended()
        self._dialect.enable_load = False

    def load(self, program: str, constants: str, source: str) -> Answer:
        """Parse, run and freeze a program under that name."""
        self._programs.pop(program, None)
        module = self._starlark.Module()
        for name, value in json.loads(constants).items():
            module[name] = value
        self._until = time.monotonic() + self._limits.load_seconds
        tree = self._starlark.parse(program, source, self._dialect)
        self._starlark.eval_with(self._options, module, tree, self._globals)
        self._programs[program] = module.freeze()
        return "ok", ""

    def call(self, program: str, function: str, argument: str) -> Answer:
        """Call a function of a loaded program with a text."""
        self._until = time.monotonic() + self._limits.call_seconds
        result = self._programs[program].call_with(self._options, function, argument).value
        if not isinstance(result, str):
            return "failed", f"{function} gave {type(result).__name__} instead of text"
        if len(result) > self._limits.answer_bytes:
            return "failed", f"the answer of {function} has more than {self._limits.answer_bytes} bytes"
        return "ok", result

    def run(self, operation: str, program: str, name: str, text: str) -> Answer:
        """Carry out one request; whatever the program does becomes an answer."""
        work: Callable[[str, str, str], Answer] = self.load if operation == "load" else self.call
        seconds = self._limits.load_seconds if operation == "load" else self._limits.call_seconds
        alarm_after(seconds + 2 * self._limits.grace_seconds)
        try:
            return work(program, name, text)
        except BaseException as error:  # noqa: BLE001 - also panics of the engine, which are no Exception
            failed = "failed" if isinstance(error, Exception) else "panicked"
            return ("late" if self._is_late() else failed), f"{type(error).__name__}: {error}"[:2000]
        finally:
            alarm_after(0)

    def _is_late(self) -> bool:
        return time.monotonic() > self._until


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, or None when the parent has closed the pipe."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = struct.unpack("!I", head)[0]
    body = stream.read(size)
    return body if len(body) == size else None


def frames(*texts: str) -> bytes:
    """Texts as frames."""
    bodies = [text.encode("utf-8", "backslashreplace") for text in texts]
    return b"".join(struct.pack("!I", len(body)) + body for body in bodies)


def serve(engine: Engine, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until the parent closes the pipe."""
    while True:
        request = [read_frame(requests) for _ in range(4)]
        if None in request:
            return
        operation, program, name, text = (part.decode() for part in request if part is not None)
        answers.write(frames(*engine.run(operation, program, name, text)))
        answers.flush()


def main(limits_text: str, packages: str) -> None:
    """Serve on stdin and a private copy of stdout; the usual stdout and stderr lead nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.path.append(packages)
    starlark = importlib.import_module("starlark")
    limits = Limits(limits_text)
    engine = Engine(limits, starlark)
    restrict(limits)
    answers.write(frames("ready", ""))
    answers.flush()
    serve(engine, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
