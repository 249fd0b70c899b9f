"""Editing over a completed revision, discarding, cancelling, deleting; and who wins a race."""

import pytest
from sqlalchemy import update

from localapp import clock
from localapp.domain.lifecycle import Action, Kind, Shelf, State
from localapp.store import schema
from localapp.store.failures import NotPermitted
from localapp.store.store import Store
from tests.store.made_up import (
    ALENA,
    NOVAK,
    change,
    change_health,
    client,
    complete,
    completed_offer,
    frozen,
    new_offer,
    plant_fact,
)


def test_editing_a_completed_offer_makes_a_working_copy_over_its_revision(store: Store) -> None:
    document = completed_offer(store)
    change(store, document, "sum_insured", "5")
    content, record = store.content(document), store.document(document)
    assert record is not None
    assert (content.base_revision, record.revision) == (1, 1)
    assert record.facts.completed_at is not None
    assert record.facts.working_copy_at is not None
    assert content.health == {"weight": 80}


def test_reading_a_completed_offer_is_never_an_edit(store: Store) -> None:
    document = completed_offer(store)
    before = store.document(document)
    with store.edit(document, ALENA) as edit:
        assert edit.answers == {"last_name": "Novák"}
    assert store.document(document) == before
    assert store.content(document).changed_at is None


def test_the_working_copy_keeps_the_time_at_which_it_was_begun(store: Store) -> None:
    document = completed_offer(store)
    change(store, document, "a", 1)
    first = store.document(document)
    change(store, document, "a", 2)
    second = store.document(document)
    assert first is not None
    assert second is not None
    assert first.facts.working_copy_at == second.facts.working_copy_at
    assert first.changed_at < second.changed_at


def test_discarding_gives_back_the_completed_content_and_its_row_in_the_list(store: Store) -> None:
    document = completed_offer(store)
    before = store.content(document)
    change(store, document, "last_name", "Překlep", row=client("Překlep"))
    change_health(store, document, "weight", 200)
    with store.edit(document, ALENA) as edit:
        edit.discard()
        assert edit.answers == {"last_name": "Novák"}
    assert store.content(document) == before
    assert [row.client_last_name for row in store.search("novak").rows] == ["Novák"]
    assert store.search("preklep").rows == []
    assert store.journal(document)[-1].event == "discarded"


def test_the_next_completion_is_the_next_revision_on_its_base(store: Store) -> None:
    document = completed_offer(store)
    change(store, document, "sum_insured", "5")
    assert complete(store, document) == 2
    with store._database.read() as connection:
        rows = connection.execute(
            schema.revision.select().with_only_columns(schema.revision.c.number, schema.revision.c.base_revision)
        ).all()
    assert [tuple(row) for row in rows] == [(1, None), (2, 1)]
    assert store.content(document).answers["sum_insured"] == "5"


def test_a_backup_of_the_earlier_revision_says_nothing_about_the_next(store: Store) -> None:
    document = completed_offer(store)
    plant_fact(store, document, "backed_up")
    change(store, document, "sum_insured", "5")
    record = store.document(document)
    assert record is not None
    assert record.facts.backed_up_at is not None
    complete(store, document)
    record = store.document(document)
    assert record is not None
    assert record.facts.backed_up_at is None
    assert store.counts(None)[Shelf.TO_SEND] == 1


@pytest.mark.parametrize("fact", ["exported", "signed", "cancelled"])
def test_an_exported_signed_or_cancelled_offer_is_not_edited(store: Store, fact: str) -> None:
    document = completed_offer(store)
    plant_fact(store, document, fact)
    before = store.content(document)
    with pytest.raises(NotPermitted) as caught:
        change(store, document, "sum_insured", "5")
    assert caught.value.action is Action.EDIT
    assert caught.value.state.value == fact
    assert store.content(document) == before


@pytest.mark.parametrize("command", ["save", "complete", "discard", "cancel"])
@pytest.mark.parametrize("fact", ["exported_at", "signed_at", "cancelled_at", "deleted_at"])
def test_a_fact_that_arrives_between_reading_and_writing_wins(store: Store, command: str, fact: str) -> None:
    document = completed_offer(store)
    change(store, document, "sum_insured", "5")
    before = store.content(document)
    with store.edit(document, ALENA) as edit:
        table = schema.document
        edit._connection.execute(update(table).where(table.c.uuid == document).values({fact: clock.stamp()}))
        calls = {
            "save": lambda: edit.save({}, {}, row=NOVAK, last_quote=None),
            "complete": lambda: edit.complete(frozen(edit), NOVAK, None),
            "discard": edit.discard,
            "cancel": edit.cancel,
        }
        with pytest.raises(NotPermitted):
            calls[command]()
    assert store.content(document) == before
    assert len(store.outbox()) == 1


def test_a_deleted_draft_that_is_restored_keeps_everything(store: Store) -> None:
    document = store.create_document(new_offer())
    change(store, document, "sum_insured", "5")
    change_health(store, document, "weight", 81)
    before = store.content(document)
    with store.edit(document, ALENA) as edit:
        edit.delete()
    assert store.page(shelf=None, kind=None, before=None).rows == []
    assert store.search("novak").rows == []
    assert [row.id for row in store.deleted()] == [document]
    with pytest.raises(NotPermitted):
        change(store, document, "sum_insured", "6")
    with store.edit(document, ALENA) as edit:
        edit.restore()
    assert store.content(document) == before
    assert [row.id for row in store.search("novak").rows] == [document]
    assert store.deleted() == []
    assert store.health_history(document) == [{"weight": 80}, {"weight": 81}]


def test_a_completed_offer_is_not_deleted(store: Store) -> None:
    document = completed_offer(store)
    with pytest.raises(NotPermitted) as caught, store.edit(document, ALENA) as edit:
        edit.delete()
    assert caught.value.state is State.COMPLETED
    assert "completed" in caught.value.text("cs")


def test_a_draft_is_not_cancelled_and_other_documents_never(store: Store) -> None:
    draft = store.create_document(new_offer())
    other = store.create_document(new_offer(kind=Kind.OTHER))
    complete(store, other)
    for document in (draft, other):
        with pytest.raises(NotPermitted), store.edit(document, ALENA) as edit:
            edit.cancel()


def test_a_cancelled_offer_can_still_be_read_to_be_copied(store: Store) -> None:
    document = completed_offer(store)
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    assert store.content(document).answers == {"last_name": "Novák"}
    copied = store.create_document(new_offer(copied_from=document))
    record = store.document(copied)
    assert record is not None
    assert record.copied_from == document
    assert store.journal(copied)[0].event == "copied"
    with pytest.raises(NotPermitted), store.edit(document, ALENA) as edit:
        edit.cancel()


def test_cancelling_keeps_what_was_typed_into_the_working_copy(store: Store) -> None:
    document = completed_offer(store)
    change(store, document, "sum_insured", "5")
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    assert store.content(document).answers["sum_insured"] == "5"
    assert store.counts(None)[Shelf.CANCELLED] == 1
