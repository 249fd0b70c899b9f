"""The desk in a browser tab. The address never stands in a command line: the browser is given a file (0600)."""

import threading
import webbrowser
from pathlib import Path

from localapp import private_files
from localapp.instance import OPEN_PAGE
from localapp.window.reasons import has_screen

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
