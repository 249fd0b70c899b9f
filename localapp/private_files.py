"""Files of one person: readable by nobody else, written whole or not at all, never through a planted link.

A leaf of the standard library that store and app share.
"""

import os
import stat
import tempfile
from pathlib import Path

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
LARGEST = 1 << 20


class PlantedError(OSError):
    """The place is taken by something that is not a plain file: a link, a folder, a pipe."""


def write_new(path: Path, content: bytes) -> None:
    """Create ``path`` with mode 0600 in the place of a stale plain file. Raises PlantedError for anything else."""
    refuse_planted(path)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def replace(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of ``path`` in one step that survives a crash. Raises PlantedError."""
    refuse_planted(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mkstemp gives 0600 and O_EXCL
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read(path: Path) -> bytes:
    """The content of a plain file of at most 1 MiB. Raises FileNotFoundError, PlantedError."""
    refuse_planted(path)
    handle = os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY)
    with os.fdopen(handle, "rb") as file:
        return file.read(LARGEST)


def refuse_planted(path: Path) -> None:
    """Raise PlantedError when ``path`` exists and is not a plain file."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise PlantedError(f"{path.name} is not a plain file")


def sync_folder(folder: Path) -> None:
    """Make the new name itself durable; Windows has no such call."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
