"""Kills a real endpoint, and its export, at random moments while a desk pushes; then compares what both know.

``python -m tests.endpoint.killed --rounds N --seed N`` repeats one.
"""

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from localapp import clock
from localapp.domain.sync.operations import Envelope, Outcome
from tests.endpoint.made_up import Desk, family
from tests.endpoint.running import OverHttp, command, serving
from tests.running import ROOT


@dataclass
class Told:
    """What the desk knows: what was acknowledged, and what it does not know the outcome of."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    unknown: list[Envelope] = field(default_factory=list)


def run(folder: Path, rounds: int, seed: int) -> None:
    """Raise AssertionError when something acknowledged is lost or something is exported twice."""
    chance = random.Random(seed)  # noqa: S311 - to be repeatable
    assert command("seed-demo", folder).returncode == 0
    alena, told = Desk(None), Told()  # type: ignore[arg-type]  # its connection is made anew in each round
    with connected(folder, alena):
        alena.enrol()
    for _ in range(rounds):
        kill_while_pushing(folder, alena, told, chance)
        kill_export(folder, chance)
    settle(folder, alena, told)


@contextmanager
def connected(folder: Path, desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """A running endpoint to which the desk is connected; the process may be killed meanwhile."""
    with serving(folder) as running:
        http = OverHttp(running)
        desk.http = http  # type: ignore[assignment]  # the same calls over a socket
        yield running.process
        http.close()


def kill_while_pushing(folder: Path, desk: Desk, told: Told, chance: random.Random) -> None:
    """One round: what was in doubt is sent again first, then new offers until the process is gone."""
    with connected(folder, desk) as process:
        desk.hello()
        timer = threading.Timer(chance.uniform(0.0, 0.8), process.kill)
        timer.start()
        try:
            while True:
                if not told.unknown:
                    told.unknown = [desk.completion(family(clock.today())) for _ in range(chance.randint(1, 4))]
                push(desk, told)
                if len(desk.numbers) < 20:
                    desk.hello()
        except (urllib3.exceptions.HTTPError, OSError):
            process.wait(20)
        finally:
            timer.cancel()


def push(desk: Desk, told: Told) -> None:
    """Send what waits; only an answer makes it acknowledged."""
    results = desk.push(*told.unknown)
    for envelope, result in zip(told.unknown, results, strict=True):
        assert result.outcome is Outcome.ACCEPTED, result
        assert envelope.completion is not None
        told.acknowledged[envelope.document] = envelope.completion.digest
    told.unknown = []


def kill_export(folder: Path, chance: random.Random) -> None:
    """A run by hand that is killed somewhere between its start and its end."""
    line = [sys.executable, "-m", "endpoint", "export", "--data-dir", str(folder)]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    try:
        process.wait(chance.uniform(0.3, 1.5))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def settle(folder: Path, desk: Desk, told: Told) -> None:
    """Undisturbed to the end: everything acknowledged is here, and in exactly one file."""
    with connected(folder, desk):
        desk.hello()
        if told.unknown:
            push(desk, told)
        assert command("export", folder).returncode == 0
        known: dict[str, str] = {}
        while (page := desk.pull()).documents:
            known |= {facts.document: facts.digest for facts in page.documents if facts.exported_at}
    assert known == told.acknowledged
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("exports/*.jsonl")]
    lines = [json.loads(line) for text in texts for line in text.splitlines()]
    assert sorted(line["document"] for line in lines) == sorted(told.acknowledged)
    for path in folder.glob("exports/*.jsonl"):
        assert path.with_suffix(".manifest.json").is_file()
    with closing(sqlite3.connect(folder / "endpoint.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def main() -> None:
    """Many rounds on a temporary folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        run(Path(place) / "endpoint", options.rounds, options.seed)
    sys.stdout.write(f"{options.rounds} rounds, seed {options.seed}: nothing lost, nothing exported twice\n")


if __name__ == "__main__":
    main()
