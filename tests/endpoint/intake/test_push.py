"""What becomes of operations: once, for ever, and each by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from endpoint import withdrawn
from endpoint.application import Endpoint
from endpoint.store import schema
from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import Outcome
from tests.endpoint.conftest import NOON
from tests.endpoint.intake.answered import code, one
from tests.endpoint.made_up import Desk, family, new_id

PLANNED = "2026-11-25T20:00:00.000000+00:00"


def kept(endpoint: Endpoint) -> list[tuple[str, str, str]]:
    table = schema.kept
    with endpoint.parts.database.read() as connection:
        return [(row.operation, row.code, row.envelope) for row in connection.execute(select(table))]


def test_a_completed_offer_is_acknowledged_with_its_facts(alena: Desk) -> None:
    offer = alena.completion()
    result = one(alena, offer)
    assert result.outcome is Outcome.ACCEPTED
    assert result.facts is not None
    assert offer.completion is not None
    assert (result.facts.document, result.facts.number, result.facts.revision) == (offer.document, offer.number, 1)
    assert (result.facts.digest, result.facts.backed_up_at) == (
        offer.completion.digest,
        "2026-11-25T11:00:00.000000+00:00",
    )
    assert result.planned_export_at == PLANNED


def test_a_repeat_gets_the_recorded_outcome_and_changes_nothing(alena: Desk) -> None:
    offer = alena.completion()
    first, again = one(alena, offer), one(alena, offer)
    assert first == again
    assert len(alena.pull().documents) == 1
    assert alena.pull().documents == ()


def test_a_repeat_is_answered_with_the_facts_of_now(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    one(alena, offer)
    endpoint.evaluate_waiting()
    endpoint.run_export()
    again = one(alena, offer)
    assert again.outcome is Outcome.ACCEPTED
    assert again.facts is not None
    assert again.facts.exported_at is not None
    assert again.planned_export_at is None


def test_other_bytes_under_the_same_id_are_refused(alena: Desk) -> None:
    offer = alena.completion()
    one(alena, offer)
    other = replace(alena.completion(), operation=offer.operation)
    assert (one(alena, other).outcome, code(one(alena, other))) == (Outcome.REJECTED, "operation_reused")
    assert one(alena, offer).outcome is Outcome.ACCEPTED
    assert [facts.document for facts in alena.pull().documents] == [offer.document]


def test_the_next_revision_replaces_the_earlier_one(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    one(alena, offer)
    endpoint.evaluate_waiting()
    result = one(alena, alena.next_revision(offer))
    assert result.facts is not None
    assert (result.facts.revision, result.facts.evaluated_at) == (2, None)


def test_a_revision_of_an_outdated_copy_is_stale_and_kept(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    second = alena.next_revision(offer)
    alena.push(offer)
    alena.push(second)
    late = alena.next_revision(offer)
    result = one(alena, late)
    assert (result.outcome, code(result)) == (Outcome.CONFLICT, "stale")
    assert result.facts is not None
    assert result.facts.revision == 2
    assert kept(endpoint) == [(late.operation, "stale", late.text())]
    assert one(alena, late) == result


def test_a_first_revision_of_a_known_document_is_stale(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    again = alena.completion(document=offer.document, number=offer.number, revision=2)
    assert code(one(alena, again)) == "stale"


def test_a_cancelled_document_takes_nothing_more(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    cancelled = one(alena, alena.cancellation(offer))
    assert cancelled.outcome is Outcome.ACCEPTED
    assert cancelled.facts is not None
    assert cancelled.facts.cancelled_at is not None
    assert cancelled.planned_export_at is None
    assert code(one(alena, alena.next_revision(offer))) == "cancelled"
    again = one(alena, alena.cancellation(offer))  # from another copy of the desk
    assert (again.outcome, again.facts) == (Outcome.ACCEPTED, cancelled.facts)


def test_an_exported_document_can_be_neither_changed_nor_cancelled(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    endpoint.run_export()
    for late in (alena.next_revision(offer), alena.cancellation(offer)):
        result = one(alena, late)
        assert (result.outcome, code(result)) == (Outcome.CONFLICT, "exported")
        assert result.refusal is not None
        assert result.refusal.facts == {"day": "25. 11. 2026"}
    assert [entry[1] for entry in kept(endpoint)] == ["exported", "exported"]


def test_a_cancellation_of_an_unknown_document_is_not_permitted(alena: Desk) -> None:
    assert code(one(alena, alena.cancellation(alena.completion()))) == "not_permitted"


def test_a_document_keeps_its_kind_and_its_number(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    other_kind = alena.next_revision(offer, document_kind=Kind.ILLUSTRATION, number="M26-000001")
    assert code(one(alena, other_kind)) == "not_permitted"
    assert code(one(alena, alena.next_revision(offer, number=alena.numbers[0]))) == "number_taken"


def test_a_number_serves_one_document(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    result = one(alena, alena.completion(number=offer.number))
    assert (result.outcome, code(result), result.facts) == (Outcome.CONFLICT, "number_taken", None)


def test_two_documents_of_one_request_cannot_take_the_same_number(alena: Desk) -> None:
    first, second = alena.completion(), alena.completion(number="N26-000001")
    results = alena.push(first, second)
    assert first.number == second.number
    assert [result.outcome for result in results] == [Outcome.ACCEPTED, Outcome.CONFLICT]


def test_a_bad_operation_never_holds_up_the_others(alena: Desk) -> None:
    good, also_good = alena.completion(), alena.completion()
    changed = alena.completion()
    text = changed.text().replace("balanced", "dynamic")
    assert text != changed.text()
    results = alena.push(good, text, "{", also_good)
    assert [result.outcome for result in results] == [
        Outcome.ACCEPTED,
        Outcome.REJECTED,
        Outcome.REJECTED,
        Outcome.ACCEPTED,
    ]
    assert [code(result) for result in results] == [None, "digest_wrong", "malformed", None]
    assert one(alena, text) == results[1]


def test_a_rule_of_the_tables_hits_its_operation_alone(endpoint: Endpoint, alena: Desk) -> None:
    good, bad, also_good = alena.completion(), alena.completion(), alena.completion()
    with endpoint.parts.database.write() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER planted BEFORE INSERT ON document WHEN NEW.uuid = '{bad.document}' "
            "BEGIN SELECT RAISE(ABORT, 'planted'); END"
        )
    assert [result.outcome for result in alena.push(good, bad, also_good)] == [
        Outcome.ACCEPTED,
        Outcome.REJECTED,
        Outcome.ACCEPTED,
    ]
    assert {facts.document for facts in alena.pull().documents} == {good.document, also_good.document}


@pytest.mark.parametrize(
    "change", [{"installation": new_id()}, {"partner_number": "900002"}, {"advisor_code": "borek"}]
)
def test_an_operation_in_anothers_name_is_rejected(alena: Desk, change: dict[str, Any]) -> None:
    result = one(alena, alena.completion(**change))
    assert (result.outcome, code(result)) == (Outcome.REJECTED, "malformed")
    assert result.refusal is not None
    assert result.refusal.facts == {"reason": next(iter(change))}


def test_too_large_an_operation_is_rejected_with_its_size(alena: Desk) -> None:
    envelope = alena.completion()
    assert envelope.completion is not None
    huge = replace(envelope, completion=replace(envelope.completion, advisor_health="A" * (4 * 1024 * 1024)))
    result = one(alena, huge)
    assert (result.outcome, code(result), result.operation) == (Outcome.REJECTED, "too_large", envelope.operation)
    assert result.refusal is not None
    assert result.refusal.facts == {"size": str(len(huge.text().encode())), "limit": "4194304"}


def test_nothing_is_acknowledged_when_the_commit_fails(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()

    def fail(_connection: object) -> None:
        raise OperationalError("disk full", None, Exception())

    event.listen(endpoint.parts.database.engine, "commit", fail)
    try:
        with pytest.raises(AssertionError, match="endpoint_failed"):
            alena.push(offer)
    finally:
        event.remove(endpoint.parts.database.engine, "commit", fail)
    assert alena.pull().documents == ()
    assert one(alena, offer).outcome is Outcome.ACCEPTED


def test_an_answer_that_was_lost_is_given_again(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    message = {"operations": [offer.text()]}
    lost = alena.ask("/v1/sync/push", message)
    with clock.moved_to(NOON + timedelta(days=3)):
        endpoint.evaluate_waiting()
        endpoint.run_due_exports()
        alena.hello()
        again = alena.ask("/v1/sync/push", message)
    first, second = lost.get_json()["results"][0], again.get_json()["results"][0]
    assert (first["outcome"], first["operation"]) == (second["outcome"], second["operation"])
    assert second["facts"]["exported_at"]


def test_a_withdrawn_version_is_told_and_hinders_nothing_else(endpoint: Endpoint, alena: Desk) -> None:
    before, other = (
        alena.completion(),
        alena.completion(replace(family(clock.today()), form=Pinned("flexi-offer", "0"))),
    )
    alena.push(before)
    with endpoint.parts.database.write() as connection:
        withdrawn.withdraw(connection, Pinned("flexi-offer", "1"))
    late, later = alena.completion(), alena.next_revision(before)
    results = {result.operation: result for result in alena.push(late, other, later)}
    assert (results[late.operation].outcome, results[other.operation].outcome) == (Outcome.REJECTED, Outcome.ACCEPTED)
    for each in (late, later):
        refusal = results[each.operation].refusal
        assert refusal is not None
        assert (refusal.code, refusal.facts) == ("version_withdrawn", {"version": "flexi-offer 1"})
    assert alena.push(before)[0].outcome is Outcome.ACCEPTED  # what was taken in stays
    assert one(alena, alena.cancellation(before)).outcome is Outcome.ACCEPTED


def test_a_version_that_is_permitted_again_is_taken_in(endpoint: Endpoint, alena: Desk) -> None:
    version = Pinned("flexi-demo", "2026.1")
    with endpoint.parts.database.write() as connection:
        withdrawn.withdraw(connection, version)
        withdrawn.withdraw(connection, version)
    assert code(one(alena, alena.completion())) == "version_withdrawn"
    with endpoint.parts.database.write() as connection:
        assert withdrawn.permit(connection, version)
        assert not withdrawn.permit(connection, version)
    assert one(alena, alena.completion()).outcome is Outcome.ACCEPTED
    with endpoint.parts.database.read() as connection:
        events = connection.exec_driver_sql("SELECT event FROM audit WHERE event LIKE 'version%'").scalars().all()
    assert events == ["version_withdrawn", "version_permitted"]
