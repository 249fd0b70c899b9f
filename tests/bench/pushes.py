"""Pushes of 2,000 and 10,000 completed documents beside one gzip POST of them and beside peers, in turns; a change
saved meanwhile; what a line that breaks costs.
"""

import gc
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from localapp.app import GIVE_WAY
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import joined
from localapp.store import schema as desk_schema
from localapp.store.records import NewDocument
from localapp.store.store import Store
from localapp.sync.conversation import Conversation
from localapp.sync.greeting import greet
from localapp.sync.push_answer import read_pushed
from localapp.sync.pushing import PUSH
from localapp.sync.session import synchronize
from localapp.sync.transport import HttpTransport, Transport
from tests import in_memory
from tests.bench.counted_line import counted_line
from tests.bench.endpoint import timed
from tests.bench.floor import body_of, send, serving_floor
from tests.bench.quiet_endpoint import serving_quietly
from tests.bench.sync_peers import Peer, peers
from tests.bench.synchronization import ROW, Two, copied, prepare, quantiles
from tests.bench.table import Row
from tests.endpoint.made_up import CALCULATION, FORM

FEW, MANY, ROUNDS = 2_000, 10_000, 5
SAVE_TARGET = 10.0
RESUME_TARGET = 5.0  # per cent of the bytes of a push that nothing breaks
_CUTS = (0.2, 0.4, 0.6, 0.8, 0.95)
_TIMES_FLOOR = 2


def rows() -> list[Row]:
    """Measure; each round begins with a copy of the same two folders."""
    with tempfile.TemporaryDirectory() as place, _as_a_desk():
        few, many = Path(place) / "few", Path(place) / "many"
        prepare(few, FEW + 1)
        found = [*_push_rows(few, FEW), _save_row(few), _resume_row(few)]
        prepare(many, MANY + 1)
        return [*found, *_push_rows(many, MANY)]


@contextmanager
def _as_a_desk() -> Iterator[None]:
    """Threads take turns as often as in a running desk, and what the program is made of counts as no garbage."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(GIVE_WAY)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(before)


@dataclass
class _Taken:
    """Milliseconds of each round."""

    pushes: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)


def _push_rows(ready: Path, count: int) -> list[Row]:
    """In turns, each into a process of its own that does nothing else: the push, one POST of the same bytes, peers."""
    taken, compared = _Taken(), peers()
    with serving_floor(str(ready.with_name(f"floor-{count}.db"))) as floor_port:
        for _ in range(ROUNDS):
            with _served(ready) as (two, port):
                taken.pushes.append(_send_over_http(two, f"http://127.0.0.1:{port}"))
                body = body_of(_sent(two.store))
            taken.floors.append(timed(lambda body=body: send(floor_port, body)))  # type: ignore[misc]
            _push_with_peers(ready.with_name("documents.jsonl"), body, compared, taken)
    return _compared(count, taken, compared)


@contextmanager
def _served(ready: Path) -> Iterator[tuple[Two, int]]:
    with copied(ready) as two, serving_quietly(two.endpoint) as port:
        yield two, port


def _push_with_peers(documents: Path, body: bytes, compared: list[Peer], taken: _Taken) -> None:
    documents.write_bytes(body)
    for peer in compared:
        if not peer.missing:
            taken.peers.setdefault(peer.name, []).append(peer.push(documents))


def _compared(count: int, taken: _Taken, compared: list[Peer]) -> list[Row]:
    """Ours within twice the floor and within each peer's share; a peer that is not there is said to be missing."""
    least = statistics.median(taken.floors)
    limits = {f"{_TIMES_FLOOR} x one gzip POST": _TIMES_FLOOR * least}
    found = [_row(f"one gzip POST of {count} documents, loopback", taken.floors)]
    for peer in compared:
        what = f"{peer.name}: push of {count} documents"
        if peer.missing:
            found.append(Row(what, 0, 0, 0, missing=peer.missing))
        else:
            found.append(_row(what, taken.peers[peer.name]))
            limits[f"{peer.times:g} x {peer.name}"] = peer.times * statistics.median(taken.peers[peer.name])
    ours = f"push of {count} documents, loopback"
    return [*found, *(_row(f"{ours}: {limit}", taken.pushes, least) for limit, least in limits.items())]


