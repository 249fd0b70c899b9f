"""One current enrolment; an earlier one speaks until its outbox is empty, and can become the current one again."""

import pytest

from localapp.domain.lifecycle import Action, permitted
from localapp.domain.sync.enrolment import Advisor
from localapp.store.ids import new_id
from localapp.store.store import Store
from tests.store.made_up import complete, completed_offer, enrolled, leave_partner, new_offer

CYRIL = Advisor("Cyril", "Malý", "cyril", "012345PPZ")


def actions(store: Store, document: str) -> frozenset[Action]:
    record = store.document(document)
    assert record is not None
    return permitted(record.facts)


def current(store: Store) -> str:
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    return enrolment.partner_number


def test_a_new_partner_leaves_the_old_documents_to_be_read_and_copied(store: Store) -> None:
    document = completed_offer(store)
    enrolled(store, partner_number="900002", installation=new_id())
    assert current(store) == "900002"
    assert actions(store, document) == {Action.COPY}


def test_the_old_enrolment_speaks_until_its_outbox_is_empty_and_the_current_one_first(store: Store) -> None:
    completed_offer(store)
    enrolled(store, partner_number="900002", installation=new_id())
    assert [each.partner_number for each in store.sync.to_speak_for()] == ["900002", "900001"]
    with store._database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET acknowledged_at = 'now'")
    assert [each.partner_number for each in store.sync.to_speak_for()] == ["900002"]


def test_coming_back_to_a_partner_goes_on_with_the_same_installation_and_its_documents(store: Store) -> None:
    first = store.sync.enrolment()
    document = completed_offer(store)
    enrolled(store, partner_number="900002", installation=new_id())
    again = enrolled(store, installation=new_id())
    assert first is not None
    assert (again.id, again.installation, again.private_key) == (first.id, first.installation, first.private_key)
    assert Action.EDIT in actions(store, document) or Action.CANCEL in actions(store, document)


def test_another_advisor_of_the_same_partner_is_another_enrolment(store: Store) -> None:
    first = store.sync.enrolment()
    other = enrolled(store, advisor=CYRIL, installation=new_id())
    assert first is not None
    assert other.id != first.id
    assert [each.id for each in store.sync.to_speak_for()] == [other.id]


def test_an_enrolment_that_was_never_confirmed_is_not_spoken_for_and_its_document_can_be_copied(store: Store) -> None:
    with store._database.write() as connection:
        connection.exec_driver_sql("UPDATE enrolment SET confirmed_at = NULL")
    document = completed_offer(store)
    assert store.sync.to_speak_for() == []
    assert [each.document for each in store.outbox()] == [document]
    assert Action.COPY in actions(store, document)
    leave_partner(store)
    assert actions(store, document) == {Action.COPY}


def test_returning_to_a_former_enrolment_ends_the_one_begun_meanwhile(store: Store) -> None:
    document, former = completed_offer(store), store.sync.enrolment()
    assert former is not None
    enrolled(store, partner_number="900002", installation=new_id())
    store.sync.return_to(former.id)
    assert (current(store), Action.CANCEL in actions(store, document)) == ("900001", True)
    store.sync.return_to(former.id)
    assert current(store) == "900001"


def test_linking_reads_the_feed_from_its_beginning_with_the_key_of_the_advisor(store: Store) -> None:
    found = store.sync.enrolment()
    assert found is not None
    store.sync.link(found.id, bytes(32))
    linked = store.sync.enrolment_at(found.id)
    assert (linked.health_key, linked.cursor, linked.stream, linked.linked_at is None) == (bytes(32), 0, "", False)


def test_a_confirmation_without_a_link_unlinks(store: Store) -> None:
    found = store.sync.enrolment()
    assert found is not None
    store.sync.confirm_enrolment(found.id, intake_key=bytes(32), linked=False, partner_name="Demo")
    assert store.sync.enrolment_at(found.id).linked_at is None


def test_a_demonstration_follows_its_endpoint_with_every_enrolment(store: Store) -> None:
    enrolled(store, partner_number="900002", installation=new_id())
    completed_offer(store)
    store.sync.follow("http://127.0.0.1:9")
    assert {each.endpoint for each in store.sync.to_speak_for()} == {"http://127.0.0.1:9"}


def test_keys_are_never_printed(store: Store) -> None:
    found = store.sync.enrolment()
    assert found is not None
    assert not any(word in repr(found) for word in ("private_key", "health_key", repr(found.private_key)))


@pytest.mark.parametrize("draft", [True, False])
def test_leaving_a_partner_twice_changes_nothing_more(store: Store, draft: bool) -> None:
    document = store.create_document(new_offer())
    if not draft:
        complete(store, document)
    leave_partner(store)
    before = store.document(document)
    leave_partner(store)
    assert (store.document(document), store.sync.enrolment()) == (before, None)
