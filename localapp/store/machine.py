"""Which computer this is: a value that a copied folder does not bring along. Never the computer's own identifier."""

import hashlib
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_PLACES = ("/etc/machine-id", "/var/lib/dbus/machine-id")
_PURPOSE = b"smartclient/installation/"  # machine-id(5): the identifier itself is confidential, a derived one is not


@cache
def machine() -> str:
    """A digest that is the computer's own; empty where the system names none, and then nothing follows from it."""
    found = _registry() if sys.platform == "win32" else _file()
    return hashlib.sha256(_PURPOSE + found.encode()).hexdigest() if found else ""


def _file() -> str:
    for place in _PLACES:
        with suppress(OSError, UnicodeDecodeError):
            found = Path(place).read_text(encoding="ascii").strip()
            if found:
                return found
    return ""


def _registry() -> str:
    if sys.platform != "win32":
        return ""
    import winreg  # noqa: PLC0415 - Windows only

    with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
        return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    return ""
