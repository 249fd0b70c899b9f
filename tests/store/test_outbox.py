"""What waits for the insurer: in the command's own transaction, once, and without health."""

import json

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from localapp.domain.canonical import digest_of
from localapp.domain.sync.operations import Envelope, health_context, read_envelope
from localapp.output.sealing import SealBroken, open_sealed, unlock_with
from localapp.store import schema
from localapp.store.edit import Edit
from localapp.store.store import Store
from tests.store.made_up import (
    ALENA,
    FORM,
    INTAKE_PRIVATE,
    NOVAK,
    change,
    complete,
    completed_offer,
    frozen,
    new_offer,
    plant_fact,
)


def envelope_of(store: Store) -> Envelope:
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    ((_, text),) = store.sync.freeze_batch(enrolment, 10, 10**6)
    return read_envelope(text)


def test_what_leaves_is_exactly_what_was_frozen(store: Store) -> None:
    document = completed_offer(store)
    (operation,) = store.outbox()
    assert (operation.kind, operation.document, operation.revision) == ("completion", document, 1)
    envelope = envelope_of(store)
    assert (envelope.operation, envelope.document, envelope.revision) == (operation.id, document, 1)
    assert (envelope.partner_number, envelope.advisor_code) == ("900001", "anovakova")
    assert envelope.base_revision is None
    assert envelope.completion is not None
    assert json.loads(envelope.completion.answers)["values"] == {"last_name": "Novák"}
    assert envelope.completion.form == FORM


def test_health_leaves_sealed_for_the_insurer_and_for_the_advisor_only(store: Store) -> None:
    document = completed_offer(store)
    envelope = envelope_of(store)
    assert "weight" not in envelope.text()
    assert envelope.completion is not None
    context = health_context(document, 1)
    opened = open_sealed(INTAKE_PRIVATE, envelope.completion.sealed_health, context)
    assert json.loads(opened)["values"] == {"weight": 80}
    assert digest_of(opened) == envelope.completion.health_digest
    assert unlock_with(bytes(range(64, 96)), envelope.completion.advisor_health, context) == opened
    with pytest.raises(SealBroken):
        open_sealed(INTAKE_PRIVATE, envelope.completion.sealed_health, health_context(document, 2))


def test_what_is_sent_again_is_the_same_to_the_byte(store: Store) -> None:
    completed_offer(store)
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    first = store.sync.freeze_batch(enrolment, 10, 10**6)
    assert store.sync.freeze_batch(enrolment, 10, 10**6) == first
    assert store.outbox()[0].tries == 2


def test_of_a_document_only_its_oldest_operation_leaves(store: Store) -> None:
    document = completed_offer(store)
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    first = store.sync.freeze_batch(enrolment, 10, 10**6)
    change(store, document, "a", 1)
    complete(store, document)
    assert [operation.revision for operation in store.outbox()] == [1, 2]
    assert store.sync.freeze_batch(enrolment, 10, 10**6) == first


def test_a_batch_ends_at_its_size_but_never_before_its_first_operation(store: Store) -> None:
    for _ in range(3):
        completed_offer(store)
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    assert len(store.sync.freeze_batch(enrolment, 10, 1)) == 1
    assert len(store.sync.freeze_batch(enrolment, 2, 10**6)) == 2


def test_a_completion_that_fails_half_way_queues_nothing(store: Store) -> None:
    document = store.create_document(new_offer())
    with pytest.raises(ZeroDivisionError), store.edit(document, ALENA) as edit:
        _complete_and_fail(edit)
    assert store.outbox() == []
    record = store.document(document)
    assert record is not None
    assert record.revision is None


def _complete_and_fail(edit: Edit) -> None:
    edit.complete(frozen(edit), NOVAK, None)
    raise ZeroDivisionError


def test_the_next_revision_supersedes_one_that_still_waits(store: Store) -> None:
    document = completed_offer(store)
    other = completed_offer(store)
    change(store, document, "a", 1)
    complete(store, document)
    assert [(operation.document, operation.revision) for operation in store.outbox()] == [(other, 1), (document, 2)]


def test_cancelling_what_still_waits_sends_nothing(store: Store) -> None:
    document = completed_offer(store)
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    assert store.outbox() == []


def test_cancelling_what_was_sent_sends_a_cancellation_and_not_the_waiting_change(store: Store) -> None:
    document = completed_offer(store)
    plant_fact(store, document, "backed_up")
    change(store, document, "a", 1)
    complete(store, document)
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    (operation,) = store.outbox()
    assert (operation.kind, operation.document, operation.revision) == ("cancellation", document, 2)


def test_operations_have_time_ordered_ids_of_version_7(store: Store) -> None:
    completed_offer(store)
    completed_offer(store)
    first, second = (operation.id for operation in store.outbox())
    assert (first[14], first[19] in "89ab") == ("7", True)
    assert first[:13] <= second[:13]


@pytest.mark.parametrize("table", ["revision", "revision_health", "health_history", "journal"])
def test_what_was_frozen_can_be_neither_changed_nor_deleted(store: Store, table: str) -> None:
    completed_offer(store)
    frozen_table = schema.metadata.tables[table]
    rewritten = update(frozen_table).values({frozen_table.c[0].name: 9})
    for statement in (rewritten, delete(frozen_table)):
        with pytest.raises(DBAPIError, match="append-only"), store._database.write() as connection:
            connection.execute(statement)


def test_a_queued_operation_and_its_envelope_are_frozen(store: Store) -> None:
    completed_offer(store)
    envelope_of(store)
    for values in ({"revision": 9}, {"envelope": "{}"}):
        with pytest.raises(DBAPIError, match="frozen"), store._database.write() as connection:
            connection.execute(update(schema.outbox).values(**values))
