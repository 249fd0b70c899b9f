"""Where tests put their files: into memory where there is room, since a disk is waited for at each file made durable.

The suite makes some hundred thousand files durable. Whether the programs do so is judged by tests that listen to the
calls; and a process that is killed leaves in memory just what it leaves on a disk.
"""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - whoever uses it makes a folder of its own in it
_ROOM = 2 * 2**30
_CHOSEN_BY_HAND = {"TMPDIR", "TEMP", "TMP", "PYTEST_DEBUG_TEMPROOT"}


def choose() -> None:
    """Let this process and what it starts make temporary files in memory, unless somebody chose a folder."""
    chosen = folder()
    if chosen:
        os.environ["TMPDIR"] = tempfile.tempdir = str(chosen)


def folder() -> Path | None:
    """The folder in memory; None where there is none, no room in it, or somebody chose another.

    In containers programs may often not be started from it: tests do.
    """
    if _CHOSEN_BY_HAND & os.environ.keys() or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    is_fit = shutil.disk_usage(_MEMORY).free >= _ROOM and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    return _MEMORY if is_fit else None
