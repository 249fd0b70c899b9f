"""The two real processes, the desk and the insurer's endpoint, on folders that stay; killed and started at will."""

import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from localapp import config
from localapp.app import demo_keys
from localapp.store.store import Store
from tests.activating import put_activated_desk
from tests.asking import OverHttp
from tests.endpoint.running import LINE
from tests.running import ROOT, RunningDesk, started

_DRAINED = re.compile(r'odeslání</p><p class="big">0<')
_PATIENCE = 30.0


class Pair:
    """A desk that has been activated at the endpoint, which answers at one address for good."""

    def __init__(self, folder: Path) -> None:
        self.desk, self.endpoint = folder / "desk", folder / "endpoint"
        put_activated_desk(self.desk)
        (self.desk / "endpoint").rename(self.endpoint)
        self._port = _free_port()
        self.keys = demo_keys(self.desk)
        store = Store.open(self.desk / config.DATABASE, self.keys)
        store.sync.follow(self.address)
        store.close()
        self._serving: subprocess.Popen[str] | None = None
        self._desks = ExitStack()
        self.running: RunningDesk | None = None

    @property
    def address(self) -> str:
        """Where the endpoint answers."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> RunningDesk:
        """Start both; the desk once both answer."""
        line = [sys.executable, "-m", "endpoint", "serve", "--port", str(self._port), "--data-dir", str(self.endpoint)]
        self._serving = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        self.running = self._desks.enter_context(started(self.desk, "--demo", "--endpoint", self.address))
        assert self._serving.stdout is not None
        said = self._serving.stdout.readline()
        assert LINE.fullmatch(said), said
        return self.running

    def kill_endpoint(self) -> None:
        """SIGKILL."""
        if self._serving is not None:
            self._serving.kill()
            self._serving.communicate()
            self._serving = None

    def kill_desk(self) -> None:
        """SIGKILL."""
        if self.running is not None:
            self.running.process.kill()
            self.running.process.wait()
        self._desks.close()
        self.running = None

    def synchronize(self) -> bool:
        """Spustit synchronizaci and wait for its end; whether nothing waits any more."""
        assert self.running is not None
        asking = OverHttp(self.running)
        try:
            assert asking.post("/sync-runs", {}, fragments=False).status == 303
            until = time.monotonic() + _PATIENCE
            while 'aria-disabled="true"' in (page := asking.get("/synchronization/progress").text):
                assert time.monotonic() < until, "a synchronization does not end"
                time.sleep(0.05)
        finally:
            asking.close()
        return bool(_DRAINED.search(page))


def export(folder: Path) -> "subprocess.Popen[bytes]":
    """``python -m endpoint export``, begun."""
    line = [sys.executable, "-m", "endpoint", "export", "--data-dir", str(folder)]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
