"""Files for their owner only, written whole or not at all and durable before anybody relies on them."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

PART = ".part"
_BINARY = getattr(os, "O_BINARY", 0)


def folder(path: Path) -> Path:
    """The folder, made for its owner only if there is none."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def write(path: Path, parts: Iterable[bytes]) -> None:
    """Put the parts in the place of ``path``: beside it first, synced, renamed, and the name synced too.

    The name beside it is random, so that two processes that write the same file do not disturb each other.
    """
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep(place: Path) -> None:
    """Remove what a crash has left half written."""
    for path in place.glob(f"*{PART}"):
        path.unlink(missing_ok=True)


def sync_folder(place: Path) -> None:
    """Make the new name itself durable; Windows has no such call."""
    if os.name != "posix":
        return
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
