"""Where the program's own files and the advisor's data lie."""

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder of ``templates``, ``static`` and ``components``: inside an installed wheel, else the checkout."""
    installed = _PACKAGE / "_data"
    return installed if installed.is_dir() else _PACKAGE.parent


def components() -> Path:
    """Product content: forms and calculation libraries."""
    return root() / "components"


def default_data_dir() -> Path:
    """The advisor's own data folder on this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "SmartClient"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "SmartClient"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "smartclient"
