"""Hostile sources: none reads a file, none outlives its limit, the next quote is right."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from localapp.calculation.calculator import Calculator
from localapp.calculation.failures import CalculationError
from localapp.calculation.sandbox import Limits, Program, Sandbox
from tests.calculation.components import GOLDEN, LIBRARY
from tests.calculation.hostile_sources import REACHING, WASTING

LIMITS = Limits(memory_mb=300, load_seconds=0.4, call_seconds=0.3, grace_seconds=0.15)
LONGEST = 2 * (LIMITS.load_seconds + LIMITS.call_seconds + 2 * LIMITS.grace_seconds) + 5
"""One repetition on a new worker, and slack for a busy machine."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def priced(sandbox: Sandbox) -> Calculator:
    return Calculator(LIBRARY, sandbox)


def _outcome(sandbox: Sandbox, source: str) -> str | CalculationError:
    try:
        sandbox.load(Program("hostile", source, {"LIMIT": {"least": 1}}))
        return sandbox.call("hostile", "quote", "{}")
    except CalculationError as error:
        return error


@pytest.mark.parametrize("name", REACHING)
def test_what_a_source_may_not_have_is_not_there(sandbox: Sandbox, priced: Calculator, name: str) -> None:
    outcome = _outcome(sandbox, REACHING[name])
    assert isinstance(outcome, CalculationError)
    assert "root:" not in str(outcome)
    assert priced.quote(GOLDEN["W001"]["input"])["output"] == GOLDEN["W001"]["output"]


@pytest.mark.parametrize("name", WASTING)
def test_no_source_outlives_its_limits(sandbox: Sandbox, priced: Calculator, name: str) -> None:
    start = time.monotonic()
    outcome = _outcome(sandbox, WASTING[name])
    assert time.monotonic() - start < LONGEST
    assert isinstance(outcome, CalculationError)
    assert priced.quote(GOLDEN["W001"]["input"])["output"] == GOLDEN["W001"]["output"]


def test_the_worker_can_open_no_file_and_has_none_of_the_environment(sandbox: Sandbox, priced: Calculator) -> None:
    assert priced.quote(GOLDEN["W001"]["input"])["problems"] == []
    process = Path("/proc") / str(sandbox.worker_pid)
    limits = (process / "limits").read_text()
    assert "Max open files            3 " in limits
    assert "Max file size             0 " in limits
    assert f"Max address space         {LIMITS.memory_mb * 2**20} " in limits
    names = {part.split("=")[0] for part in (process / "environ").read_text().split("\0") if part}
    assert names <= {"LD_LIBRARY_PATH", "SYSTEMROOT"}
    assert (process / "cwd").resolve() != Path.cwd()
    targets = {str(link.readlink()) for link in (process / "fd").iterdir()}
    assert all(target.startswith("pipe:") or target == os.devnull for target in targets)
