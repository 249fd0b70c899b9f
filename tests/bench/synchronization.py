"""The desk: 2,000 completed documents sent by ``synchronize`` beside one gzip POST; nothing to do; 10 changes; a change
saved meanwhile.
"""

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from endpoint import counting, demo
from endpoint.application import create_endpoint
from endpoint.store import schema
from endpoint.store.engine import Database
from localapp import clock
from localapp.domain.canonical import canonical_text, freeze
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.enrolment import Advisor
from localapp.domain.sync.messages import NumberBlock
from localapp.domain.sync.operations import joined
from localapp.store import schema as desk_schema
from localapp.store.records import Keys, ListRow, NewDocument
from localapp.store.store import Store
from localapp.store.sync_schema import elsewhere
from localapp.sync.conversation import Conversation
from localapp.sync.enrolling import begin, confirm
from localapp.sync.greeting import greet
from localapp.sync.push_answer import read_pushed
from localapp.sync.pushing import PUSH
from localapp.sync.session import Report, synchronize
from localapp.sync.transport import HttpTransport, Transport
from tests.bench import endpoint as endpoint_rows
from tests.bench import store as store_rows
from tests.bench.floor import body_of, send, serving_floor
from tests.bench.quiet_endpoint import serving_quietly
from tests.bench.table import Row, measured
from tests.connecting import InProcess
from tests.endpoint.made_up import CALCULATION, FORM, Revision, family
from tests.store.made_up import welcomed

COMPLETED, DOCUMENTS, CHANGES, ROUNDS, REPEATS = 2_000, 10_000, 10, 5, 30
IDLE_TARGET, CHANGES_TARGET, SAVE_TARGET = 5.0, 15.0, 10.0
KEYS = Keys(bytes(32), bytes(range(32)))
_SALTS = ("ab" * 32, "cd" * 32)
_ALENA = Advisor("Alena", "Nováková", "anovakova", "012345PPZ")
_ROW = ListRow("Příhodová-Šťastná", "Kateřina", "Ing.", "3682.00", 12, "Kateřina Příhodová-Šťastná")


def rows() -> list[Row]:
    """Measure on fresh folders; each round of a push begins with a copy of the same two folders."""
    with tempfile.TemporaryDirectory() as place:
        ready = Path(place) / "ready"
        _prepare(ready, COMPLETED + 1)
        pushes = _push_rows(ready)
        return [*pushes, *_idle_rows(Path(place) / "idle", 0), *_idle_rows(Path(place) / "idle-full", DOCUMENTS)]


@dataclass(frozen=True)
class _Two:
    """A desk's store and the folder of its endpoint."""

    store: Store
    endpoint: Path

    @contextmanager
    def in_process(self) -> Iterator[Transport]:
        """The endpoint answering in this process."""
        answering = create_endpoint(self.endpoint)
        try:
            yield InProcess(answering.app.test_client())
        finally:
            answering.close()


@contextmanager
def _opened(folder: Path) -> Iterator[_Two]:
    store = Store.open(folder / "documents.db", KEYS)
    try:
        yield _Two(store, folder / "endpoint")
    finally:
        store.close()


@contextmanager
def _copied(ready: Path) -> Iterator[_Two]:
    copy = ready.with_name("copy")
    shutil.copytree(ready, copy)
    try:
        with _opened(copy) as two:
            yield two
    finally:
        shutil.rmtree(copy)


def _prepare(folder: Path, count: int, others: int = 0) -> None:
    """An activated desk with completed offers of one family over ``others``; numbers are handed out beforehand."""
    folder.mkdir()
    demo.seed(folder / "endpoint", publish=False)
    with _opened(folder) as two:
        with two.in_process() as transport:
            enrolment = begin(two.store.sync, transport, (demo.PARTNER, demo.NAMES[demo.PARTNER]), _ALENA)
            confirm(two.store.sync, transport, enrolment)
            store_rows.fill(two.store, others)
            _fill_endpoint(two.endpoint, others)
            synchronize(two.store.sync, transport, cause="bench")
            _hold_all(two.store)
        prefix = f"N{clock.today().year % 100:02d}"
        _hand_out(folder / "endpoint" / "endpoint.db", prefix, DOCUMENTS)
        two.store.sync.welcome(enrolment.id, welcomed(numbers=(NumberBlock(f"{prefix}-", 500_001, 510_000),)))
        revision = family(clock.today())
        for _ in range(count):
            _complete(two.store, revision)


def _hold_all(store: Store) -> None:
    """The contents of the endpoint's documents count as here: what the desk holds is filled in apart."""
    with store._database.write() as connection:
        connection.execute(delete(elsewhere))


def _hand_out(place: Path, prefix: str, count: int) -> None:
    database = Database(place)
    with database.write() as connection:
        block = {"prefix": prefix, "first": 500_001, "last": 500_000 + count, "given_at": clock.stamp()}
        connection.execute(insert(schema.number_block).values(installation_id=1, **block))
    database.close()


