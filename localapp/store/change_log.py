"""The change log: each committed change once more, durable before the database commits it.

Where the database is damaged, gone or older than it should be, a backup and the changes logged since make it again
(``restoring``). The format is in ``log_format``, what a change consists of in ``recording``.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from localapp import private_files
from localapp.store.failures import FolderGone, NotWritable, StoreFailure, StoreFull
from localapp.store.log_format import HEADER_SIZE, End, ForeignHeaderError, Format, Kind, Reading, Record

SUFFIX = ".changes"  # not .log: whoever clears away logs must not clear away changes
_APPENDING = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_sync = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True)
class History:
    """All files of the log in order, as they are read at opening. ``foreign`` do not open under this key."""

    files: list[tuple[Path, Reading]] = field(default_factory=list)
    foreign: list[Path] = field(default_factory=list)

    @property
    def exists(self) -> bool:
        """Whether there is any file of a log."""
        return bool(self.files or self.foreign)

    @property
    def key_is_right(self) -> bool:
        """Whether a file was written under the key that was tried."""
        return bool(self.files)

    @property
    def first(self) -> int | None:
        """The number of the first change that the log begins with."""
        return self.files[0][1].first if self.files else None

    @cached_property
    def last(self) -> int:
        """The number of the last change that can be read."""
        newest = self.files[-1][1] if self.files else None
        known = [record.sequence for record in self.changes()]
        return max([*known, newest.first - 1 if newest else 0])

    @property
    def last_known(self) -> int:
        """The number of the last change that was logged, readable or not."""
        unreadable = self.files[-1][1].unreadable if self.files else []
        return max([self.last, *unreadable])

    @property
    def settled(self) -> int:
        """Up to where the database's file was complete by itself."""
        marks = (each for _, piece in self._valid() for each in piece if each.kind is Kind.SETTLED)
        return max((each.sequence for each in marks), default=0)

    @property
    def end(self) -> End:
        """How the newest file ends."""
        return self.files[-1][1].end if self.files else End.WHOLE

    def changes(self, after: int = 0) -> list[Record]:
        """The changes numbered above ``after``, in order."""
        return [record for _, piece in self.pieces(after) for record in piece]

    def pieces(self, after: int = 0) -> Iterator[tuple[str, list[Record]]]:
        """The same by files, with the version of the tables that they are about."""
        for schema, valid in self._valid():
            yield schema, [each for each in valid if each.kind is Kind.CHANGE and each.sequence > after]

    def _valid(self) -> Iterator[tuple[str, list[Record]]]:
        """A later file overrules an earlier one from the number on that it begins with."""
        for place, (_, reading) in enumerate(self.files):
            end = min((later.first for _, later in self.files[place + 1 :]), default=None)
            yield reading.schema, [each for each in reading.records if end is None or each.sequence < end]


def read_history(folder: Path, database_key: bytes, *, after: int = 0) -> History:
    """Read the files of the log that tell of changes numbered above ``after``.

    Raises NotWritable where the folder or a file cannot be read at all.
    """
    history = History()
    try:
        for path in files_after(folder, database_key, after):
            data = path.read_bytes()
            try:
                history.files.append((path, Format.of(data, database_key).read(data)))
            except ForeignHeaderError:
                history.foreign.append(path)
    except OSError as problem:
        raise NotWritable(path=folder, reason=problem.strerror) from problem
    return history


def files_after(folder: Path, database_key: bytes, after: int) -> list[Path]:
    """The files that tell of changes numbered above ``after``: from the last one on that begins no later."""
    files = log_files(folder)
    for place in reversed(range(len(files))):
        with files[place].open("rb") as file, suppress(ForeignHeaderError):
            if Format.of(file.read(HEADER_SIZE), database_key).first <= after + 1:
                return files[place:]
    return files


