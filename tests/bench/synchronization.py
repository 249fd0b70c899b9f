"""The desk: a synchronization with nothing to do, and with ten changes, beside few documents and many."""

import shutil
import statistics
import tempfile
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
from localapp.store.records import Keys, ListRow, NewDocument
from localapp.store.store import Store
from localapp.store.sync_schema import elsewhere
from localapp.sync.enrolling import begin, confirm
from localapp.sync.session import synchronize
from localapp.sync.transport import Transport
from tests.bench import endpoint as endpoint_rows
from tests.bench import store as store_rows
from tests.bench.multiplying import multiply
from tests.bench.table import Row, measured
from tests.connecting import InProcess
from tests.endpoint.made_up import CALCULATION, FORM, Revision, family
from tests.store.made_up import welcomed

DOCUMENTS, CHANGES, REPEATS, HANDED_OUT = 10_000, 10, 60, 20_000
IDLE_TARGET, CHANGES_TARGET = 5.0, 15.0
KEYS = Keys(bytes(32), bytes(range(32)))
_SALTS = ("ab" * 32, "cd" * 32)
_ALENA = Advisor("Alena", "Nováková", "anovakova", "012345PPZ")
ROW = ListRow("Příhodová-Šťastná", "Kateřina", "Ing.", "3682.00", 12, "Kateřina Příhodová-Šťastná")


def rows() -> list[Row]:
    """Measure on fresh folders."""
    with tempfile.TemporaryDirectory() as place:
        return [*_idle_rows(Path(place) / "few", 0), *_idle_rows(Path(place) / "many", DOCUMENTS)]


@dataclass(frozen=True)
class Two:
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
def opened(folder: Path) -> Iterator[Two]:
    store = Store.open(folder / "documents.db", KEYS)
    try:
        yield Two(store, folder / "endpoint")
    finally:
        store.close()


@contextmanager
def copied(ready: Path) -> Iterator[Two]:
    copy = ready.with_name("copy")
    shutil.copytree(ready, copy)
    try:
        with opened(copy) as two:
            yield two
    finally:
        shutil.rmtree(copy)


def prepare(folder: Path, count: int, others: int = 0) -> None:
    """An activated desk with completed offers of one family over ``others``; numbers are handed out beforehand."""
    folder.mkdir()
    demo.seed(folder / "endpoint", publish=False)
    with opened(folder) as two:
        with two.in_process() as transport:
            enrolment = begin(two.store.sync, transport, (demo.PARTNER, demo.NAMES[demo.PARTNER]), _ALENA)
            confirm(two.store.sync, transport, enrolment)
            store_rows.fill(two.store, others)
            _fill_endpoint(two.endpoint, others)
            synchronize(two.store.sync, transport, cause="bench")
            _hold_all(two.store)
        prefix = f"N{clock.today().year % 100:02d}"
        _hand_out(folder / "endpoint" / "endpoint.db", prefix, HANDED_OUT)
        block = NumberBlock(f"{prefix}-", 500_001, 500_000 + HANDED_OUT)
        two.store.sync.welcome(enrolment.id, welcomed(numbers=(block,)))
        _complete(two.store, family(clock.today()))
        multiply(two.store, [f"{prefix}-{number:06d}" for number in range(500_101, 500_100 + count)])


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
    new = NewDocument(Kind.OFFER, FORM, CALCULATION, revision.answers, revision.health, ROW, "alena")
    quote = {"output": {"total_instalment": revision.premium.total_instalment}, "payments_per_year": 12}
    with store.edit(store.create_document(new), "alena") as edit:
        frozen = freeze(edit.answers, edit.health, FORM, CALCULATION, _SALTS)
        edit.complete(frozen, ROW, canonical_text(quote))


def quantiles(took: list[float]) -> tuple[float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def _idle_rows(folder: Path, count: int) -> list[Row]:
    """With nothing to do, then with changes, beside so many documents on both sides."""
    prepare(folder, CHANGES, count)
    with opened(folder) as two, two.in_process() as transport:
        synchronize(two.store.sync, transport, cause="bench")
        what = f"synchronization with nothing to do, {count} documents"
        return [
            measured(what, lambda: _expect(two, transport, 0), count=REPEATS, target_p95=IDLE_TARGET),
            _changes_row(two, transport, count),
        ]


def _changes_row(two: Two, transport: Transport, count: int) -> Row:
    took = []
    for _ in range(REPEATS):
        _touch(two.endpoint)
        took.append(endpoint_rows.timed(lambda: _expect(two, transport, CHANGES)))
    what = f"synchronization that brings {CHANGES} changes, {count} documents"
    return Row(what, *quantiles(took), REPEATS, CHANGES_TARGET)


def _expect(two: Two, transport: Transport, changes: int) -> None:
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
