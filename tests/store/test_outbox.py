"""What waits for the insurer: in the command's own transaction, once, and without health."""

import json

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from localapp.domain.canonical import digest_of
from localapp.store import schema
from localapp.store.edit import Edit
from localapp.store.store import Store
from tests.store.made_up import ALENA, NOVAK, change, complete, completed_offer, frozen, new_offer, plant_fact


def test_completing_queues_exactly_what_was_frozen(store: Store) -> None:
    document = completed_offer(store)
    (operation,) = store.outbox()
    body = json.loads(operation.body)
    assert (operation.kind, operation.document, operation.revision) == ("completion", document, 1)
    assert digest_of(body["answers"]) == body["answers_digest"]
    assert json.loads(body["answers"])["values"] == {"last_name": "Novák"}
    assert body["form"] == ["flexi-offer", "1"]


def test_nothing_of_health_waits_but_its_digest(store: Store) -> None:
    completed_offer(store)
    (operation,) = store.outbox()
    assert "weight" not in operation.body
    assert "cd" * 32 not in operation.body


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


def test_a_queued_operation_is_frozen(store: Store) -> None:
    completed_offer(store)
    with pytest.raises(DBAPIError, match="frozen"), store._database.write() as connection:
        connection.execute(update(schema.outbox).values(body="{}"))