def _complete(store: Store, revision: Revision) -> None:
    new = NewDocument(Kind.OFFER, FORM, CALCULATION, revision.answers, revision.health, _ROW, "alena")
    quote = {"output": {"total_instalment": revision.premium.total_instalment}, "payments_per_year": 12}
    with store.edit(store.create_document(new), "alena") as edit:
        frozen = freeze(edit.answers, edit.health, FORM, CALCULATION, _SALTS)
        edit.complete(frozen, _ROW, canonical_text(quote))


def _push_rows(ready: Path) -> list[Row]:
    """In turns, each into a process of its own that does nothing else: one POST of the same bytes, and the push."""
    pushes, floors, saves = [], [], []
    with serving_floor(str(ready.with_name("floor.db"))) as floor_port:
        for _ in range(ROUNDS):
            with _copied(ready) as two, serving_quietly(two.endpoint) as port:
                pushes.append(_send_over_http(two, f"http://127.0.0.1:{port}"))
                body = body_of(_sent(two.store))
            floors.append(endpoint_rows.timed(lambda body=body: send(floor_port, body)))  # type: ignore[misc]
        with _copied(ready) as two, serving_quietly(two.endpoint) as port:
            saves = _saves_meanwhile(two, f"http://127.0.0.1:{port}")
    save = Row("a change saved while 2000 documents are sent", *_quantiles(saves), len(saves), SAVE_TARGET)
    floor = statistics.median(floors)
    return [
        _row(f"one gzip POST of {COMPLETED} documents, loopback", floors),
        _row(f"push of {COMPLETED} documents, loopback", pushes, 2 * floor),
        save,
    ]


def _row(what: str, took: list[float], target: float | None = None) -> Row:
    return Row(what, statistics.median(took), max(took), len(took), None, target)


def _quantiles(took: list[float]) -> tuple[float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def _send(two: _Two, transport: Transport) -> Report:
    report = synchronize(two.store.sync, transport, cause="bench")
    if report.refusal or report.sent != COMPLETED or two.store.outbox():
        raise AssertionError(report)
    return report


def _warm(two: _Two, transport: Transport) -> None:
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


def _send_over_http(two: _Two, address: str) -> float:
    two.store.sync.follow(address)
    transport = HttpTransport(address)
    try:
        _warm(two, transport)
        return endpoint_rows.timed(lambda: _send(two, transport))
    finally:
        transport.close()


def _saves_meanwhile(two: _Two, address: str) -> list[float]:
    """How long each change of one draft takes while everything that waits is sent."""
    document = two.store.create_document(NewDocument(Kind.OFFER, FORM, CALCULATION, {"note": ""}, {}, _ROW, "alena"))
    sending = threading.Thread(target=_send_over_http, args=(two, address))
    sending.start()
    took: list[float] = []
    while sending.is_alive():
        took.append(endpoint_rows.timed(lambda: _save(two.store, document, len(took))))
        time.sleep(0.01)
    sending.join()
    return took


def _save(store: Store, document: str, turn: int) -> None:
    with store.edit(document, "alena") as edit:
        edit.save(
            {"note": f"change {turn}"}, {},
            row=_ROW, last_quote=None,
        )  # fmt: skip


def _sent(store: Store) -> list[str]:
    with store._database.read() as connection:
        sent = desk_schema.outbox.join(desk_schema.outgoing)
        found = connection.execute(
            select(desk_schema.outbox.c.envelope, desk_schema.outgoing.c.completion).select_from(sent)
        )
        return [joined(heading, completion) for heading, completion in found if heading]


def _idle_rows(folder: Path, count: int) -> list[Row]:
    """With nothing to do, then with changes, beside so many documents on both sides."""
    _prepare(folder, CHANGES, count)
    with _opened(folder) as two, two.in_process() as transport:
        synchronize(two.store.sync, transport, cause="bench")
        what = f"synchronization with nothing to do, {count} documents"
        return [
            measured(what, lambda: _expect(two, transport, 0), count=REPEATS, target_p95=IDLE_TARGET),
            _changes_row(two, transport, count),
        ]


def _changes_row(two: _Two, transport: Transport, count: int) -> Row:
    took = []
    for _ in range(REPEATS):
        _touch(two.endpoint)
        took.append(endpoint_rows.timed(lambda: _expect(two, transport, CHANGES)))
    what = f"synchronization that brings {CHANGES} changes, {count} documents"
    return Row(what, *_quantiles(took), REPEATS, CHANGES_TARGET)


def _expect(two: _Two, transport: Transport, changes: int) -> None:
    report = synchronize(two.store.sync, transport, cause="bench")
    if report.refusal or report.received != changes:
        raise AssertionError(report)


def _touch(folder: Path) -> None:
    """Ten documents of the desk change at the endpoint."""
    database = Database(folder / "endpoint.db")
    with database.write() as connection:
        first, row = counting.take(connection, CHANGES), schema.document.c.id
        newest = connection.execute(select(row).order_by(row.desc()).limit(CHANGES)).scalars().all()
        for number, chosen in enumerate(newest):
            connection.execute(update(schema.document).where(row == chosen).values(sequence=first + number))
    database.close()


def _fill_endpoint(folder: Path, count: int) -> None:
    database = Database(folder / "endpoint.db")
    with database.write() as connection:
        endpoint_rows.fill(connection, count)
    database.close()
