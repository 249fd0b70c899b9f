"""What was completed for a partner that was left still goes, under the old enrolment, or says why it cannot."""

from endpoint.application import Endpoint
from localapp.domain.lifecycle import Action, State, permitted, state
from localapp.store.records import DocumentRecord
from tests.store.made_up import ALENA, completed_offer
from tests.sync.answering import Computer


def record_of(alena: Computer, document: str) -> DocumentRecord:
    record = alena.store.document(document)
    assert record is not None
    return record


def test_a_document_that_had_no_number_when_the_partner_was_left_gets_one_and_goes(alena: Computer) -> None:
    with alena.store._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM number_block")
    document = completed_offer(alena.store)
    assert record_of(alena, document).number == ""
    alena.enrol("900002")
    assert alena.synchronize().refusal is None
    record = record_of(alena, document)
    assert (record.number[:1], state(record.facts)) == ("N", State.BACKED_UP)
    assert permitted(record.facts) == {Action.COPY}


def test_each_enrolment_speaks_for_its_own_documents_only(alena: Computer) -> None:
    old = completed_offer(alena.store)
    alena.enrol("900002")
    assert alena.synchronize().refusal is None
    new = completed_offer(alena.store)
    assert alena.synchronize().refusal is None
    assert [state(record_of(alena, each).facts) for each in (old, new)] == [State.BACKED_UP] * 2
    assert [each.partner_number for each in alena.store.sync.to_speak_for()] == ["900002"]


def test_cancelled_while_its_completion_was_on_the_way_both_arrive(alena: Computer) -> None:
    document = completed_offer(alena.store)
    alena.store.sync.freeze_batch(alena.enrolment, 1, 10**6)
    with alena.store.edit(document, ALENA) as edit:
        edit.cancel()
    report = alena.synchronize()
    assert (report.sent, report.refusal) == (2, None)
    assert state(record_of(alena, document).facts) is State.CANCELLED
    assert alena.store.outbox() == []


def test_what_an_ended_partner_can_bring_no_more_stays_with_its_reason(endpoint: Endpoint, alena: Computer) -> None:
    document = completed_offer(alena.store)
    with endpoint.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE partner SET ended_at = '2026-11-26T00:00:00+00:00' WHERE number = '900001'")
    assert alena.synchronize().refusal is None
    (kept,) = alena.store.sync.refused()
    assert kept.refusal is not None
    assert (kept.document, kept.refusal.code) == (document, "partner_ended")
    assert Action.COPY in permitted(record_of(alena, document).facts)
