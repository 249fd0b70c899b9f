"""The desk: 2,000 completed documents sent by ``synchronize`` beside one gzip POST; nothing to do; 10 changes."""

import gzip
import json
import shutil
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3
from sqlalchemy import insert, select, update
from werkzeug.serving import WSGIRequestHandler, make_server

from endpoint import counting, demo
from endpoint.application import create_endpoint
from endpoint.store import schema
from endpoint.store.engine import Database
from localapp import clock
from localapp.domain.canonical import canonical_text, freeze
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.enrolment import Advisor
from localapp.domain.sync.messages import NumberBlock
from localapp.store import schema as desk_schema
from localapp.store.records import Keys, ListRow, NewDocument
from localapp.store.store import Store
from localapp.sync.enrolling import begin, confirm
from localapp.sync.session import Report, synchronize
from localapp.sync.transport import HttpTransport, Transport
from tests.bench import endpoint as endpoint_rows
from tests.bench import store as store_rows
from tests.bench.table import Row, measured
from tests.connecting import InProcess
from tests.endpoint.made_up import CALCULATION, FORM, Revision, family
from tests.endpoint.running import serving
from tests.store.made_up import welcomed

COMPLETED, DOCUMENTS, CHANGES, ROUNDS, REPEATS = 2_000, 10_000, 10, 3, 30
KEYS = Keys(bytes(32), bytes(range(32)))
_SALTS = ("ab" * 32, "cd" * 32)
_ALENA = Advisor("Alena", "Nováková", "anovakova", "012345PPZ")
_ROW = ListRow("Příhodová-Šťastná", "Kateřina", "Ing.", "3682.00", 12, "Kateřina Příhodová-Šťastná")


def rows() -> list[Row]:
    """Measure on fresh folders; each round of a push begins with a copy of the same two folders."""
    with tempfile.TemporaryDirectory() as place:
        ready = Path(place) / "ready"
        _prepare(ready, COMPLETED)
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
        prefix = f"N{clock.today().year % 100:02d}"
        _hand_out(folder / "endpoint" / "endpoint.db", prefix, DOCUMENTS)
        two.store.sync.welcome(enrolment.id, welcomed(numbers=(NumberBlock(f"{prefix}-", 500_001, 510_000),)))
        revision = family(clock.today())
        for _ in range(count):
            _complete(two.store, revision)


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
    inside, over_http, floors, http_floors = [], [], [], []
    for _ in range(ROUNDS):
        with _copied(ready) as two, two.in_process() as transport:
            inside.append(endpoint_rows.timed(lambda two=two, transport=transport: _send(two, transport)))  # type: ignore[misc]
            texts = _sent(two.store)
            floors.append(endpoint_rows.floor(two.endpoint / "floor.db", texts))
            http_floors.append(_floor_over_http(two.endpoint / "floor-http.db", texts))
        with _copied(ready) as two, serving(two.endpoint) as running:
            over_http.append(_send_over_http(two, f"http://127.0.0.1:{running.port}"))
    return [
        _row(f"one gzip POST of the bytes of {COMPLETED} documents, in process", floors),
        _row(f"push of {COMPLETED} documents from the store, in process", inside, 2 * statistics.median(floors)),
        _row(f"one gzip POST of the bytes of {COMPLETED} documents, loopback", http_floors),
        _row(f"push of {COMPLETED} documents from the store, loopback", over_http, 2 * statistics.median(http_floors)),
    ]


def _row(what: str, took: list[float], target: float | None = None) -> Row:
    return Row(what, statistics.median(took), max(took), len(took), target)


def _send(two: _Two, transport: Transport) -> Report:
    report = synchronize(two.store.sync, transport, cause="bench")
    if report.refusal or report.sent != COMPLETED or two.store.outbox():
        raise AssertionError(report)
    return report


def _send_over_http(two: _Two, address: str) -> float:
    two.store.sync.follow(address)
    transport = HttpTransport(address)
    try:
        return endpoint_rows.timed(lambda: _send(two, transport))
    finally:
        transport.close()


def _sent(store: Store) -> list[str]:
    with store._database.read() as connection:
        found = connection.execute(select(desk_schema.outbox.c.envelope)).scalars()
        return [str(each) for each in found]


class _Silent(WSGIRequestHandler):
    """Writes no line for each request between the rows of the table."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _floor_over_http(place: Path, texts: list[str]) -> float:
    database = Database(place)
    server = make_server("127.0.0.1", 0, endpoint_rows.floor_app(database), request_handler=_Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pool = urllib3.PoolManager(retries=False)

    def send() -> None:
        body = gzip.compress(json.dumps({"operations": texts}).encode(), 6)
        pool.request("POST", f"http://127.0.0.1:{server.server_port}/", body=body, headers={"Content-Encoding": "gzip"})

    took = endpoint_rows.timed(send)
    server.shutdown()
    server.server_close()
    pool.clear()
    database.close()
    return took


def _idle_rows(folder: Path, count: int) -> list[Row]:
    """With nothing to do, then with changes, beside so many documents on both sides."""
    _prepare(folder, CHANGES, count)
    with _opened(folder) as two, two.in_process() as transport:
        synchronize(two.store.sync, transport, cause="bench")
        what = f"synchronization with nothing to do, {count} documents"
        return [
            measured(what, lambda: _expect(two, transport, 0), count=REPEATS),
            _changes_row(two, transport, count),
        ]


def _changes_row(two: _Two, transport: Transport, count: int) -> Row:
    took = []
    for _ in range(REPEATS):
        _touch(two.endpoint)
        took.append(endpoint_rows.timed(lambda: _expect(two, transport, CHANGES)))
    what = f"synchronization that brings {CHANGES} changes, {count} documents"
    return Row(what, statistics.median(took), statistics.quantiles(took, n=20)[-1], REPEATS)


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