def log_files(folder: Path) -> list[Path]:
    """The files of the log, oldest first."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.stem.isdecimal())


class ChangeLog:
    """The log, open for appending. Used by one writer at a time."""

    def __init__(self, folder: Path, database_key: bytes) -> None:
        self._folder = folder
        self._key = database_key
        self._path = folder / "none"
        self._file = -1
        self._format: Format | None = None
        self._end = self._before = 0
        self._settled = -1
        self.last = 0

    @property
    def schema(self) -> str:
        """The version of the tables that the changes are about."""
        return self._format.schema if self._format else ""

    @property
    def size(self) -> int:
        """Bytes in the file that is being written."""
        return self._end

    def go_on(self, path: Path, last: int, settled: int) -> None:
        """Append to an existing file that ends whole, after the change ``last``. Raises a StoreFailure."""
        with _said(path):
            self._take(path, os.open(path, _APPENDING))
            data = path.read_bytes()
        self._format = Format.of(data, self._key)
        self._end, self.last, self._settled = len(data), last, settled

    def begin(self, first: int, schema: str) -> None:
        """Go on in a new file, whose first change gets the number ``first``. Raises a StoreFailure."""
        new = Format.new(self._key, first, schema)
        is_settled = self._settled == first - 1
        with _said(self._folder):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            number = max((int(path.stem) for path in log_files(self._folder)), default=0) + 1
            path = self._folder / f"{number:08d}{SUFFIX}"
            private_files.replace(path, new.header)
            self._take(path, os.open(path, _APPENDING))
        self._format, self._end, self.last = new, HEADER_SIZE, first - 1
        if is_settled:  # a later opening reads the newest files only
            self.settle()

    def append(self, body: bytes) -> int:
        """Make the next change durable; its number. Nothing of it stays when it raises a StoreFailure."""
        self._write(Record(self.last + 1, Kind.CHANGE, body))
        self.last += 1
        return self.last

    def settle(self) -> None:
        """Note that the database's file holds everything up to here by itself. Raises a StoreFailure."""
        self._write(Record(self.last, Kind.SETTLED, b""))
        self._settled = self.last

    def take_back(self) -> None:
        """The change just appended was not committed. Where even that fails, the next change begins a new file."""
        self.last -= 1
        self._end = self._before
        try:
            os.ftruncate(self._file, self._end)
            _sync(self._file)
        except OSError:
            self.close()

    def close(self) -> None:
        """Close the file; appending needs ``begin`` or ``go_on`` again."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def check_place(self) -> None:
        """Raise FolderGone when the file no longer lies where it was opened: what is written to it would be lost."""
        if self._file >= 0 and not same_place(self._path, os.fstat(self._file)):
            raise FolderGone(path=self._folder.parent)

    def _take(self, path: Path, file: int) -> None:
        self.close()
        self._path, self._file = path, file

    def _write(self, record: Record) -> None:
        if self._file < 0 or self._format is None:
            self.begin(self.last + 1, self.schema)
        assert self._format is not None  # noqa: S101 - begun above
        self.check_place()
        sealed = self._format.seal(record, self._end)
        with _said(self._path):
            try:
                os.lseek(self._file, self._end, os.SEEK_SET)
                _write_all(self._file, sealed)
                _sync(self._file)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(self._file, self._end)
                raise
        self._before, self._end = self._end, self._end + len(sealed)


def same_place(path: Path, opened: os.stat_result) -> bool:
    """Whether the path still leads to the file that was opened."""
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_ino, found.st_dev) == (opened.st_ino, opened.st_dev)


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Within the block an OSError becomes a StoreFailure."""
    try:
        yield
    except OSError as problem:
        raise failure_of_disk(problem, path) from problem


def failure_of_disk(problem: OSError, path: Path) -> StoreFailure:
    """What an error of the file system means to the user."""
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreFull(path=path)
    if not path.parent.exists():
        return FolderGone(path=path.parent)
    return NotWritable(path=path, reason=problem.strerror or str(problem))
