"""Shows the desk in a browser tab. The address never stands in a command line: the browser is given a file (0600)."""

import os
import sys
import threading
import webbrowser
from pathlib import Path

from localapp import private_files
from localapp.instance import OPEN_PAGE

LOADED_WITHIN = 10.0  # seconds after which the browser has read the file
_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>SmartClient</title><meta http-equiv="refresh" content="0;url={}">\n'
)


def open_tab(folder: Path, address: str) -> "threading.Timer | None":
    """Open a tab with the address; None where there is no browser. The timer given back removes the file."""
    if not has_screen():
        return None
    page = folder / OPEN_PAGE
    private_files.write_new(page, _PAGE.format(address).encode("ascii"))
    removal = threading.Timer(LOADED_WITHIN, page.unlink, kwargs={"missing_ok": True})
    removal.daemon = True
    try:
        opened = webbrowser.open(page.as_uri())
    except webbrowser.Error:
        opened = False
    if not opened:
        page.unlink(missing_ok=True)
        return None
    removal.start()
    return removal


def has_screen() -> bool:
    """Whether a browser window can appear; without this a text browser would take the terminal over."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
