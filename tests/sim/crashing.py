"""A process that dies at a chosen point: its files are copied as they lie at that moment, and nothing runs any more.

Points are each SQL statement, before and after each commit, after each record of the change log, and before and after
each sync and renaming of a file. An exception alone would be no crash: whoever catches one puts things in order.
"""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import Dialect, Engine, event


class CrashedError(BaseException):
    """The process is dead. Nothing of the programs may catch it."""


_LIVING: "WeakSet[Crashing]" = WeakSet()
_MARK = "sc_tells"


def _tell_after_commits(dialect: Dialect) -> None:
    commit = dialect.do_commit

    def and_after(connection: Any) -> None:  # noqa: ANN401 - the driver's
        commit(connection)
        for each in tuple(_LIVING):
            each.committed(dialect)

    dialect.do_commit = and_after  # type: ignore[method-assign,assignment]  # of these engines alone
    setattr(dialect, _MARK, True)


_SHARED: dict[str, tuple[Dialect, Any]] = {}


def share_compiled(kind: str, *engines: Engine) -> None:
    """Let all engines of one kind use the statements that the first one has compiled: each opening makes new ones."""
    dialect, compiled = _SHARED.setdefault(kind, (engines[0].dialect, engines[0]._compiled_cache))
    for engine in engines:
        engine.dialect, engine._compiled_cache = dialect, compiled


class Crashing:
    """The points that one process passes on its folder. ``at`` counts from 1; 0 lets it live."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passed: list[str] = []
        self.heard: Callable[[Crashing], object] = lambda _: None
        self._at = 0
        self._counting = False
        self._dialect: Dialect | None = None
        self.is_dead = False

    def watch(self, engine: Engine) -> None:
        """Points at each statement and commit of an engine."""
        event.listen(engine, "before_cursor_execute", lambda *given: self.point(_word(given[2])))
        event.listen(engine, "commit", lambda _: self.point("before commit"))
        self._dialect = engine.dialect
        _LIVING.add(self)
        if not hasattr(engine.dialect, _MARK):
            _tell_after_commits(engine.dialect)

    def after(self, owner: Any, name: str) -> None:  # noqa: ANN401 - any object
        """A point after each call of a method."""
        whole: Callable[..., Any] = getattr(owner, name)

        def and_after(*given: object, **named: object) -> Any:  # noqa: ANN401 - whatever it gives
            answer = whole(*given, **named)
            self.point(f"after {name}")
            return answer

        setattr(owner, name, and_after)

    @contextmanager
    def counting(self, at: int) -> Iterator[None]:
        """Within the block points are counted; the process dies at the one numbered ``at``, if it comes so far.

        Raises CrashedError then, whatever has become of it on the way: a dead process puts nothing in order.
        """
        self.passed, self._at, self._counting = [], at, True
        try:
            yield
        except BaseException as failure:
            if self.is_dead:
                raise CrashedError from failure
            raise
        finally:
            self._counting = False

    @contextmanager
    def files_too(self) -> Iterator[None]:
        """Within the block the syncing and renaming of files are points as well."""
        sync, rename = os.fsync, Path.replace

        def syncing(handle: int) -> None:
            self.point("before sync")
            sync(handle)
            self.point("after sync")

        def renaming(path: Path, target: Path) -> Path:
            self.point("before renaming")
            answer = rename(path, target)
            self.point("after renaming")
            return answer

        os.fsync, Path.replace = syncing, renaming  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            os.fsync, Path.replace = sync, rename  # type: ignore[method-assign]

    def point(self, name: str) -> None:
        """The process comes to a point. Raises CrashedError at the chosen one and at all that follow it."""
        if self.is_dead:
            raise CrashedError
        if not self._counting:
            return
        self.passed.append(name)
        self.heard(self)
        if len(self.passed) == self._at:
            self.die()
            raise CrashedError(f"{self.folder.name}, point {self._at}: {name}")

    def die(self) -> None:
        """Copy the files as they lie; what the process does to its own ones from now on is nobody's."""
        self.is_dead = True
        shutil.copytree(self.folder, self.copy, ignore=shutil.ignore_patterns("*-shm"))

    def committed(self, dialect: Dialect) -> None:
        """An engine of this dialect has committed; of the processes that share it only one is at work."""
        if self._counting and not self.is_dead and dialect is self._dialect:
            self.point("after commit")

    @property
    def copy(self) -> Path:
        """What lay on the disk when the process died."""
        return self.folder.with_name(f"{self.folder.name}.dead")

    def image(self) -> int:
        """A checksum of all that lies on the disk: a death here is the same as one at any point with the same image."""
        places = sorted(path for path in self.folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
        checksum = 0
        for path in places:
            checksum = zlib.crc32(path.read_bytes(), zlib.crc32(path.name.encode(), checksum))
        return checksum

    def bury(self) -> Path:
        """Put what lay on the disk in the folder's place; the folder. The dead process has let go of its files."""
        shutil.rmtree(self.folder)
        self.copy.rename(self.folder)
        return self.folder


def _word(statement: str) -> str:
    return " ".join(statement.split()[:3])
