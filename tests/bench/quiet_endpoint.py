"""The insurer's endpoint without its worker: what a push costs, apart from the evaluation that follows it.

``python -m tests.bench.quiet_endpoint FOLDER`` serves it and prints its port.
"""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waitress.server import create_server

from endpoint.application import create_endpoint
from tests.running import ROOT


@contextmanager
def serving_quietly(folder: Path) -> Iterator[int]:
    """The endpoint in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.bench.quiet_endpoint", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _serve(folder: Path) -> None:
    server = create_server(create_endpoint(folder).app, host="127.0.0.1", port=0, threads=4)
    gc.collect()
    gc.freeze()  # as ``serve`` does
    sys.stdout.write(f"{server.effective_port}\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
