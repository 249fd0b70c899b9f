"""What the insurer has lost comes back from the desks: the same operations, byte for byte, each once."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from endpoint.application import Endpoint, create_endpoint
from endpoint.restoring import GAP, restore
from endpoint.store import schema
from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.lifecycle import State, state
from localapp.store import signatures
from localapp.store.leases import FILE
from localapp.store.store import Store
from tests.store.made_up import ALENA, change, completed_offer, frozen, new_offer
from tests.sync.answering import Computer, Line, raw, refuses
from tests.sync.copying import folder_of

QUOTE = canonical_text({"output": {"total_instalment": "1234.00"}, "payments_per_year": 12})
endpoint_document = schema.document.c
MANIFEST = "/v1/sync/manifest"


@pytest.fixture
def set_back(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> Iterator[Callable[[], Endpoint]]:
    """What the insurer does: keep a backup of now; called, put it back in the place of what came since."""
    folder, backup = endpoint.parts.layout.folder, tmp_path / "backup.db"
    with endpoint.parts.database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    endpoint.parts.database.close()  # the write-ahead log is in the file now
    shutil.copy(endpoint.parts.layout.database, backup)
    found: list[Endpoint] = []

    def put_back() -> Endpoint:
        endpoint.close()
        for place in folder.glob("endpoint.db*"):
            place.unlink()
        shutil.copy(backup, folder / "endpoint.db")
        restore(folder)
        again = create_endpoint(folder)
        alena.line = Line(again)
        found.append(again)
        return again

    yield put_back
    for each in found:
        each.close()


def state_of(computer: Computer, document: str) -> State:
    record = computer.store.document(document)
    assert record is not None
    return state(record.facts)


def rows(endpoint: Endpoint, table: str) -> int:
    with endpoint.parts.database.read() as connection:
        return len(connection.execute(select(schema.metadata.tables[table])).all())


def sent(computer: Computer) -> list[tuple[str, str]]:
    with computer.store._database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT id, envelope FROM outbox ORDER BY position")]


def test_what_came_after_the_backup_is_brought_back(alena: Computer, set_back: Callable[[], Endpoint]) -> None:
    documents = [completed_offer(alena.store) for _ in range(3)]
    change_and_complete(alena, documents[0])
    alena.synchronize()
    before = sent(alena)
    insurer = set_back()
    assert alena.synchronize().refusal is None
    assert sent(alena) == before
    assert {state_of(alena, each) for each in documents} == {State.BACKED_UP}
    assert (rows(insurer, "document"), alena.store.outbox(), alena.store.sync.refused()) == (3, [], [])
    assert [(each.code, each.repeated) for each in alena.store.repairs()] == [("server_restored", 3)]


def change_and_complete(computer: Computer, document: str, quote: str | None = None) -> None:
    computer.synchronize()
    change(computer.store, document, "a", 1)
    with computer.store.edit(document, ALENA) as edit:
        edit.complete(frozen(edit), edit.record.row, quote)


def priced_offer(store: Store) -> str:
    """A completed offer whose client was shown a premium."""
    document = store.create_document(new_offer())
    with store.edit(document, ALENA) as edit:
        edit.complete(frozen(edit), edit.record.row, QUOTE)
    return document


def test_a_file_of_a_signature_that_a_restored_insurer_lacks_is_delivered_again(
    alena: Computer, request: pytest.FixtureRequest
) -> None:
    document, pages = completed_offer(alena.store), b"sealed pages"
    alena.synchronize()
    with alena.store._database.write() as connection:
        signatures.sign(connection, document, [pages], ALENA)
    alena.line.answers(hashlib.sha256(pages).hexdigest(), refuses("attachment_unknown", 404))
    alena.synchronize()
    assert missing_files(alena) == 1
    set_back: Callable[[], Endpoint] = request.getfixturevalue("set_back")  # keeps its backup now
    alena.synchronize()
    assert missing_files(alena) == 0
    insurer = set_back()
    with insurer.parts.database.read() as connection:
        assert connection.execute(select(endpoint_document.attachments_missing)).scalar_one() == 1
    assert alena.synchronize().refusal is None
    assert missing_files(alena) == 0
    with insurer.parts.database.read() as connection:
        assert connection.execute(select(endpoint_document.attachments_missing)).scalar_one() == 0


def missing_files(computer: Computer) -> int:
    """How many files have not been delivered, as far as the desk knows."""
    return len(computer.store.sync.attachments.waiting(computer.enrolment.id))


def test_revisions_come_back_in_their_order(alena: Computer, set_back: Callable[[], Endpoint]) -> None:
    document = completed_offer(alena.store)
    change_and_complete(alena, document)
    alena.synchronize()
    insurer = set_back()
    assert alena.synchronize().refusal is None
    assert rows(insurer, "revision") == 2
    record = alena.store.document(document)
    assert record is not None
    assert (record.revision, state(record.facts)) == (2, State.BACKED_UP)


def test_a_cancellation_that_was_lost_is_brought_back(alena: Computer, set_back: Callable[[], Endpoint]) -> None:
    document = completed_offer(alena.store)
    alena.synchronize()
    with alena.store.edit(document, "alena") as edit:
        edit.cancel()
    alena.synchronize()
    insurer = set_back()
    assert alena.synchronize().refusal is None
    with insurer.parts.database.read() as connection:
        assert connection.execute(select(schema.document.c.cancelled_at)).scalar_one() is not None


def test_what_is_exported_is_not_exported_a_second_time(
    alena: Computer, endpoint: Endpoint, set_back: Callable[[], Endpoint]
) -> None:
    documents = [priced_offer(alena.store) for _ in range(2)]
    change_and_complete(alena, documents[0], QUOTE)
    alena.synchronize()
    endpoint.evaluator._judge = lambda *_: None  # type: ignore[method-assign]  # every revision stands
    exported_before = endpoint.run_export().count
    insurer = set_back()
    assert alena.synchronize().refusal is None
    assert {state_of(alena, each) for each in documents} == {State.EXPORTED}
    assert (exported_before, insurer.run_export().count) == (2, 0)
    assert rows(insurer, "export_item") == 2
    assert rows(insurer, "revision") == 3  # what was exported has its envelopes again, and what came before it
    assert alena.store.sync.conflicts() == []


def test_a_desk_that_the_restored_insurer_does_not_know_enrols_again(
    fresh: Computer, endpoint: Endpoint, tmp_path: Path
) -> None:
    folder = endpoint.parts.layout.folder
    endpoint.parts.database.close()
    shutil.copy(endpoint.parts.layout.database, tmp_path / "empty.db")
    fresh.enrol()
    document = completed_offer(fresh.store)
    assert fresh.synchronize().refusal is None
    installation = fresh.enrolment.installation
    endpoint.close()
    for place in folder.glob("endpoint.db*"):
        place.unlink()
    shutil.copy(tmp_path / "empty.db", folder / "endpoint.db")
    restore(folder)
    insurer = create_endpoint(folder)
    fresh.line = Line(insurer)
    assert fresh.synchronize().refusal is None
    assert fresh.enrolment.installation == installation
    assert state_of(fresh, document) is State.BACKED_UP
    assert rows(insurer, "document") == 1
    insurer.close()


def test_a_successor_that_the_restored_insurer_does_not_know_brings_back_what_its_ancestor_sent(
    alena: Computer, set_back: Callable[[], Endpoint]
) -> None:
    first = completed_offer(alena.store)
    assert alena.synchronize().refusal is None
    (folder_of(alena) / FILE).unlink()  # so that it goes on under another name
    second = completed_offer(alena.store)
    before = alena.enrolment.installation
    assert alena.synchronize().refusal is None
    assert alena.enrolment.installation != before
    insurer = set_back()
    assert alena.synchronize().refusal is None
    assert {state_of(alena, each) for each in (first, second)} == {State.BACKED_UP}
    assert rows(insurer, "document") == 2
    assert (alena.store.outbox(), alena.store.sync.refused()) == ([], [])


def test_numbers_that_were_given_after_the_backup_hold_and_no_other_desk_gets_them(
    alena: Computer, set_back: Callable[[], Endpoint]
) -> None:
    documents = [completed_offer(alena.store) for _ in range(40)]
    alena.synchronize()
    documents += [completed_offer(alena.store) for _ in range(20)]
    alena.synchronize()
    insurer = set_back()
    assert alena.synchronize().refusal is None
    assert rows(insurer, "document") == len(documents)
    with insurer.parts.database.read() as connection:
        numbers = set(connection.execute(select(schema.document.c.number)).scalars())
        following = connection.execute(
            select(schema.number_source.c.next).where(schema.number_source.c.prefix == next(iter(numbers))[:3])
        ).scalar_one()
    assert len(numbers) == len(documents)
    assert following > GAP


def test_a_broken_answer_is_asked_for_again(alena: Computer, set_back: Callable[[], Endpoint]) -> None:
    document = completed_offer(alena.store)
    alena.synchronize()
    set_back()
    for broken in (raw(b""), raw(b'{"unknown": 7, "differs": []}')):
        alena.line.answers("/manifest", broken)
        assert alena.synchronize().refusal is not None
    assert alena.synchronize().refusal is None
    assert state_of(alena, document) is State.BACKED_UP


def test_once_a_week_by_the_insurers_clock_it_is_compared(alena: Computer) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    alena.line.asked.clear()
    for days, asked in ((0, 0), (1, 0), (8, 1), (9, 0), (14, 0), (16, 1)):
        with clock.moved_to(clock.now() + timedelta(days=days)):
            alena.synchronize()
        assert alena.line.asked.count(MANIFEST) == asked, days
        alena.line.asked.clear()


def test_a_made_up_difference_makes_nothing_but_a_repeat(alena: Computer, endpoint: Endpoint) -> None:
    document = completed_offer(alena.store)
    alena.synchronize()
    made_up = b'{"unknown": ["%s", "not-mine"], "differs": ["%s"]}' % (document.encode(), document.encode())
    alena.line.answers("/manifest", raw(made_up))
    assert alena.synchronize().refusal is None
    assert state_of(alena, document) is State.BACKED_UP
    assert (rows(endpoint, "operation"), rows(endpoint, "revision")) == (1, 1)
