"""A component as one archive: packed to the same bytes each time, unpacked without trusting a single name or number."""

import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from localapp.calculation.failures import ComponentRefused

LARGEST_ARCHIVE = 32 * 1024 * 1024
MOST_FILES = 1000
MOST_UNPACKED = 64 * 1024 * 1024
MOST_RATIO = 200
"""Unpacked bytes for each byte of the archive; golden cases, the most repetitive of our files, reach about 30."""

_DATE = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_DEPTH = 4


def pack(folder: Path) -> bytes:
    """The files of a folder as one archive, in order and without dates. Raises ComponentRefused."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in _contents_of(folder).items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PLAIN_FILE
            entry.create_system = _UNIX
            archive.writestr(entry, content)
    packed = whole.getvalue()
    contents(packed)  # what a desk would refuse is not published
    return packed


def contents(packed: bytes) -> dict[str, bytes]:
    """The files of an archive by name, within all limits. Raises ComponentRefused naming the file or the limit."""
    if len(packed) > LARGEST_ARCHIVE:
        raise ComponentRefused(f"the archive has {len(packed)} bytes, the limit is {LARGEST_ARCHIVE}")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = _checked_entries(archive)
            return _read_all(archive, entries, min(MOST_UNPACKED, MOST_RATIO * len(packed)))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ComponentRefused(f"the archive cannot be read: {error}") from None


def unpack(packed: bytes, into: Path) -> dict[str, str]:
    """Write an archive's files under ``into`` (new) and sync them; their SHA-256 by name. Raises ComponentRefused."""
    files = contents(packed)
    into.mkdir(mode=0o700)
    for name, content in files.items():
        path = into / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder by name. Raises ComponentRefused for a link or a name that we never write."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in _contents_of(folder).items()}


def _contents_of(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise ComponentRefused(f"{name}: is not a plain file")
        _refuse_name(name)
        found[name] = path.read_bytes()
    return found


def _checked_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if not 0 < len(entries) <= MOST_FILES:
        raise ComponentRefused(f"the archive has {len(entries)} files, the limits are 1 and {MOST_FILES}")
    seen: set[str] = set()
    for entry in entries:
        _refuse_name(entry.filename)
        mode = entry.external_attr >> 16
        if entry.is_dir() or (mode and not stat.S_ISREG(mode)):
            raise ComponentRefused(f"{entry.filename}: is not a plain file")
        folded = entry.filename.casefold()
        ways = {parent.as_posix() for parent in PurePosixPath(folded).parents}
        if folded in seen or ways & seen:
            raise ComponentRefused(f"{entry.filename}: stands twice in the archive")
        seen.add(folded)
    return entries


def _read_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], most: int) -> dict[str, bytes]:
    """What really comes out is counted; what the entries say of their size is not believed."""
    found, left = {}, most
    for entry in entries:
        with archive.open(entry) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise ComponentRefused(f"{entry.filename}: unpacks to more than the limit of {most} bytes")
        found[entry.filename] = content
    return found


def _refuse_name(name: str) -> None:
    parts = name.split("/")
    fine = all(_PART.fullmatch(part) and not _RESERVED.fullmatch(part) and part[-1] != "." for part in parts)
    if not fine or len(parts) > _DEPTH:
        raise ComponentRefused(f"{name[:200]!r}: is no name for a component's file")
