"""A screen of its own for each test of the window: Xvfb with a window manager, looked at and driven by xdotool."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

PATIENCE = 30.0
_T = TypeVar("_T")


def until(found: Callable[[], _T], what: str) -> _T:
    """The first true thing that ``found`` gives."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if seen := found():
            return seen
        time.sleep(0.02)
    raise AssertionError(f"waited in vain: {what}")


@dataclass(frozen=True)
class Screen:
    """One screen; ``display`` is its X name."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to appear here."""
        kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        return kept | {"DISPLAY": self.display}

    def run(self, *command: str, allowed: tuple[int, ...] = (0,)) -> str:
        """Run a program against the screen and give what it prints."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode in allowed, (command, done.stderr)
        return done.stdout

    def windows(self, name: str = "^SmartClient$") -> list[str]:
        """The ids of the visible windows whose title matches."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", name, allowed=(0, 1)).split()

    def window(self, name: str = "^SmartClient$") -> str:
        """The id of the one window, once it is there."""
        return until(lambda: self.windows(name), f"a window {name}")[0]

    def active(self) -> str:
        """The title of the window that has the keyboard."""
        found = self.run("xdotool", "getactivewindow", "getwindowname", allowed=(0, 1))
        return found.strip()

    def press(self, *keys: str) -> None:
        """Press keys in the window that has the keyboard."""
        self.run("xdotool", "key", "--delay", "40", *keys)

    def type(self, text: str) -> None:
        """Type text into the window that has the keyboard."""
        self.run("xdotool", "type", "--delay", "30", text)

    def picture(self, path: Path) -> Path:
        """Take a picture of the whole screen."""
        self.run("import", "-silent", "-window", "root", str(path))
        return path


@contextmanager
def screen(size: str = "1400x950") -> Iterator[Screen]:
    """A screen until the end of the block; the X server chooses a number that is free."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    assert number, "Xvfb did not start"
    made = Screen(f":{number}")
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"], env=made.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: "window id" in made.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "a window manager")
        yield made
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=10)


def pixels(picture: Path, colour: str) -> int:
    """How many points of the picture have the colour."""
    command = ["convert", str(picture), "-fill", "black", "+opaque", colour, "-fill", "white", "-opaque", colour]
    command += ["-format", "%[fx:w*h*mean]", "info:"]
    return round(float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout))
