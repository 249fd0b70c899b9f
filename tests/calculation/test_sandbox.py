"""The sandbox: programs apart from each other and from the desk, within limits, through the death of the worker."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from localapp.calculation import process
from localapp.calculation.failures import (
    CalculationFailed,
    CalculationUnavailable,
    DeadlineExceeded,
    SourceRefused,
)
from localapp.calculation.sandbox import Limits, Program, Sandbox

ECHO = Program("echo", "def evaluate(text):\n    return text")
SUM = Program(
    "sum",
    textwrap.dedent(
        """
        def evaluate(text):
            asked = json.decode(text)
            return json.encode({"sum": str(RustDecimal(asked["a"]) + RustDecimal(asked["b"]) * FACTOR)})
        """
    ),
    {"FACTOR": 2},
)
ENDLESS = Program(
    "endless", "def evaluate(text):\n    s = 3\n    for i in range(99):\n        s = s * s\n    return text"
)
LIMITS = Limits(call_seconds=0.2, load_seconds=0.5, grace_seconds=0.1)


def _kill(sandbox: Sandbox) -> None:
    pid = sandbox.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_an_expression_takes_and_gives_json_with_exact_decimals() -> None:
    with Sandbox() as sandbox:
        sandbox.load(SUM)
        answer = sandbox.call("sum", "evaluate", json.dumps({"a": "0.1", "b": "0.05"}))
    assert json.loads(answer) == {"sum": "0.20"}


def test_text_of_any_alphabet_passes_unchanged() -> None:
    with Sandbox() as sandbox:
        sandbox.load(ECHO)
        assert sandbox.call("echo", "evaluate", "Bořek 👍 \0 \n") == "Bořek 👍 \0 \n"
        assert sandbox.call("echo", "evaluate", "ř" * 1_000_000) == "ř" * 1_000_000


def test_no_worker_runs_before_the_first_use() -> None:
    with Sandbox() as sandbox:
        assert sandbox.worker_pid is None


def test_a_worker_killed_while_idle_is_replaced_unnoticed() -> None:
    with Sandbox() as sandbox:
        sandbox.load(ECHO)
        sandbox.load(SUM)
        _kill(sandbox)
        assert sandbox.call("echo", "evaluate", "x") == "x"
        assert json.loads(sandbox.call("sum", "evaluate", '{"a":"1","b":"1"}')) == {"sum": "3"}


def test_a_worker_killed_in_a_call_costs_one_repetition() -> None:
    slow = Program("slow", "def evaluate(text):\n    for i in range(4000000):\n        pass\n    return text")
    with Sandbox() as sandbox:
        sandbox.load(slow)
        before = sandbox.worker_pid
        killer = threading.Timer(0.01, _kill, (sandbox,))
        killer.start()
        assert sandbox.call("slow", "evaluate", "x") == "x"
        killer.join()
        assert sandbox.worker_pid != before


def test_a_call_beyond_its_deadline_ends_and_the_next_is_answered() -> None:
    with Sandbox(LIMITS) as sandbox:
        sandbox.load(ECHO)
        sandbox.load(ENDLESS)
        with pytest.raises(DeadlineExceeded, match="endless"):
            sandbox.call("endless", "evaluate", "x")
        assert sandbox.call("echo", "evaluate", "x") == "x"


def test_a_stopped_worker_is_killed_at_the_deadline() -> None:
    with Sandbox(LIMITS) as sandbox:
        sandbox.load(ECHO)
        pid = sandbox.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(DeadlineExceeded):
            sandbox.call("echo", "evaluate", "x")
        assert sandbox.call("echo", "evaluate", "x") == "x"


def test_an_idle_worker_outlives_the_deadline_of_its_last_call() -> None:
    with Sandbox(LIMITS) as sandbox:
        sandbox.load(ECHO)
        before = sandbox.worker_pid
        time.sleep(0.8)
        assert sandbox.call("echo", "evaluate", "x") == "x"
        assert sandbox.worker_pid == before


def test_a_refused_source_leaves_the_other_programs_and_is_not_kept() -> None:
    with Sandbox() as sandbox:
        sandbox.load(ECHO)
        with pytest.raises(SourceRefused, match="import"):
            sandbox.load(Program("bad", "import os"))
        with pytest.raises(KeyError):
            sandbox.call("bad", "evaluate", "x")
        assert sandbox.call("echo", "evaluate", "x") == "x"


def test_a_program_is_replaced_by_one_of_the_same_name() -> None:
    with Sandbox() as sandbox:
        sandbox.load(ECHO)
        sandbox.load(Program("echo", "def evaluate(text):\n    return 'new'"))
        assert sandbox.call("echo", "evaluate", "x") == "new"


def test_a_missing_function_and_a_too_long_argument_fail_with_a_reason() -> None:
    with Sandbox(Limits(argument_bytes=10)) as sandbox:
        sandbox.load(ECHO)
        with pytest.raises(CalculationFailed, match="nothing"):
            sandbox.call("echo", "nothing", "x")
        with pytest.raises(CalculationFailed, match="10 bytes"):
            sandbox.call("echo", "evaluate", "x" * 11)
        with pytest.raises(CalculationFailed, match="not text"):
            sandbox.call("echo", "evaluate", "\ud800")


def test_threads_get_their_own_answers() -> None:
    found: list[bool] = []
    with Sandbox() as sandbox:
        sandbox.load(ECHO)

        def ask(name: str) -> None:
            found.extend(sandbox.call("echo", "evaluate", f"{name}{j}") == f"{name}{j}" for j in range(50))

        threads = [threading.Thread(target=ask, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [True] * 200


def test_a_worker_that_dies_at_each_start_makes_the_calculation_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = []

    def failing(_limits: Limits) -> list[str]:
        starts.append(1)
        return [sys.executable, "-c", "raise SystemExit(1)"]

    monkeypatch.setattr(process, "_command", failing)
    with Sandbox() as sandbox:
        for _ in range(6):
            with pytest.raises(CalculationUnavailable):
                sandbox.load(ECHO)
    assert len(starts) == 3


def test_a_closed_sandbox_refuses_and_its_worker_is_gone() -> None:
    sandbox = Sandbox()
    sandbox.load(ECHO)
    pid = sandbox.worker_pid
    sandbox.close()
    sandbox.close()
    with pytest.raises(CalculationUnavailable):
        sandbox.call("echo", "evaluate", "x")
    assert not (Path("/proc") / str(pid)).exists()


@pytest.mark.slow
@pytest.mark.parametrize("program", [ECHO, ENDLESS], ids=["idle", "in a call"])
def test_a_killed_desk_leaves_no_orphan(program: Program) -> None:
    desk_source = textwrap.dedent(
        f"""
        import sys, threading
        from localapp.calculation.sandbox import Limits, Program, Sandbox
        sandbox = Sandbox(Limits(call_seconds=1.0))
        sandbox.load(Program({program.name!r}, {program.source!r}))
        print(sandbox.worker_pid, flush=True)
        sandbox.call({program.name!r}, "evaluate", "x")
        sys.stdin.read()
        """
    )
    desk = subprocess.Popen([sys.executable, "-c", desk_source], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert desk.stdin is not None
    assert desk.stdout is not None
    worker = Path("/proc") / desk.stdout.readline().decode().strip()
    desk.kill()
    desk.wait()
    until = time.monotonic() + 10
    while _runs(worker) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _runs(worker)
    desk.stdin.close()
    desk.stdout.close()


def _runs(folder: Path) -> bool:
    """Whether the process is there and no zombie that waits for its parent."""
    try:
        return "State:\tZ" not in (folder / "status").read_text()
    except OSError:
        return False
