"""What becomes of operations."""

from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk


def test_a_completed_offer_is_acknowledged_with_its_facts(alena: Desk) -> None:
    offer = alena.completion()
    (result,) = alena.push(offer)
    assert result.outcome is Outcome.ACCEPTED
    assert result.facts is not None
    assert (result.facts.document, result.facts.number, result.facts.revision) == (offer.document, offer.number, 1)
    assert result.planned_export_at == "2026-11-25T20:00:00.000000+00:00"


def test_a_repeat_gets_the_recorded_outcome_and_changes_nothing(alena: Desk) -> None:
    offer = alena.completion()
    first, again = alena.push(offer), alena.push(offer)
    assert first == again
    assert len(alena.pull().documents) == 1
