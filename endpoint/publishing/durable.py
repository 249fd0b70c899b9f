"""Files of the repository: written whole or not at all, and one publisher at a time."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from endpoint import durable
from endpoint.durable import sync_folder

__all__ = ["alone", "sync_folder", "write"]

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)


def write(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` (0600) in one step that survives a crash; its folder is made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, [content])


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Within the block no other publisher works on the same repository: neither the server nor a command."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        _lock(file)
        yield
