"""A real endpoint in a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from tests.running import ROOT

LINE = re.compile(r"SmartClient endpoint: https?://127\.0\.0\.1:(\d+)\n")


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
def serving(folder: Path, *options: str) -> Iterator[RunningEndpoint]:
    """An endpoint on ``folder`` until the end of the block."""
    line = [sys.executable, "-m", "endpoint", "serve", "--port", "0", "--data-dir", str(folder), *options]
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


class OverHttp:
    """Asks a running endpoint as the client of the other tests asks one in process."""

    def __init__(self, running: RunningEndpoint) -> None:
        self._base = f"http://127.0.0.1:{running.port}"
        self._pool = urllib3.PoolManager(retries=False, timeout=20)

    def post(self, path: str, data: bytes, headers: dict[str, str], content_type: str) -> "Told":
        answer = self._pool.request(
            "POST", self._base + path, body=data, headers={**headers, "Content-Type": content_type}
        )
        return Told(answer.status, answer.data.decode())

    def close(self) -> None:
        self._pool.clear()


class Told:
    """An answer."""

    def __init__(self, status: int, text: str) -> None:
        self.status_code, self.text = status, text

    def get_json(self) -> object:
        return json.loads(self.text)