def _row(what: str, took: list[float], target: float | None = None) -> Row:
    return Row(what, statistics.median(took), max(took), len(took), None, target)


def _save_row(ready: Path) -> Row:
    saves: list[float] = []
    for _ in range(ROUNDS):
        with copied(ready) as two, _on_another_disk(two.endpoint) as folder, serving_quietly(folder) as port:
            saves += _saves_meanwhile(two, f"http://127.0.0.1:{port}")
    return Row(f"a change saved while {FEW} documents are sent", *quantiles(saves), len(saves), SAVE_TARGET)


@contextmanager
def _on_another_disk(folder: Path) -> Iterator[Path]:
    """The insurer does not write to the advisor's disk: its folder lies in memory, where there is room."""
    with tempfile.TemporaryDirectory(dir=in_memory.folder()) as place:
        yield Path(shutil.copytree(folder, Path(place) / folder.name))


def _resume_row(ready: Path) -> Row:
    """Per cent of bytes that went once more, where the line broke once within a push."""
    whole = _bytes_sent(ready, None)
    more = [100 * (_bytes_sent(ready, round(whole * share)) / whole - 1) for share in _CUTS]
    what = f"a line cut within a push of {FEW}: % of its bytes sent again"
    return Row(what, statistics.median(more), max(more), len(more), RESUME_TARGET)


def _bytes_sent(ready: Path, cut_after: int | None) -> int:
    with _served(ready) as (two, port), counted_line(port, cut_after) as line:
        address = f"http://127.0.0.1:{line.port}"
        two.store.sync.follow(address)
        transport = HttpTransport(address)
        runs = 0
        while two.store.outbox():
            runs += 1
            synchronize(two.store.sync, transport, cause="bench")
            if runs > 2:
                raise AssertionError(len(two.store.outbox()))
        transport.close()
        return line.sent


def _send(two: Two, transport: Transport) -> None:
    report = synchronize(two.store.sync, transport, cause="bench")
    if report.refusal or two.store.outbox():
        raise AssertionError(report)


def _warm(two: Two, transport: Transport) -> None:
    """Send one document: both programs have been running for a while, as the server of the floor has."""
    store = two.store.sync
    enrolment = store.to_speak_for()[0]
    conversation = Conversation(transport, enrolment.installation, enrolment.private_key)
    greet(store, conversation, enrolment)
    ((_, envelope),) = store.freeze_batch(enrolment, 1, 1)
    known = store.enrolment_at(enrolment.id)
    message = {"operations": [envelope], "cursor": known.cursor, "stream": known.stream}
    pushed = read_pushed(conversation.ask("POST", PUSH, message))
    store.settle(known, pushed.results, pushed.next)


@contextmanager
def _warm_line(two: Two, address: str) -> Iterator[HttpTransport]:
    two.store.sync.follow(address)
    transport = HttpTransport(address)
    try:
        _warm(two, transport)
        yield transport
    finally:
        transport.close()


def _send_over_http(two: Two, address: str) -> float:
    with _warm_line(two, address) as transport:
        return timed(lambda: _send(two, transport))


def _saves_meanwhile(two: Two, address: str) -> list[float]:
    """How long each change of one draft takes while everything that waits is sent.

    One was saved and one document sent before: the desk has been running for a while.
    """
    document = two.store.create_document(NewDocument(Kind.OFFER, FORM, CALCULATION, {"note": ""}, {}, ROW, "alena"))
    _save(two.store, document, 0)
    took: list[float] = []
    with _warm_line(two, address) as transport:
        sending = threading.Thread(target=_send, args=(two, transport))
        sending.start()
        while sending.is_alive():
            took.append(timed(lambda: _save(two.store, document, len(took) + 1)))
            time.sleep(0.01)
        sending.join()
    return took


def _save(store: Store, document: str, turn: int) -> None:
    with store.edit(document, "alena") as edit:
        edit.save(
            {"note": f"change {turn}"}, {},
            row=ROW, last_quote=None,
        )  # fmt: skip


def _sent(store: Store) -> list[str]:
    with store._database.read() as connection:
        sent = desk_schema.outbox.join(desk_schema.outgoing)
        found = connection.execute(
            select(desk_schema.outbox.c.envelope, desk_schema.outgoing.c.completion).select_from(sent)
        )
        return [joined(heading, completion) for heading, completion in found if heading]
