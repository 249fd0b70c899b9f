"""Runs calculation sources and form expressions apart from the desk, within limits."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from localapp.calculation.failures import (
    CalculationError,
    CalculationFailed,
    CalculationUnavailable,
    DeadlineExceeded,
    SourceRefused,
)
from localapp.calculation.process import Limits, Worker, WorkerDied

__all__ = ["Limits", "Program", "Sandbox"]

_STARTS_BEFORE_PAUSE = 3
_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class Program:
    """A Starlark source under a name, with constants that become its global names.

    The language is Starlark (Python's syntax without import, while, classes, exceptions, files, clock or randomness)
    with two additions: ``RustDecimal(text)`` makes an exact decimal of 28 digits from text or an integer (+ - * / // %
    and comparisons; ``str(x)`` gives it back), and ``json.decode(text)`` / ``json.encode(value)``. There is no
    ``load`` and no ``print``. Beware: a decimal never equals an integer (``RustDecimal("2") == 2`` is False),
    ``json.encode`` refuses decimals, ``json.decode`` turns integers beyond 64 bits into floats. Globals are frozen
    once loaded: a call leaves nothing behind for the next.

    A function that shall be called takes one text and returns one text, usually JSON; form expressions define
    ``evaluate``. ``constants`` holds JSON values.
    """

    name: str
    source: str
    constants: Mapping[str, object] = field(default_factory=dict)


class Sandbox:
    """Programs in one worker process with memory limit, deadline and the parent's kill.

    Thread-safe, one call at a time; the worker starts with the first use and is replaced when it dies, programs are
    loaded again when they are next called. A program that breaks its worker breaks its own call only.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._programs: dict[str, tuple[str, bytes]] = {}
        self._worker: Worker | None = None
        self._failed_starts = 0
        self._closed = False
        self._paused_until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def worker_pid(self) -> int | None:
        """The process id of the running worker, for diagnosis and for tests that kill it."""
        worker = self._worker
        return worker.pid if worker else None

    def load(self, program: Program) -> None:
        """Make a program callable, in place of an earlier one of the same name.

        Raises SourceRefused (the program is then not kept), DeadlineExceeded, CalculationUnavailable.
        """
        try:
            prepared = json.dumps(dict(program.constants)), program.source.encode()
        except UnicodeEncodeError as error:
            raise SourceRefused(f"{program.name}: {error.reason}") from None
        with self._lock:
            self._programs.pop(program.name, None)
            if self._worker is not None:
                self._worker.loaded.discard(program.name)
            self._retrying(lambda worker: self._load(worker, program.name, prepared), program.name, loading=True)
            self._programs[program.name] = prepared

    def call(self, program: str, function: str, argument: str) -> str:
        """Call a function of a loaded program with a text and return its text.

        Raises KeyError for a program that was not loaded, CalculationFailed, DeadlineExceeded, CalculationUnavailable.
        A worker that dies under the call is replaced and the call repeated once.
        """
        text = _as_bytes(program, argument)
        if len(text) > self.limits.argument_bytes:
            raise CalculationFailed(f"{program}: the argument has more than {self.limits.argument_bytes} bytes")
        with self._lock:
            prepared = self._programs[program]

            def work(worker: Worker) -> str:
                if program not in worker.loaded:
                    self._load(worker, program, prepared)
                status, answer = worker.ask("call", program, function, text, self.limits.call_seconds)
                return self._checked(status, answer, f"{program}.{function}", CalculationFailed)

            return self._retrying(work, f"{program}.{function}", loading=False)

    def close(self) -> None:
        """End the worker. The sandbox cannot be used afterwards."""
        with self._lock:
            self._closed = True
            self._drop_worker()

    def _load(self, worker: Worker, name: str, prepared: tuple[str, bytes]) -> str:
        status, answer = worker.ask("load", name, prepared[0], prepared[1], self.limits.load_seconds)
        self._checked(status, answer, name, SourceRefused)
        worker.loaded.add(name)
        return answer

    def _retrying(self, work: "_Work", what: str, *, loading: bool) -> str:
        """Do the work, once more if the worker died of something else than its limit."""
        for _ in range(2):
            worker = self._running_worker()
            try:
                return work(worker)
            except WorkerDied as error:
                self._drop_worker()
                if error.late:
                    raise DeadlineExceeded(f"{what}: did not end within its limit") from None
        ended = f"{what}: ended its worker, most likely at the memory limit of {self.limits.memory_mb} MB"
        raise (SourceRefused if loading else CalculationFailed)(ended)

    def _running_worker(self) -> Worker:
        if self._closed:
            raise CalculationUnavailable("the sandbox is closed")
        if self._worker is None:
            if time.monotonic() < self._paused_until:
                raise CalculationUnavailable("the calculation worker does not start; it is tried again shortly")
            try:
                self._worker = Worker(self.limits)
            except (CalculationUnavailable, OSError) as error:
                self._failed_starts += 1
                if self._failed_starts >= _STARTS_BEFORE_PAUSE:
                    self._failed_starts = 0
                    self._paused_until = time.monotonic() + _PAUSE_SECONDS
                raise CalculationUnavailable(str(error)) from None
            self._failed_starts = 0
        return self._worker

    def _checked(self, status: str, answer: str, what: str, failure: type[CalculationError]) -> str:
        if status == "ok":
            return answer
        if status != "failed":
            self._drop_worker()  # late or panicked: what it has allocated or left half done goes with it
        if status == "late":
            raise DeadlineExceeded(f"{what}: did not end within its limit")
        raise failure(f"{what}: {answer}")

    def _drop_worker(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


class _Work(Protocol):
    def __call__(self, worker: Worker, /) -> str: ...


def _as_bytes(program: str, argument: str) -> bytes:
    try:
        return argument.encode()
    except UnicodeEncodeError as error:
        raise CalculationFailed(f"{program}: the argument is not text: {error.reason}") from None
