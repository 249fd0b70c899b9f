"""A real endpoint in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.running import ROOT

LINE = re.compile(r"SmartClient endpoint: http://127\.0\.0\.1:(\d+)\n")


@dataclass
class RunningEndpoint:
    """One started endpoint."""

    process: subprocess.Popen[str]
    port: int
    folder: Path

    def stop(self) -> int:
        """Tell it to stop as the system does; its exit code."""
        self.process.terminate()
        return self.process.wait(20)


def command(name: str, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the endpoint to its end."""
    line = [sys.executable, "-m", "endpoint", name, "--data-dir", str(folder), *options]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)


@contextmanager
def serving(folder: Path) -> Iterator[RunningEndpoint]:
    """An endpoint on ``folder`` until the end of the block."""
    line = [sys.executable, "-m", "endpoint", "serve", "--port", "0", "--data-dir", str(folder)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = LINE.fullmatch(said)
        if not found:
            process.kill()
            raise AssertionError(said + process.communicate()[1])
        yield RunningEndpoint(process, int(found[1]), folder)
    finally:
        process.kill()
        process.communicate()
