"""The list of documents in the desktop window, as a picture: ``python -m tools.window_screenshot``."""

import os
import sys
import tempfile
from pathlib import Path
from unittest import mock

from localapp import paths
from localapp.window.process import Window
from tests.window.screens import Screen, screen, until
from tools.served_desks import serving

PICTURE = paths.root() / "docs" / "screenshots" / "window-light.png"
_SIZE = "1320x920"


def main() -> int:
    """Take the picture."""
    with (
        screen(_SIZE) as shown,
        tempfile.TemporaryDirectory() as folder,
        serving("open", Path(folder) / "desk") as desk,
    ):
        lost: list[str] = []
        window = Window(Path(folder), lambda: None, lambda: None, lost.append)
        with mock.patch.dict(os.environ, shown.environment):
            window.start()
        try:
            window.open(desk.addresses.issue())
            until(lambda: window.is_shown or lost, "the window")
            _take(shown)
        finally:
            window.stop()
    sys.stdout.write(f"{PICTURE.name} {PICTURE.stat().st_size // 1000} kB\n")
    return len(lost)


def _take(shown: Screen) -> None:
    """The picture once it no longer changes: icons come after the page."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "1.png", Path(folder) / "2.png"
        until(lambda: _same(shown.picture(first), shown.picture(second)), "a picture that stands still")
        shown.run("convert", str(second), "-trim", "+repage", "+dither", "-colors", "255", f"PNG8:{PICTURE}")


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
