"""What synchronization asks of the store: nothing is believed that was not asked, and nothing typed gets lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from localapp.domain.lifecycle import Action, State, permitted
from localapp.domain.sync.messages import Changes, PushResult, Refusal
from localapp.domain.sync.operations import Outcome, read_envelope
from localapp.store.enrolments import Enrolment
from localapp.store.records import DocumentRecord
from localapp.store.store import Store
from tests.store.made_up import ALENA, change, complete, completed_offer, leave_partner, open_store, welcomed
from tests.store.test_receiving import CUT, exported, pulled, sent, state_of, told

STALE = Refusal("stale", {})


@pytest.fixture
def alena(store: Store) -> Enrolment:
    found = store.sync.enrolment()
    assert found is not None
    return found


def record_of(store: Store, document: str) -> DocumentRecord:
    record = store.document(document)
    assert record is not None
    return record


def cancelled(store: Store, document: str) -> None:
    with store.edit(document, ALENA) as edit:
        edit.cancel()


def answered(store: Store, alena: Enrolment, outcome: Outcome, refusal: Refusal | None, **facts: object) -> str:
    """The oldest waiting operation leaves and is answered so; its document."""
    ((operation, text), *_) = store.sync.freeze_batch(alena, 1, 10**6)
    document = read_envelope(text).document
    known = told(store, document, **facts) if facts else None
    assert store.sync.settle(alena, [PushResult(operation, outcome, refusal, known)]) == 1
    return document


@pytest.mark.parametrize("code", ["stale", "not_permitted"])
def test_a_revision_that_was_not_taken_comes_back_with_its_reason(store: Store, alena: Enrolment, code: str) -> None:
    completed_offer(store)
    document = answered(store, alena, Outcome.CONFLICT, Refusal(code, {"number": "N26-000001"}))
    record = record_of(store, document)
    assert (state_of(store, document), record.returned) == (State.RETURNED, Refusal(code, {"number": "N26-000001"}))
    assert {Action.COPY, Action.EDIT} <= permitted(record.facts)
    assert [each.document for each in store.sync.refused()] == [document]
    assert store.outbox() == []


@pytest.mark.parametrize("code", ["malformed", "digest_wrong", "too_large", "operation_reused", "partner_ended"])
def test_a_rejected_revision_does_not_look_as_if_it_waited(store: Store, alena: Enrolment, code: str) -> None:
    completed_offer(store)
    document = answered(store, alena, Outcome.REJECTED, Refusal(code, {}))
    assert state_of(store, document) is State.RETURNED
    assert Action.COPY in permitted(record_of(store, document).facts)


def test_facts_of_the_earlier_revision_do_not_hide_that_the_newer_was_not_taken(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "a", 1)
    complete(store, document)
    answered(store, alena, Outcome.CONFLICT, STALE, revision=1)
    assert (state_of(store, document), record_of(store, document).returned) == (State.RETURNED, STALE)
    pulled(store, alena, told(store, document, revision=1))
    assert (state_of(store, document), record_of(store, document).returned) == (State.RETURNED, STALE)
    assert store.content(document).answers["a"] == 1


def test_completed_again_it_waits_again_and_is_no_longer_refused(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    answered(store, alena, Outcome.CONFLICT, STALE)
    change(store, document, "a", 1)
    complete(store, document)
    assert state_of(store, document) is State.COMPLETED
    assert store.sync.refused() == []
    sent(store, alena)
    assert state_of(store, document) is State.BACKED_UP


def test_after_an_older_backup_the_insurers_revision_is_not_overwritten_unseen(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    answered(store, alena, Outcome.CONFLICT, STALE, revision=7)
    change(store, document, "a", 1)
    assert complete(store, document) == 8
    ((_, text),) = store.sync.freeze_batch(alena, 1, 10**6)
    envelope = read_envelope(text)
    assert (envelope.revision, envelope.base_revision) == (8, None)
    assert [each.reason for each in store.sync.conflicts()] == ["stale_edit"]


def test_cancelled_while_its_completion_is_in_flight_a_cancellation_follows(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    ((operation, _),) = store.sync.freeze_batch(alena, 1, 10**6)
    cancelled(store, document)
    accepted = PushResult(operation, Outcome.ACCEPTED, facts=told(store, document))
    store.sync.settle(alena, [accepted])
    assert state_of(store, document) is State.CANCELLED
    ((_, text),) = store.sync.freeze_batch(alena, 1, 10**6)
    assert (read_envelope(text).kind, read_envelope(text).base_revision) == ("cancellation", 1)


def test_cancelled_and_then_not_taken_there_is_nothing_left_to_cancel(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    store.sync.freeze_batch(alena, 1, 10**6)
    cancelled(store, document)
    answered(store, alena, Outcome.REJECTED, Refusal("malformed", {"reason": "x"}))
    assert state_of(store, document) is State.CANCELLED
    assert store.outbox() == []


def test_a_cancellation_that_was_not_taken_has_cancelled_nothing(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    cancelled(store, document)
    answered(store, alena, Outcome.REJECTED, Refusal("partner_ended", {"partner_number": "900001"}))
    assert state_of(store, document) is State.BACKED_UP
    assert [each.kind for each in store.sync.refused()] == ["cancellation"]


def test_a_cancellation_that_came_second_leaves_the_document_cancelled(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    cancelled(store, document)
    answered(store, alena, Outcome.CONFLICT, Refusal("cancelled", {}), revision=1, cancelled_at=CUT)
    assert state_of(store, document) is State.CANCELLED


def test_what_was_typed_over_a_document_cancelled_elsewhere_can_be_read_and_copied(
    store: Store, alena: Enrolment
) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "last_name", "Dvořák")
    pulled(store, alena, told(store, document, cancelled_at=CUT))
    assert state_of(store, document) is State.CANCELLED
    assert store.content(document).answers["last_name"] == "Dvořák"
    assert permitted(record_of(store, document).facts) == {Action.COPY}


def test_an_acceptance_without_the_documents_facts_acknowledges_nothing(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    ((operation, _),) = store.sync.freeze_batch(alena, 1, 10**6)
    other = replace(told(store, document), document="another")
    for facts in (None, other):
        assert store.sync.settle(alena, [PushResult(operation, Outcome.ACCEPTED, facts=facts)]) == 0
    assert [each.id for each in store.outbox()] == [operation]


def test_a_deferred_operation_waits_with_its_reason(store: Store, alena: Enrolment) -> None:
    completed_offer(store)
    ((operation, text),) = store.sync.freeze_batch(alena, 1, 10**6)
    deferred = PushResult(operation, Outcome.DEFERRED, Refusal("freeze_pending", {}))
    assert store.sync.settle(alena, [deferred]) == 0
    assert [each.refusal for each in store.outbox()] == [Refusal("freeze_pending", {})]
    assert store.sync.freeze_batch(alena, 1, 10**6) == [(operation, text)]


def test_a_later_lock_is_the_last_word_over_a_refusal(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "a", 1)
    complete(store, document)
    answered(store, alena, Outcome.CONFLICT, STALE, revision=1)
    exported(store, alena, document)
    assert state_of(store, document) is State.CONFLICT
    assert store.content(document).answers["a"] == 1


def test_a_resync_begins_again_from_the_start_of_the_feed(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    pulled(store, alena, told(store, document))
    assert store.sync.apply_changes(alena, 1, Changes("fresh", (), 0, more=False, resync=True))
    found = store.sync.enrolment_at(alena.id)
    assert (found.cursor, found.stream) == (0, "fresh")


def test_a_run_that_ended_with_the_application_does_not_go_on_for_ever(store: Store) -> None:
    store.sync.begin_run("by_hand")
    store.sync.end_interrupted_runs()
    (run,) = store.sync.runs()
    assert (run.refusal, run.ended_at) == (Refusal("synchronization_interrupted", {}), run.began_at)


def test_the_next_run_ends_one_that_never_got_to_its_end(store: Store) -> None:
    store.sync.begin_run("by_hand")
    second = store.sync.begin_run("schedule")
    store.sync.end_run(second, refusal=None, sent=1, received=2)
    newest, interrupted = store.sync.runs()
    assert (newest.sent, newest.received, newest.refusal) == (1, 2, None)
    assert interrupted.refusal == Refusal("synchronization_interrupted", {})


def test_the_last_hundred_runs_are_kept_and_the_present_one_is_never_forgotten(store: Store) -> None:
    for _ in range(105):
        store.sync.end_run(store.sync.begin_run("schedule"), refusal=None, sent=0, received=0)
    going_on = store.sync.begin_run("by_hand")
    assert len(store.sync.runs(500)) == 101
    store.sync.end_run(going_on, refusal=Refusal("endpoint_unreachable", {}), sent=0, received=0)
    assert (len(store.sync.runs(500)), store.sync.runs(1)[0].cause) == (100, "by_hand")


def test_notices_of_the_newest_welcome_are_kept_over_a_restart(store: Store, alena: Enrolment) -> None:
    store.sync.welcome(alena.id, welcomed(notices=("installation_unlinked",)), ahead=timedelta(minutes=-12))
    store.sync.keep_component_refusals([Refusal("component_unsigned", {"detail": "x"})])
    folder = store._database.path.parent
    store.close()
    again = open_store(folder)
    found = again.sync.notices()
    again.close()
    assert (found.codes, found.ahead) == (("installation_unlinked",), timedelta(minutes=-12))
    assert found.components == (Refusal("component_unsigned", {"detail": "x"}),)


def test_notices_go_when_the_insurer_says_them_no_longer_or_the_partner_is_left(store: Store, alena: Enrolment) -> None:
    store.sync.welcome(alena.id, welcomed(notices=("installation_unlinked",)))
    store.sync.welcome(alena.id, welcomed(partner_ended=True))
    assert (store.sync.notices().codes, store.sync.notices().partner_ended) == ((), True)
    store.sync.begin_enrolment(replace(alena, partner_number="900002", installation="another"))
    assert not store.sync.notices().partner_ended


def test_what_a_former_partner_says_is_no_notice(store: Store, alena: Enrolment) -> None:
    completed_offer(store)
    leave_partner(store)
    store.sync.welcome(alena.id, welcomed(partner_ended=True))
    assert not store.sync.notices().partner_ended
