"""The components on this desk: versions side by side, never overwritten, and one pointer that is switched.

<folder>/active.json                        the pointer: see component_state
<folder>/forms/<name>/<version>/            as published
<folder>/calculations/<name>/<version>/
<folder>/staging/                           what is being fetched and checked; swept at the next start
<folder>/trust/                             TUF metadata: see component_trust
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from localapp.calculation.archives import digests_of
from localapp.calculation.components import Component, ComponentKind
from localapp.calculation.failures import ComponentRefused
from localapp.sync import component_state
from localapp.sync.component_state import Installed, State

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


POINTER = "active.json"
Step = Callable[[str], None]


class ComponentStore:
    """The desk's ComponentFolders. Reading needs no lock: the pointer is replaced whole and folders do not change."""

    def __init__(self, folder: Path, step: Step = lambda _name: None) -> None:
        """``step`` hears the name of each step that has become visible on the disk; tests end the process there."""
        self.folder = folder
        self.staging = folder / "staging"
        self._pointer = folder / POINTER
        self._step = step
        self._seen: tuple[tuple[int, int, int], State | None] | None = None
        self._damaged: set[Component] = set()

    @property
    def state(self) -> State:
        """What is installed, active and refused now. A damaged pointer is an empty state: nothing in it is certain."""
        return self._read() or State()

    def _read(self) -> State | None:
        """What the pointer says, read again when it has been replaced; None when it is damaged."""
        try:
            about = self._pointer.lstat()
        except FileNotFoundError:
            return State()
        stamp = (about.st_mtime_ns, about.st_size, about.st_ino)
        seen = self._seen
        if seen is None or seen[0] != stamp:
            try:
                seen = (stamp, component_state.read(self._pointer))
            except ValueError:
                seen = (stamp, None)
            self._seen = seen
        return seen[1]

    def active(self, kind: ComponentKind) -> Mapping[str, str]:
        """See ComponentFolders."""
        return self.state.active(kind)

    def folder_of(self, kind: ComponentKind, name: str, version: str) -> Path:
        """The folder, after its files were compared with what was recorded when they were checked.

        Raises KeyError for a version that is not installed, ComponentRefused naming the file that was changed.
        """
        try:
            component = Component(kind, name, version)
            record = self.state.installed[component]
        except (ComponentRefused, KeyError):
            raise KeyError(f"{name}/{version}") from None
        folder = self.folder / component.place
        try:
            _compare(folder, record.files)
        except ComponentRefused:
            self._damaged.add(component)
            raise
        return folder

    def holds(self, component: Component, digest: str) -> bool:
        """Whether this version is installed from that archive and nothing is known against its files."""
        record = self.state.installed.get(component)
        if record is None or component in self._damaged:
            return False
        return record.sha256 == digest and (self.folder / component.place).is_dir()

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Within the block no other update runs on this folder; false when one does already."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                _lock(handle)
            except OSError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)

    def sweep(self) -> None:
        """Remove what an interrupted update has left, but for downloads that can be continued. Only when alone."""
        self.staging.mkdir(mode=0o700, exist_ok=True)
        for path in self.staging.iterdir():
            if path.suffix != ".part":
                _remove(path)
        for path in (*self.folder.glob(f".{POINTER}.*"), *(self.folder / "trust").glob("**/.*")):
            _remove(path)
        state = self._read()
        if state is None:
            return  # the next update tells which of the versions are right
        known = {self.folder / component.place for component in state.installed}
        for kind in ComponentKind:
            for path in (self.folder / kind.value).glob("*/*"):
                if path not in known:
                    _remove(path)

    def discard(self, *paths: Path) -> None:
        """Remove what has failed its check."""
        for path in paths:
            if path.exists():
                _remove(path)

    def place(self, component: Component, staged: Path, record: Installed) -> None:
        """Move a checked version to its place and switch to it. Before the switch nobody sees it."""
        _sync(*(path for path in staged.rglob("*") if path.is_dir()), staged)
        place = self.folder / component.place
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.exists():  # its files were changed, or it was renamed and the pointer not switched any more
            place.rename(self.staging / f"{component.name}-{component.version}.replaced")
        self._step("made way")
        staged.rename(place)
        _sync(place.parent, place.parent.parent, self.folder)
        self._step("renamed")
        self.switch(self.state.with_installed(component, record))
        self._damaged.discard(component)

    def switch(self, state: State) -> None:
        """Make ``state`` the present one. Raises OSError; then the old one stays."""
        component_state.write(self._pointer, state)
        self._seen = None
        self._step("switched")


def _compare(folder: Path, recorded: Mapping[str, str]) -> None:
    try:
        found = digests_of(folder)
    except OSError as error:
        raise ComponentRefused(f"{folder.parent.name}/{folder.name}: {error.strerror}") from None
    changed = sorted(dict(found.items() ^ recorded.items()))
    if changed:
        where = f"{folder.parent.name}/{folder.name}/{changed[0]}"
        raise ComponentRefused(f"{where}: was changed on this computer; the next synchronization fetches it again")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(*folders: Path) -> None:
    if os.name != "posix":
        return
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
