"""Why there is no window, with the sentences for it, and what can be known before a process is started.

The sentences are those of ``templates/texts/window.json``, which the pages show too.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from localapp import paths

NO_DISPLAY, NO_TOOLKIT, AS_ROOT = "no_display", "no_toolkit", "as_root"
CRASHED, NOT_LOADED = "crashed", "not_loaded"

ROOT_SWITCH = "SMARTCLIENT_WINDOW_AS_ROOT"
"""Set to 1 it lets root open the window, without Chromium's sandbox: for tests and containers."""


def against(environment: Mapping[str, str] = os.environ) -> str | None:
    """The reason that speaks against a window; None when one can be tried. Nothing of the toolkit is imported."""
    if not has_screen(environment):
        return NO_DISPLAY
    if not has_toolkit():
        return NO_TOOLKIT
    if is_root() and environment.get(ROOT_SWITCH) != "1":
        return AS_ROOT
    return None


def has_screen(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can appear; without this a text browser would take the terminal over."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def is_root() -> bool:
    """Whether this is root, for whom Chromium's sandbox does not work."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_toolkit() -> bool:
    """Whether pywebview is installed and, on Linux, Qt's WebEngine for it."""
    if _place("webview") is None:
        return False
    if not sys.platform.startswith("linux"):
        return True
    folder = _place("PyQt6")
    return folder is not None and any(folder.glob("QtWebEngineCore.*"))


def _place(package: str) -> Path | None:
    """The folder of a package, without importing it."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    folders = list(found.submodule_search_locations or []) if found else []
    return Path(folders[0]) if folders else None


@cache
def texts() -> dict[str, dict[str, Any]]:
    """All texts of the window, in both languages."""
    path = paths.root() / "templates" / "texts" / "window.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def on_terminal(reason: str) -> str:
    """The sentence for a terminal: both languages and the code."""
    text = texts()[reason]
    return f"{text['cs']}\n{text['en']} [window.{reason}]\n"
