"""The endpoint: a push of 2,000 beside the floor, a synchronization with nothing to do, the freeze, re-evaluation."""

import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, request
from sqlalchemy import Connection, insert, text

from endpoint import counting, demo
from endpoint.application import Endpoint, create_endpoint
from endpoint.export import exporter
from endpoint.export.freeze import freeze
from endpoint.store import schema
from endpoint.store.engine import Database
from localapp import clock
from localapp.domain.sync.messages import MOST_BYTES, MOST_OPERATIONS
from localapp.domain.sync.operations import written
from localapp.domain.sync.signing import INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER
from tests.bench.table import Row, measured
from tests.endpoint.made_up import Desk, family, new_id

OPERATIONS, DOCUMENTS, EVALUATIONS, ROUNDS = 2_000, 10_000, 100, 5
IDLE_TARGET = 5.0
_LEVEL = 1  # as a desk packs
_ADD_TEXT = text("INSERT INTO operation (envelope) VALUES (:text)")


def rows() -> list[Row]:
    """Measure on fresh folders."""
    return [*_push_rows(), *_idle_rows(), _freeze_row(), _evaluation_row()]


@contextmanager
def _opened() -> Iterator[tuple[Endpoint, Desk]]:
    with tempfile.TemporaryDirectory() as folder:
        demo.seed(Path(folder) / "endpoint", publish=False)
        endpoint = create_endpoint(Path(folder) / "endpoint")
        try:
            desk = Desk(endpoint.app.test_client())
            desk.enrol()
            desk.hello()
            yield endpoint, desk
        finally:
            endpoint.close()


def _push_rows() -> list[Row]:
    """Both pack the same texts and send them within this process; the floor writes each into a row, commits once.

    A first push warms up what is compiled once in a process.
    """
    with _opened() as (endpoint, desk):
        _send(desk, _operations(endpoint, desk, 10))
    pushes, floors = [], []
    for _ in range(ROUNDS):
        with _opened() as (endpoint, desk):
            texts = _operations(endpoint, desk, OPERATIONS)
            pushes.append(timed(lambda desk=desk, texts=texts: _send(desk, texts)))  # type: ignore[misc]
            floors.append(floor(endpoint.parts.layout.folder / "floor.db", texts))
    least = statistics.median(floors)
    return [
        Row(f"one gzip POST of {OPERATIONS} operations into a table", least, max(floors), ROUNDS),
        Row(f"push of {OPERATIONS} operations", statistics.median(pushes), max(pushes), ROUNDS, 2 * least),
    ]


def _operations(endpoint: Endpoint, desk: Desk, count: int) -> list[str]:
    """Completed offers of one family, each a document of its own; the numbers are handed out beforehand."""
    with endpoint.parts.database.write() as connection:
        given = {"installation_id": 1, "prefix": "N25", "first": 1, "last": count, "given_at": clock.stamp()}
        connection.execute(insert(schema.number_block).values(**given))
    revision = family(clock.today())
    return [desk.completion(revision, number=f"N25-{number:06d}").text() for number in range(1, count + 1)]


