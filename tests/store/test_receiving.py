"""What the insurer tells becomes facts; what was changed too late is kept beside what was exported."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from localapp.domain.lifecycle import Action, Kind, State, permitted, state
from localapp.domain.sync.messages import Changes, DocumentFacts, NumberBlock, PushResult, Refusal
from localapp.domain.sync.operations import OperationKind, Outcome
from localapp.store import documents, lineage, signatures
from localapp.store.enrolments import Enrolment
from localapp.store.store import Store
from localapp.store.sync_schema import number_block
from tests.store.made_up import (
    ALENA,
    NOVAK,
    change,
    change_health,
    complete,
    completed_offer,
    leave_partner,
    new_offer,
    welcomed,
)

SENT = "2026-11-25T17:46:00.000000+00:00"
CUT = "2026-11-25T20:00:00.000000+00:00"


@pytest.fixture
def alena(store: Store) -> Enrolment:
    found = store.sync.enrolment()
    assert found is not None
    return found


def told(store: Store, document: str, **changes: Any) -> DocumentFacts:  # noqa: ANN401 - any field of the facts
    record = store.document(document)
    assert record is not None
    revision = changes.get("revision", record.revision or 1)
    plain = DocumentFacts(
        document, record.number, Kind.OFFER, 1, revision, digest_of(store, document, revision), backed_up_at=SENT
    )
    return replace(plain, **changes)


def digest_of(store: Store, document: str, revision: int) -> str:
    with store._database.read() as connection:
        row = documents.find(connection, document).row
        return lineage.digests(connection, [row]).get((row, revision), "d" * 64)


def sent(store: Store, alena: Enrolment) -> None:
    """Everything that waits leaves and is accepted."""
    while batch := store.sync.freeze_batch(alena, 500, 10**6):
        for operation, _ in batch:
            document = next(each.document for each in store.outbox() if each.id == operation)
            store.sync.settle(alena, [PushResult(operation, Outcome.ACCEPTED, facts=told(store, document))])


def exported(store: Store, alena: Enrolment, document: str, revision: int = 1) -> None:
    facts = told(
        store, document, revision=revision, exported_at=CUT, exported_revision=revision, export="2026-11-25", position=7
    )
    pulled(store, alena, facts)


def pulled(store: Store, alena: Enrolment, *facts: DocumentFacts) -> None:
    now = store.sync.enrolment()
    assert now is not None
    page = Changes("stream", facts, next=now.cursor + 1, more=False)
    assert store.sync.apply_changes(alena, now.cursor, page)


def state_of(store: Store, document: str) -> State:
    record = store.document(document)
    assert record is not None
    return state(record.facts)


def test_an_accepted_revision_is_backed_up_and_waits_no_longer(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    assert state_of(store, document) is State.BACKED_UP
    assert store.outbox() == []


def test_a_late_repeat_of_an_answer_changes_nothing(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    ((operation, _),) = store.sync.freeze_batch(alena, 500, 10**6)
    sent(store, alena)
    refused = PushResult(operation, Outcome.CONFLICT, Refusal("exported", {}), told(store, document))
    assert store.sync.settle(alena, [refused]) == 0
    assert state_of(store, document) is State.BACKED_UP


def test_the_next_revision_names_the_acknowledged_one_as_its_base(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "a", 1)
    complete(store, document)
    ((_, text),) = store.sync.freeze_batch(alena, 500, 10**6)
    assert '"base_revision":1' in text
    assert state_of(store, document) is State.COMPLETED


def test_an_exported_document_is_locked_and_keeps_its_receipt(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    exported(store, alena, document)
    record = store.document(document)
    assert record is not None
    assert state(record.facts) is State.EXPORTED
    assert permitted(record.facts) == {Action.COPY, Action.CORRECT}
    assert record.receipt is not None
    assert (record.receipt.export, record.receipt.position) == ("2026-11-25", 7)


def test_a_working_copy_over_an_exported_document_is_kept_and_named_a_conflict(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "last_name", "Dvořák", replace(NOVAK, client_last_name="Dvořák"))
    change_health(store, document, "weight", 90)
    exported(store, alena, document)
    record = store.document(document)
    assert record is not None
    assert (state(record.facts), record.row.client_last_name) == (State.CONFLICT, "Novák")
    content = store.content(document)
    assert (content.answers["last_name"], content.health["weight"], content.base_revision) == ("Dvořák", 90, 1)
    assert [each.reason for each in store.sync.conflicts()] == ["exported_edit"]


def test_a_completed_change_that_came_too_late_goes_back_to_a_working_copy(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "last_name", "Dvořák", replace(NOVAK, client_last_name="Dvořák"))
    complete(store, document)
    ((operation, _),) = store.sync.freeze_batch(alena, 500, 10**6)
    facts = told(store, document, revision=1, exported_at=CUT, exported_revision=1, export="2026-11-25", position=1)
    refusal = Refusal("exported", {"day": "25. 11. 2026"})
    store.sync.settle(alena, [PushResult(operation, Outcome.CONFLICT, refusal, facts)])
    record = store.document(document)
    assert record is not None
    assert (state(record.facts), record.revision, record.row.client_last_name) == (State.CONFLICT, 1, "Novák")
    assert store.content(document).answers["last_name"] == "Dvořák"
    assert store.outbox() == []
    assert [each.refusal for each in store.sync.refused()] == [refusal]


def test_what_was_changed_and_changed_back_is_no_conflict(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "last_name", "Dvořák")
    change(store, document, "last_name", "Novák")
    exported(store, alena, document)
    assert state_of(store, document) is State.EXPORTED
    assert store.sync.conflicts() == []


def test_a_cancellation_that_came_after_the_export_is_told_and_not_shown_as_done(
    store: Store, alena: Enrolment
) -> None:
    document = completed_offer(store)
    sent(store, alena)
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    exported(store, alena, document)
    assert state_of(store, document) is State.CONFLICT
    assert [each.reason for each in store.sync.conflicts()] == ["exported_cancellation"]


def signed(store: Store, document: str) -> None:
    with store._database.write() as connection:
        signatures.sign(connection, document, [b"sealed"], ALENA)


def test_a_signature_that_waits_when_the_lock_comes_is_handed_in_all_the_same(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    signed(store, document)
    exported(store, alena, document)
    record = store.document(document)
    assert record is not None
    assert record.facts.signed_at
    assert [each.kind for each in store.outbox()] == [OperationKind.SIGNATURE]


def test_a_signature_of_a_change_that_came_too_late_makes_way_with_it(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "a", 1)
    complete(store, document)
    signed(store, document)
    exported(store, alena, document)
    record = store.document(document)
    assert record is not None
    assert (record.facts.signed_at, store.outbox()) == (None, [])
    assert [each.reason for each in store.sync.conflicts()] == ["exported_edit"]


def test_a_change_that_a_cancellation_kept_from_leaving_leaves_when_the_insurer_does_not_cancel(
    store: Store, alena: Enrolment
) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "a", 1)
    complete(store, document)
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    ((cancellation, _),) = store.sync.freeze_batch(alena, 500, 10**6)
    refusal = Refusal("malformed", {"reason": "not storable"})
    store.sync.settle(alena, [PushResult(cancellation, Outcome.REJECTED, refusal)])
    assert state_of(store, document) is State.COMPLETED
    sent(store, alena)
    assert state_of(store, document) is State.BACKED_UP
    assert [(each.id, each.refusal) for each in store.sync.refused()] == [(cancellation, refusal)]


def test_a_returned_document_says_why_and_can_be_edited(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    why = Refusal("evaluation_differs", {"ours": "100", "theirs": "110"})
    pulled(store, alena, told(store, document, returned_at=CUT, returned=why))
    record = store.document(document)
    assert record is not None
    assert (state(record.facts), record.returned) == (State.RETURNED, why)
    assert Action.EDIT in permitted(record.facts)
    change(store, document, "a", 1)
    complete(store, document)
    assert state_of(store, document) is State.COMPLETED


def test_a_page_of_an_older_question_is_not_applied(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    assert store.sync.apply_changes(alena, 5, Changes("stream", (told(store, document),), 9, more=False)) is False


def test_documents_of_another_machine_are_listed_apart(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    other = replace(told(store, document), document="0" * 8 + "-0000-0000-0000-" + "0" * 12, number="N26-000900")
    pulled(store, alena, other)
    pulled(store, alena, replace(other, revision=2))
    assert [(facts.number, facts.revision) for facts, _ in store.sync.bodies.lacking()] == [("N26-000900", 2)]


def test_a_document_made_without_a_number_gets_one_before_it_leaves(store: Store, alena: Enrolment) -> None:
    with store._database.write() as connection:
        connection.execute(update(number_block).values(next=number_block.c.last + 1))
    document = store.create_document(new_offer())
    complete(store, document)
    record = store.document(document)
    assert record is not None
    assert record.number == ""
    assert store.sync.freeze_batch(alena, 500, 10**6) == []
    store.sync.welcome(alena.id, welcomed(numbers=(NumberBlock("N26-", 1_000, 1_049),)))
    ((_, envelope),) = store.sync.freeze_batch(alena, 500, 10**6)
    assert '"number":"N26-001000"' in envelope


def test_documents_of_a_partner_that_was_left_can_only_be_copied(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    leave_partner(store)
    record = store.document(document)
    assert record is not None
    assert permitted(record.facts) == {Action.COPY}
    assert [each.id for each in store.sync.to_speak_for()] == [alena.id]
    sent(store, alena)
    assert store.sync.to_speak_for() == []
