"""``python -m localapp quote`` as a real process."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from localapp.calculation.golden import ANSWER_KEYS, first_difference
from tests.calculation.components import GOLDEN, LIBRARY
from tests.running import ROOT

Case = dict[str, Any]
GOLDEN_FILE = LIBRARY.folder / "golden.jsonl"
COMMAND = [sys.executable, "-m", "localapp", "quote"]
GOOD: Case = GOLDEN["W001"]
INVALID = {"problems": ["input_invalid"], "output": None, "solution": None, "indexation_output": None}


def quote(given: bytes = b"", *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command to its end, within a minute."""
    command = [*COMMAND, *(arguments or ("-",))]
    return subprocess.run(command, input=given, capture_output=True, timeout=60, check=False, cwd=ROOT)


def answers(given: bytes) -> list[Case]:
    """What the command says to these bytes; it must end well and say nothing else."""
    done = quote(given)
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def line_of(case: Case, **changes: object) -> bytes:
    """One input line of a golden case, with top-level keys changed."""
    asked = {key: case[key] for key in ("input", "target_premium", "indexation") if key in case}
    return json.dumps({**asked, **changes}).encode() + b"\n"


def contract(**changes: object) -> bytes:
    """One input line with the good contract, its fields changed."""
    return line_of(GOOD, input={**GOOD["input"], **changes})


def with_person(**changes: object) -> bytes:
    """One input line with the good contract, its first person changed."""
    first, *others = GOOD["input"]["persons"]
    return contract(persons=[{**first, **changes}, *others])


def with_line(**changes: object) -> bytes:
    """One input line with the good contract, its first coverage changed."""
    first, *others = GOOD["input"]["persons"][0]["coverages"]
    return with_person(coverages=[{**first, **changes}, *others])


@pytest.mark.parametrize("source", ["-", str(GOLDEN_FILE)])
def test_every_golden_case_is_met_in_order(source: str) -> None:
    done = quote(GOLDEN_FILE.read_bytes() if source == "-" else b"", source)
    assert (done.returncode, done.stderr) == (0, b"")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [{key: case[key] for key in ANSWER_KEYS} for case in GOLDEN.values()]
    assert len(expected) == 72
    assert [first_difference(*pair) for pair in zip(expected, found, strict=True)] == [None] * 72


BAD_LINES = {
    "no JSON": b"{input: 1}\n",
    "a blank line": b"\n",
    "spaces only": b"   \t \n",
    "a list": b"[]\n",
    "a number": b"1\n",
    "null": b"null\n",
    "an empty object": b"{}\n",
    "input is null": line_of(GOOD, input=None),
    "input is a list": line_of(GOOD, input=[]),
    "two values": b"{} {}\n",
    "cut off": line_of(GOOD)[:200] + b"\n",
    "single quotes": b"{'input': {}}\n",
    "a NUL": b"\x00\n",
    "not UTF-8": b'{"input": "\xff\xfe"}\n',
    "UTF-16": line_of(GOOD).decode().strip().encode("utf-16-be").replace(b"\n", b"") + b"\n",
    "a byte order mark": b"\xef\xbb\xbf" + line_of(GOOD),
    "NaN": contract(policy_term=float("nan")),
    "Infinity": contract(policy_term=float("inf")),
    "a lone surrogate": with_person(id="\ud800"),
    "3 MB of spaces": line_of(GOOD).rstrip() + b" " * 3_000_000 + b"\n",
    "3 MB of digits": b'{"input": ' + b"9" * 3_000_000 + b"}\n",
    "1 MB of digits": b'{"input": ' + b"9" * 1_000_000 + b"}\n",
    "100,000 brackets": b"[" * 100_000 + b"\n",
    "100,000 objects": b'{"input":' * 100_000 + b"\n",
    "nested in a field": contract(persons=json.loads("[" * 500 + "]" * 500)),
    "a missing field": line_of(GOOD, input={k: v for k, v in GOOD["input"].items() if k != "policy_term"}),
    "an unknown field": contract(colour="blue"),
    "another tariff": contract(tariff="FLEXI-DEMO-2027.1"),
    "a term in words": contract(policy_term="thirty"),
    "a term with a fraction": contract(policy_term=30.0),
    "a true term": contract(policy_term=True),
    "persons as an object": contract(persons={}),
    "a person as text": contract(persons=["D1"]),
    "a duplicate id": contract(persons=GOOD["input"]["persons"] * 2),
    "201 persons": contract(persons=[{**GOOD["input"]["persons"][0], "id": f"D{n}"} for n in range(201)]),
    "no such day": contract(start_date="2026-02-30"),
    "a day with a time": contract(start_date="2026-01-01T00:00"),
    "an unknown role": with_person(role="dog"),
    "an empty id": with_person(id=""),
    "an unknown field of a person": with_person(shoe_size=42),
    "a sum as text": with_line(sum_insured="100000"),
    "a sum with a fraction": with_line(sum_insured=1e5),
    "no sum": with_line(sum_insured=None),
    "an unknown field of a coverage": with_line(discount=5),
}