def _batches(texts: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for each in texts:
        length = len(each.encode())
        if batch and (size + length > MOST_BYTES or len(batch) == MOST_OPERATIONS):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    yield batch


def _signed(desk: Desk, batch: list[str]) -> tuple[bytes, dict[str, str]]:
    body = _body(batch)
    signature = desk.signature("/v1/sync/push", body)
    headers = {INSTALLATION_HEADER: desk.installation, SESSION_HEADER: desk.session, SIGNATURE_HEADER: signature}
    return gzip.compress(body, _LEVEL), {**headers, "Content-Encoding": "gzip"}


def _body(texts: list[str]) -> bytes:
    """Operations as a desk sends them: each as the JSON object that it is."""
    return f'{{"operations":[{",".join(texts)}]}}'.encode()


def _send(desk: Desk, texts: list[str]) -> None:
    for batch in _batches(texts):
        body, headers = _signed(desk, batch)
        answer = desk.http.post("/v1/sync/push", data=body, headers=headers)
        outcomes = {result["outcome"] for result in answer.get_json()["results"]}
        if outcomes != {"accepted"}:
            raise AssertionError(outcomes)


def floor_app(database: Database) -> Flask:
    """What no push can do without: unpack the body, write each text into a row, commit once."""
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE operation (id INTEGER PRIMARY KEY, envelope TEXT NOT NULL)")
    app = Flask("floor")

    @app.post("/")
    def receive() -> Response:
        found = json.loads(gzip.decompress(request.get_data()))["operations"]  # one body: no limit of a call
        with database.write() as connection:
            connection.execute(_ADD_TEXT, [{"text": written(each)} for each in found])
        return Response("{}")

    return app


def floor(place: Path, texts: list[str]) -> float:
    """One gzip POST of the texts in this process."""
    database = Database(place)
    client = floor_app(database).test_client()

    def send() -> None:
        body = gzip.compress(_body(texts), _LEVEL)
        if client.post("/", data=body).status_code != 200:
            raise AssertionError

    took = timed(send)
    database.close()
    return took


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _idle_rows() -> list[Row]:
    found = []
    with _opened() as (endpoint, desk):
        for count in (0, DOCUMENTS):
            with endpoint.parts.database.write() as connection:
                fill(connection, count)
            desk.cursor, desk.stream = _end_of_feed(endpoint)
            desk.numbers = ["N26-000001"] * 50
            found.append(
                measured(
                    f"hello and nothing to do, {count} documents",
                    lambda: desk.hello(renews=False),
                    count=100,
                    target_p95=IDLE_TARGET,
                )
            )
    return found


def _end_of_feed(endpoint: Endpoint) -> tuple[int, str]:
    with endpoint.parts.database.read() as connection:
        return counting.sequence(connection), counting.stream(connection)


def fill(connection: Connection, count: int) -> None:
    """Evaluated documents of the first installation, acknowledged an hour ago."""
    first, now = counting.take(connection, count), clock.stamp()
    numbers = range(1, count + 1)
    documents = [
        {
            "id": number,
            "uuid": new_id(),
            "number": f"N25-{number:06d}",
            "kind": "offer",
            "advisor_id": 1,
            "installation_id": 1,
            "sequence": first + number - 1,
            "revision": 1,
            "digest": "0" * 64,
            "backed_up_at": now,
            "evaluated_at": now,
        }
        for number in numbers
    ]
    key = [{"document_id": number, "revision": 1} for number in numbers]
    revisions = [
        {"document_id": n, "number": 1, "digest": "0" * 64, "envelope": "{}", "installation_id": 1, "backed_up_at": now}
        for n in numbers
    ]
    if count:
        connection.execute(insert(schema.document), documents)
        connection.execute(insert(schema.revision), revisions)
        connection.execute(insert(schema.evaluation), [{**each, "at": now} for each in key])


def _freeze_row() -> Row:
    took = []
    for _ in range(ROUNDS):
        with _opened() as (endpoint, _desk):
            with endpoint.parts.database.write() as connection:
                fill(connection, DOCUMENTS)
            took.append(timed(lambda endpoint=endpoint: _freeze(endpoint)))  # type: ignore[misc]
    return Row(f"export freeze of {DOCUMENTS} documents", statistics.median(took), max(took), ROUNDS)


def _freeze(endpoint: Endpoint) -> None:
    with endpoint.parts.database.write() as connection:
        cutoff = clock.now()
        run = freeze(connection, exporter.key_of(cutoff), cutoff, by_hand=True)
    if run is None or run.count != DOCUMENTS:
        raise AssertionError(run)


def _evaluation_row() -> Row:
    """One evaluation after another, each committed, as when single documents come in."""
    with _opened() as (endpoint, desk):
        texts = _operations(endpoint, desk, EVALUATIONS + 1)
        took = []
        for each in texts:
            desk.push(each)
            took.append(timed(endpoint.evaluate_waiting))
        quantile = statistics.quantiles(took[1:], n=20)[-1]
        return Row("re-evaluation of one offer (12 coverages)", statistics.median(took[1:]), quantile, EVALUATIONS)
