"""The desk's side of the window: starts its process, hands it the address, hears when it is closed or lost."""

import contextlib
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from localapp.window import geometry, protocol, reasons

GOES_ON_WITHIN = 10.0  # seconds
ENDED_WITHIN = 5.0  # seconds after which a window that was told to close is ended
_PACKAGES = Path(__file__).resolve().parents[2]
_START = """import sys
if sys.argv[1] not in sys.path: sys.path.insert(0, sys.argv[1])
from localapp.window.child import main
main()
"""
_NOT_INHERITED = (
    "PYTHON",
    "PYWEBVIEW_",
    "QTWEBENGINE",  # flags of Chromium, the sandbox, a port for a debugger
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "QML",
    "SMARTCLIENT_",
)

_log = logging.getLogger("smartclient.window")

_FAULT = re.compile(r"\w{1,60} [\w.]{1,60}:\d{1,6}", re.ASCII)

Texts = Mapping[str, str]
"""One text in both languages."""


class Window:
    """One window. The callbacks come from threads of its own.

    ``closing`` gives what the person has to know before closing, or None; ``closed`` is called once the window is
    closed by the person; ``lost`` with the reason when it is not, or no longer, there.
    """

    def __init__(
        self, folder: Path, closing: Callable[[], Texts | None], closed: Callable[[], None], lost: Callable[[str], None]
    ) -> None:
        self._folder, self._closing, self._closed, self._lost = folder, closing, closed, lost
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded, self._told_closed, self._quitting = threading.Event(), threading.Event(), threading.Event()
        self._went_on, self._steps = threading.Event(), {"begun", "opened", "loaded"}
        self._reason = reasons.CRASHED
        self._lock = threading.Lock()

    @property
    def is_shown(self) -> bool:
        """Whether a page of the desk is on the screen."""
        return self._loaded.is_set() and self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process; it imports its toolkit meanwhile. Raises OSError."""
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter and our own module
            [sys.executable, *_flags(), "-c", _START, str(_PACKAGES)],
            stdin=subprocess.PIPE,  # it closes with this process, whatever ends it
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the toolkit writes there, addresses too
            env=child_environment(),
            cwd=Path.home(),  # a dialog offers it; nothing is imported from it
            start_new_session=True,  # Ctrl-C is for the desk
        )
        threading.Thread(target=self._listen, args=(self._process,), name="window", daemon=True).start()

    def open(self, address: str) -> None:
        """Hand over the opening address; from now on it has ten seconds for each step on the way to the page."""
        place = geometry.read(self._folder)
        self._say("open", address=address, place=place and asdict(place), texts=reasons.texts())
        threading.Thread(target=self._await_page, name="window-page", daemon=True).start()

    def bring_forward(self) -> bool:
        """Bring the window to the front; False where there is none."""
        return self.is_shown and self._say("show")

    def stop(self) -> None:
        """Close it without a question; whatever it does, it is gone afterwards."""
        self._quitting.set()
        process = self._process
        if process is None:
            return
        self._say("quit")
        try:
            process.wait(timeout=ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _say(self, word: str, **facts: object) -> bool:
        process = self._process
        assert process is not None  # noqa: S101 - nothing is said before the start
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        try:
            with self._lock:
                process.stdin.write(protocol.line(word, **facts))
                process.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        for word, facts in protocol.messages(process.stdout):
            self._hear(word, facts)
        if not self._told_closed.is_set():
            process.kill()  # it has ended, or says what no window of ours says
        status = process.wait()
        self._hang_up(process)
        if self._quitting.is_set():
            return
        if self._told_closed.is_set() or status in {-signal.SIGTERM, -getattr(signal, "SIGHUP", 1)}:
            _log.info("closed")
            self._closed()
        else:
            _log.warning("lost: %s, exit status %s", self._reason, status)
            self._lost(self._reason)

    def _hang_up(self, process: "subprocess.Popen[bytes]") -> None:
        with self._lock, contextlib.suppress(OSError):
            for pipe in (process.stdout, process.stdin):
                if pipe is not None:
                    pipe.close()

    def _hear(self, word: str, facts: Mapping[str, Any]) -> None:
        if word in self._steps:
            self._steps.remove(word)
            self._went_on.set()
        if word == "loaded":
            self._loaded.set()
            _log.info("loaded")
        elif word == "closing":
            text = self._closing()
            self._say("ask", text=text) if text else self._say("leave")
        elif word == "place":
            place = geometry.checked(facts)
            if place is not None:
                geometry.write(self._folder, place)
        elif word == "closed":
            self._told_closed.set()
        elif word == "fault":
            told = f"{facts.get('kind')} {facts.get('place')}"
            _log.error("fault in the window: %s", told if _FAULT.fullmatch(told) else "?")
        elif word == "missing":
            self._reason = reasons.NO_TOOLKIT

    def _await_page(self) -> None:
        """Give the window up after ten seconds in which it came no further."""
        while not self._loaded.is_set():
            if not self._went_on.wait(GOES_ON_WITHIN):
                self._reason = reasons.NOT_LOADED
                self._kill()
                return
            self._went_on.clear()

    def _kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()


def _flags() -> list[str]:
    """Nothing from the environment, from the current folder or beside the program is imported."""
    return ["-E", "-P", *(["-s"] if sys.flags.no_user_site else [])]


def child_environment() -> dict[str, str]:
    """The environment without what steers Python, pywebview or Chromium from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    if reasons.is_root():  # against() lets root come here only with the switch for tests and containers
        kept["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    if not _has_graphics_card():
        kept.setdefault("QT_QUICK_BACKEND", "software")
    return kept


def _has_graphics_card() -> bool:
    """Without one OpenGL is calculated too, which costs a start 0.2 s more than drawing without it."""
    if not sys.platform.startswith("linux"):
        return True
    devices = Path("/dev")
    return any(devices.glob("dri/renderD*")) or any(devices.glob("nvidia[0-9]*"))
