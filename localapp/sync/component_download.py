"""Asks for metadata and targets through the one transport: a time for each answer, pieces that can be resumed."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import urllib3
from tuf.api.exceptions import DownloadHTTPError, LengthOrHashMismatchError
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface

from localapp.sync.component_report import UpdateRefused
from localapp.sync.transport import Reply, Transport, TransportFailed

METADATA = "/components/metadata/"
TARGETS = "/components/targets/"
PIECE = 256 * 1024
LARGEST_METADATA = 5_000_000
PIECE_PATIENCE = 10
"""A piece has this many times the patience of a metadata file: 256 KiB in 30 s, for slow mobile networks."""


def ask_within(seconds: float, transport: Transport, target: str, headers: dict[str, str], most: int) -> Reply:
    """A GET that ends in time. Raises TransportFailed, whatever the network does.

    The transport's own limit is for each read: a server that sends a byte now and then would hold us for ever.
    """
    answers: queue.SimpleQueue[Reply | BaseException] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(transport.ask("GET", target, headers, most=most))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            answers.put(error)

    threading.Thread(target=ask, name="components-ask", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise TransportFailed("endpoint_unreachable") from None
    if isinstance(found, Reply):
        return found
    if isinstance(found, (urllib3.exceptions.HTTPError, OSError)):
        raise TransportFailed("endpoint_unreachable") from found
    raise found


class MetadataFetcher(FetcherInterface):
    """python-tuf's way to our transport. The first answer that fails ends the refresh: nothing is tried again."""

    def __init__(self, transport: Transport, patience: float) -> None:
        self._transport, self._patience = transport, patience

    def _fetch(self, url: str) -> Iterator[bytes]:
        reply = ask_within(self._patience, self._transport, url, {}, LARGEST_METADATA + 1)
        if reply.status != 200:
            raise DownloadHTTPError(f"HTTP {reply.status}", reply.status)
        return iter([reply.body])


def download(
    transport: Transport, target: TargetFile, part: Path, patience: float, counted: Callable[[int, int], None]
) -> bytes:
    """A target's bytes, verified. What has come stays in ``part`` and is continued; what is wrong is thrown away.

    Raises UpdateRefused for this target, TransportFailed when the next one would not come either.
    """
    have = part.stat().st_size if part.exists() else 0
    while have < target.length:
        counted(have, target.length)
        have = _append_piece(transport, target, part, have, patience * PIECE_PATIENCE)
    counted(have, target.length)
    content = part.read_bytes()
    try:
        target.verify_length_and_hashes(content)
    except LengthOrHashMismatchError:
        part.unlink()
        raise _wrong(target, len(content)) from None
    return content


def _append_piece(transport: Transport, target: TargetFile, part: Path, have: int, seconds: float) -> int:
    folder, _, name = target.path.rpartition("/")
    place = f"{TARGETS}{folder}/{target.hashes['sha256']}.{name}"
    last = min(have + PIECE, target.length) - 1
    try:
        reply = ask_within(seconds, transport, place, {"Range": f"bytes={have}-{last}"}, target.length + 1)
    except TransportFailed as failed:
        if failed.refusal.code == "endpoint_not_recognized":  # also an answer that does not end
            raise UpdateRefused(failed.refusal.code, **failed.refusal.facts) from None
        raise
    if reply.status not in {200, 206}:
        raise UpdateRefused("endpoint_failed", status=str(reply.status))
    due = last - have + 1
    if reply.status == 200:  # all of it, from the beginning
        have, due = 0, target.length
    if len(reply.body) != due or _told_length(reply, target) != target.length:
        part.unlink(missing_ok=True)
        raise _wrong(target, have + len(reply.body))
    with part.open("r+b" if part.exists() else "xb") as file:
        file.truncate(have)
        file.seek(have)
        file.write(reply.body)
        file.flush()
        os.fsync(file.fileno())
    return have + due


def _told_length(reply: Reply, target: TargetFile) -> int:
    told = reply.headers.get("content-range", "").rpartition("/")[2]
    return int(told) if reply.status == 206 and told.isascii() and told.isdecimal() else target.length


def _wrong(target: TargetFile, found: int) -> UpdateRefused:
    return UpdateRefused(
        "component_wrong_hash",
        component=target.path.removesuffix(".zip"),
        expected=target.hashes["sha256"][:12],
        length=str(target.length),
        found=str(found),
    )
