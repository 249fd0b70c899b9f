"""A copied or restored desk goes on by itself: nothing is applied twice, nothing is lost, the advisor is told once."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from endpoint.application import Endpoint
from endpoint.store import schema
from localapp.domain.lifecycle import State, state
from localapp.store import leases
from localapp.store.enrolments import Enrolment
from localapp.store.repairs import Repair
from tests.store.made_up import change, complete, completed_offer
from tests.sync.answering import Computer, raw
from tests.sync.copying import copied, folder_of, opened, restored


def count(endpoint: Endpoint, table: str) -> int:
    with endpoint.parts.database.read() as connection:
        return connection.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one()


def lost_answer(alena: Computer) -> str:
    """A document that the insurer has acknowledged without the desk knowing; its id."""
    document = completed_offer(alena.store)
    alena.line.answers("/push", raw(b""))
    assert alena.synchronize().refusal is not None
    return document


def told(computer: Computer) -> list[tuple[str, int]]:
    return [(repair.code, repair.repeated) for repair in computer.store.repairs()]


def is_backed_up(computer: Computer, document: str) -> bool:
    record = computer.store.document(document)
    assert record is not None
    return state(record.facts) is State.BACKED_UP


def test_a_restored_desk_goes_on_as_a_new_installation(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> None:
    older, before = copied(alena, tmp_path / "older"), alena.enrolment
    late = completed_offer(alena.store)
    alena.synchronize()
    restored(alena, older)
    assert alena.store.document(late) is None
    assert alena.synchronize().refusal is None
    after = alena.enrolment
    assert after.installation != before.installation
    assert after.private_key != before.private_key
    assert (after.linked_at, after.partner_number, after.health_key) == (
        before.linked_at, before.partner_number, before.health_key
    )  # fmt: skip
    assert told(alena) == [("installation_restored", 1)]
    assert alena.synchronize().refusal is None
    assert told(alena) == [("installation_restored", 1)]
    with endpoint.parts.database.read() as connection:
        events = connection.execute(select(schema.audit.c.event)).scalars().all()
    assert events.count("succeeded") == 1


def test_what_had_not_left_is_taken_once_although_the_later_self_has_brought_it(
    endpoint: Endpoint, alena: Computer, tmp_path: Path
) -> None:
    document = completed_offer(alena.store)
    older = copied(alena, tmp_path / "older")
    alena.synchronize()
    restored(alena, older)
    assert not is_backed_up(alena, document)
    assert alena.synchronize().refusal is None
    assert is_backed_up(alena, document)
    assert (alena.store.outbox(), alena.store.sync.refused()) == ([], [])
    assert (count(endpoint, "document"), count(endpoint, "revision")) == (1, 1)


def test_what_may_have_left_is_sent_byte_for_byte(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> None:
    document = lost_answer(alena)
    older = copied(alena, tmp_path / "older")
    alena.synchronize()
    restored(alena, older)
    assert alena.synchronize().refusal is None
    assert is_backed_up(alena, document)
    assert (count(endpoint, "operation"), count(endpoint, "revision")) == (1, 1)


def test_an_earlier_revision_that_the_later_self_has_left_behind_is_known_too(
    endpoint: Endpoint, alena: Computer, tmp_path: Path
) -> None:
    document = completed_offer(alena.store)
    older = copied(alena, tmp_path / "older")
    alena.synchronize()
    change(alena.store, document, "a", 1)
    complete(alena.store, document)
    alena.synchronize()
    restored(alena, older)
    assert alena.synchronize().refusal is None
    assert (alena.store.outbox(), alena.store.sync.refused()) == ([], [])
    assert count(endpoint, "revision") == 2


def test_a_cancellation_that_is_known_is_no_conflict(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> None:
    document = completed_offer(alena.store)
    alena.synchronize()
    with alena.store.edit(document, "alena") as edit:
        edit.cancel()
    older = copied(alena, tmp_path / "older")
    alena.synchronize()
    restored(alena, older)
    assert alena.synchronize().refusal is None
    assert (alena.store.outbox(), alena.store.sync.refused()) == ([], [])
    assert count(endpoint, "revision") == 1


def test_two_copies_go_on_under_names_of_their_own(endpoint: Endpoint, alena: Computer, clone: Computer) -> None:
    first = alena.enrolment
    completed_offer(alena.store)
    assert alena.synchronize().refusal is None
    clone.synchronize()
    assert alena.enrolment == first.__class__(**{**vars(first), **_moved(alena.enrolment)})
    assert clone.enrolment.installation != first.installation
    documents = [completed_offer(computer.store) for computer in (alena, clone) for _ in range(2)]
    for computer in (alena, clone):
        assert computer.synchronize().refusal is None
        assert computer.store.outbox() == []
    assert count(endpoint, "document") == 1 + len(documents)


def _moved(enrolment: Enrolment) -> dict[str, object]:
    return {"cursor": enrolment.cursor, "stream": enrolment.stream}


def test_the_other_copy_may_bring_the_same_operation_first(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> None:
    document = completed_offer(alena.store)
    alena.store.sync.freeze_batch(alena.enrolment, 1, 10**6)  # its bytes lie in both copies, and none has arrived
    clone = opened(copied(alena, tmp_path / "clone"), endpoint)
    completed_offer(clone.store)
    assert clone.synchronize().refusal is None
    assert alena.synchronize().refusal is None
    for computer in (alena, clone):
        assert is_backed_up(computer, document)
    assert count(endpoint, "document") == 2
    clone.store.close()


def test_a_copy_on_another_computer_is_told_as_one(alena: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    monkeypatch.setattr(leases, "machine", lambda: "another computer")
    assert alena.synchronize().refusal is None
    assert told(alena) == [("installation_copied", 0)]


@pytest.mark.parametrize("times", [1, 3])
def test_a_succession_whose_answer_is_lost_makes_no_second_one(
    endpoint: Endpoint, alena: Computer, tmp_path: Path, times: int
) -> None:
    older = copied(alena, tmp_path / "older")
    completed_offer(alena.store)
    alena.synchronize()
    restored(alena, older)
    for _ in range(times):
        alena.line.answers("/successions", raw(b""))
        assert alena.synchronize().refusal is not None
        alena.store.close()  # and the desk is started anew
        alena.store = opened(folder_of(alena), endpoint).store
    assert alena.synchronize().refusal is None
    assert count(endpoint, "installation") == 2


def test_numbers_at_hand_are_not_used_a_second_time(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> None:
    older = copied(alena, tmp_path / "older")
    completed_offer(alena.store)
    alena.synchronize()
    restored(alena, older)
    alena.synchronize()
    document = completed_offer(alena.store)
    alena.synchronize()
    assert is_backed_up(alena, document)
    assert count(endpoint, "document") == 2


def test_a_blocked_desk_cannot_go_on_under_another_name(endpoint: Endpoint, alena: Computer, clone: Computer) -> None:
    completed_offer(alena.store)
    document = completed_offer(clone.store)
    alena.synchronize()
    with endpoint.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE installation SET blocked_at = '2026-11-26T00:00:00+00:00'")
    refusal = clone.synchronize().refusal
    assert refusal is not None
    assert refusal.code == "installation_blocked"
    assert [each.document for each in clone.store.outbox()] == [document]


def test_a_repair_needs_no_folder_to_be_told(alena: Computer) -> None:
    assert Repair("2026-11-26", "installation_restored", repeated=3).kept == ""
    assert alena.store.repairs() == []
