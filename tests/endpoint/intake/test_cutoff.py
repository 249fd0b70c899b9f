"""What comes at the cut-off, and between it and the freeze of the night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from endpoint.application import Endpoint
from localapp import clock
from localapp.domain.sync.operations import Outcome
from tests.endpoint.intake.answered import code, one
from tests.endpoint.made_up import Desk

CUTOFF = datetime(2026, 11, 25, 20, tzinfo=UTC)
PLANNED = "2026-11-25T20:00:00.000000+00:00"


def test_between_cutoff_and_freeze_what_may_go_is_deferred(endpoint: Endpoint, alena: Desk) -> None:
    offer, other = alena.completion(), alena.completion()
    alena.push(offer, other)
    endpoint.evaluate_waiting()
    late, cancelled, new = alena.next_revision(offer), alena.cancellation(other), alena.completion()
    with clock.moved_to(CUTOFF):
        results = alena.push(late, cancelled, new)
        assert [result.outcome for result in results] == [Outcome.DEFERRED, Outcome.DEFERRED, Outcome.ACCEPTED]
        assert results[2].planned_export_at == "2026-11-26T20:00:00.000000+00:00"
        assert alena.push(late)[0].outcome is Outcome.DEFERRED
        assert one(alena, alena.next_revision(new)).outcome is Outcome.ACCEPTED
        (run,) = endpoint.run_due_exports()
        assert run.count == 2
        assert [code(result) for result in alena.push(late, cancelled)] == ["exported", "exported"]


def test_a_returned_document_may_be_corrected_meanwhile(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    assert offer.completion is not None
    wrong = replace(offer, completion=replace(offer.completion, premium=None))
    alena.push(wrong)
    endpoint.evaluate_waiting()
    with clock.moved_to(CUTOFF):
        assert one(alena, alena.next_revision(wrong)).outcome is Outcome.ACCEPTED
        (run,) = endpoint.run_due_exports()
        assert (run.count, run.left_behind) == (0, 1)
        endpoint.evaluate_waiting()
    with clock.moved_to(CUTOFF + timedelta(days=1)):
        (run,) = endpoint.run_due_exports()
        assert (run.count, run.left_behind) == (1, 0)


def test_a_moment_before_the_cutoff_belongs_to_the_day(endpoint: Endpoint, alena: Desk) -> None:
    with clock.moved_to(CUTOFF - timedelta(microseconds=1)):
        before = one(alena, alena.completion())
    with clock.moved_to(CUTOFF):
        after = one(alena, alena.completion())
        endpoint.evaluate_waiting()
        (run,) = endpoint.run_due_exports()
    assert (before.planned_export_at, after.planned_export_at) == (PLANNED, "2026-11-26T20:00:00.000000+00:00")
    assert run.count == 1
