"""The endpoint of a demonstration: a process of its own, filled on its first start, ended with the desk.

The desk never imports the endpoint: it starts the program and reads the one line that it prints.
"""

import re
import subprocess
import sys
import threading
from pathlib import Path

from localapp import paths, private_files

ROOT_FILE = "root.json"
PATIENCE = 25.0  # seconds until the endpoint has to have answered
_LINE = re.compile(r"SmartClient endpoint: (http://\S+)\s*")
_FIRST_ROOT = Path("components") / "metadata" / "1.root.json"


class DemoEndpoint:
    """Starts in the background; ``address`` waits until it answers."""

    def __init__(self, folder: Path, root_file: Path) -> None:
        self._folder, self._root_file = folder, root_file
        self._process: subprocess.Popen[str] | None = None
        self._address: str | None = None
        self._settled, self._filled = threading.Event(), threading.Event()
        self._ended = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin; returns at once."""
        threading.Thread(target=self._run, name="demo-endpoint", daemon=True).start()

    def address(self) -> str | None:
        """The endpoint's address; None when it did not start in time."""
        self._settled.wait(PATIENCE)
        return self._address

    def root(self) -> bytes | None:
        """The first root of trust, which the endpoint wrote for this installation."""
        if not self._root_file.exists():
            self._filled.wait(PATIENCE)
        return private_files.read(self._root_file) if self._root_file.exists() else None

    def stop(self) -> None:
        """End the process."""
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.terminate()
                try:
                    self._process.wait(timeout=5)
                except subprocess.TimeoutExpired:
                    self._process.kill()

    def _run(self) -> None:
        try:
            if not (self._folder / _FIRST_ROOT).exists():
                self._ask("seed-demo").wait()
            if not self._root_file.exists() and (self._folder / _FIRST_ROOT).exists():
                private_files.replace(self._root_file, (self._folder / _FIRST_ROOT).read_bytes())
            self._filled.set()
            self._read_address(self._ask("serve", "--port", "0", "--with-parent"))
        except OSError:
            self._address = None
        finally:
            self._filled.set()
            self._settled.set()

    def _ask(self, *words: str) -> "subprocess.Popen[str]":
        with self._lock:
            if self._ended:
                raise OSError("ended")
            checkout = (paths.root() / "endpoint").is_dir()
            isolated = [] if checkout else ["-I"]  # nothing that lies in the working folder may pass for the endpoint
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter and our own endpoint
                [sys.executable, *isolated, "-m", "endpoint", *words, "--data-dir", str(self._folder)],
                stdin=subprocess.PIPE,  # it closes with this process, whatever ends it
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=paths.root() if checkout else None,
            )
            return self._process

    def _read_address(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        for line in process.stdout:
            found = _LINE.fullmatch(line)
            if found:
                self._address = found[1]
                return
