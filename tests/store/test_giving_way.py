"""A save that waits while documents are sent comes in between: long writes are parted, and nothing is lost by that."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from localapp.domain.sync.messages import PushResult
from localapp.domain.sync.operations import Outcome, read_envelope
from localapp.store import engine, sending, settling, sync_store
from localapp.store.engine import Database
from localapp.store.enrolments import Enrolment
from localapp.store.sending import Asked, Batch, Ready
from localapp.store.store import Store
from tests.store.made_up import KEYS, change, complete, completed_offer
from tests.store.test_receiving import told


@pytest.fixture
def alena(store: Store) -> Enrolment:
    found = store.sync.enrolment()
    assert found is not None
    return found


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    monkeypatch.setattr(settling, "SETTLED_AT_ONCE", 2)


@pytest.fixture
def somebody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "is_waited_for", True)


def frozen(store: Store, alena: Enrolment, *leave_out: str) -> Batch:
    return store.sync.freeze_batch(alena, 500, 10**6, leave_out=frozenset(leave_out))


def accepted(store: Store, batch: Batch) -> list[PushResult]:
    return [
        PushResult(operation, Outcome.ACCEPTED, facts=told(store, document))
        for operation, document in batch.documents.items()
    ]


@pytest.mark.usefixtures("two_at_once", "somebody_waits")
def test_a_batch_ends_early_and_the_next_one_brings_the_rest(store: Store, alena: Enrolment) -> None:
    documents = [completed_offer(store) for _ in range(5)]
    first = frozen(store, alena)
    second = frozen(store, alena, *first.documents)
    third = frozen(store, alena, *first.documents, *second.documents)
    assert [(len(each), each.more) for each in (first, second, third)] == [(2, True), (2, True), (1, False)]
    assert [*(first.documents | second.documents | third.documents).values()] == documents


@pytest.mark.usefixtures("two_at_once")
def test_answers_are_noted_in_parts_and_the_cursor_moves_with_the_last(
    store: Store, alena: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        completed_offer(store)
    results = accepted(store, frozen(store, alena))
    seen = list[tuple[int, int]]()

    def look(_: object) -> bool:
        seen.append((len(store.outbox()), store.sync.enrolment_at(alena.id).cursor))
        return True

    monkeypatch.setattr(Database, "is_waited_for", property(look))
    commits = store._database.commits
    assert store.sync.settle(store.sync.enrolment_at(alena.id), results, 77) == 5
    assert store._database.commits == commits + 3
    assert seen == [(5, 0), (3, 0)]
    assert (store.outbox(), store.sync.enrolment_at(alena.id).cursor) == ([], 77)


@pytest.mark.usefixtures("two_at_once")
def test_what_was_noted_before_a_failure_stays_and_the_rest_still_waits(
    store: Store, alena: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        completed_offer(store)
    results = accepted(store, frozen(store, alena))
    with monkeypatch.context() as full:
        full.setattr(Database, "is_waited_for", True)
        full.setattr(settling, "_move_cursor", None)  # the last part fails
        with pytest.raises(TypeError):
            store.sync.settle(alena, results, 77)
    assert [each.id for each in store.outbox()] == [results[4].operation]
    assert store.sync.settle(alena, results, 77) == 1
    assert (store.outbox(), store.sync.enrolment_at(alena.id).cursor) == ([], 77)


@pytest.mark.usefixtures("two_at_once")
def test_without_anybody_waiting_all_answers_are_noted_at_once(store: Store, alena: Enrolment) -> None:
    for _ in range(5):
        completed_offer(store)
    results = accepted(store, frozen(store, alena))
    commits = store._database.commits
    assert store.sync.settle(alena, results) == 5
    assert store._database.commits == commits + 1


def test_a_synchronization_computes_on_when_the_save_is_written(store: Store) -> None:
    going_on = threading.Event()

    def compute() -> None:
        store.sync.let_others_write()
        going_on.set()

    with store._database.write():
        thread = threading.Thread(target=compute)
        thread.start()
        assert not going_on.is_set()
    thread.join()
    assert going_on.is_set()


def test_what_was_completed_anew_before_the_store_is_locked_leaves_as_it_is_then(
    store: Store, alena: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, other = completed_offer(store), completed_offer(store)

    def then_completed_anew(connection: Connection, asked: Asked, _: Callable[[], None]) -> Ready:
        found = sending.ready(connection, asked)
        change(store, document, "note", "later")
        complete(store, document)
        return found

    monkeypatch.setattr(sync_store, "ready", then_completed_anew)
    sent = [read_envelope(text) for _, text in frozen(store, alena)]
    assert {(each.document, each.revision) for each in sent} == {(document, 2), (other, 1)}


def test_a_save_comes_in_between_while_a_batch_is_made_ready(
    store: Store, alena: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_BETWEEN", 2)
    for _ in range(5):
        completed_offer(store)
    looked = list[int]()
    monkeypatch.setattr(Database, "let_others_write", lambda _: looked.append(1))
    frozen(store, alena)
    assert len(looked) == 3


def test_a_synchronization_moves_what_was_saved_into_the_file_so_that_no_save_has_to(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_COMMITS_BESIDE", 2)
    document = completed_offer(store)

    def is_in_the_file() -> bool:
        alone = tmp_path / "alone.db"
        shutil.copy(tmp_path / "documents.db", alone)  # without the write-ahead log beside it
        with engine.connected(alone, KEYS.database) as connection:
            found = connection.execute("SELECT count(*) FROM document WHERE uuid = ?", (document,)).fetchone()
        return bool(found[0])

    assert not is_in_the_file()
    store.sync.let_others_write()
    assert is_in_the_file()


def test_while_somebody_else_writes_answers_are_noted_in_short_transactions_though_nobody_waits(
    store: Store, alena: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [completed_offer(store) for _ in range(9)]
    results = accepted(store, frozen(store, alena))
    monkeypatch.setattr(settling, "BESIDE_OTHERS", 1)
    monkeypatch.setattr(Database, "is_shared", True)
    before = store._database.commits
    assert store.sync.settle(alena, results) == len(documents)
    assert store._database.commits - before == 3
    assert store.outbox() == []