@pytest.fixture(scope="module")
def refused() -> dict[str, Case]:
    """The answers to all bad lines in one go, each with a good line after it."""
    given = b"".join(line + line_of(GOOD) for line in BAD_LINES.values())
    found = answers(given)
    assert [each["output"] == GOOD["output"] for each in found[1::2]] == [True] * len(BAD_LINES)
    return dict(zip(BAD_LINES, found[::2], strict=True))


@pytest.mark.parametrize("what", BAD_LINES)
def test_a_bad_line_gets_one_problem_and_the_next_line_its_answer(refused: dict[str, Case], what: str) -> None:
    assert refused[what] == INVALID


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (contract(policy_term=10**30), "policy_term_out_of_range"),
        (contract(policy_term=-1), "policy_term_out_of_range"),
        (contract(payments_per_year=3), "unknown_payment_frequency"),
        (contract(persons=[]), "first_insured_missing"),
        (with_line(sum_insured=10**30), "sum_out_of_range:D1.S"),
        (with_line(sum_insured=-(10**400)), "sum_out_of_range:D1.S"),
        (with_line(code="💥"), "unknown_coverage:D1.💥"),
        (with_line(loading_pct=10**18), "loading_out_of_range:D1.S"),
        (line_of(GOOD, target_premium=5), "target_invalid"),
        (line_of(GOOD, indexation={"pct": 10**30, "years": 1}), "indexation_invalid"),
    ],
)
def test_absurd_numbers_and_names_get_the_problem_that_names_them(given: bytes, code: str) -> None:
    [answer] = answers(given)
    assert code in answer["problems"]
    assert answer["output"] is None


def test_lines_may_end_as_on_windows_and_the_last_one_without_an_end() -> None:
    line = line_of(GOOD).rstrip()
    found = answers(line + b"\r\n" + line + b"\r\n" + line)
    assert [each["output"] for each in found] == [GOOD["output"]] * 3


def test_keys_beside_the_request_are_ignored() -> None:
    [answer] = answers(line_of(GOOD, id="W001", problems=["x"], output={}))
    assert answer["output"] == GOOD["output"]


def test_nothing_in_is_nothing_out() -> None:
    assert answers(b"") == []


def test_each_answer_comes_before_the_next_line_is_read() -> None:
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for name in ("W001", "W002"):
            running.stdin.write(line_of(GOLDEN[name]))
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["output"] == GOLDEN[name]["output"]


@pytest.mark.parametrize("name", ["no-such-file.jsonl", "."])
def test_a_file_that_cannot_be_read_gets_one_sentence(tmp_path: Path, name: str) -> None:
    done = quote(b"", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith(f"{tmp_path / name}: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["quote"], ["quote", "a", "b"], ["quotes", "-"], []])
def test_a_wrong_command_shows_how_it_is_written(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "localapp", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")


def test_a_reader_that_has_enough_ends_it_quietly() -> None:
    command = [*COMMAND, str(GOLDEN_FILE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


def test_ctrl_c_ends_it_quietly() -> None:
    with subprocess.Popen(
        [*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(line_of(GOOD))
        running.stdin.flush()
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        more, said = running.communicate(timeout=30)
    assert (running.returncode, more, said) == (130, b"", b"")


@pytest.mark.parametrize("closed", [0, 1])
def test_without_a_standard_stream_it_says_so_in_one_sentence(closed: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *COMMAND, "-"],
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"-: {os.strerror(9)}\n"


def test_a_full_disk_is_told_in_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "-"], input=line_of(GOOD), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False, cwd=ROOT
        )
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
