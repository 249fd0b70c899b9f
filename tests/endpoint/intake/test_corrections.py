"""A correcting document stands in the place of an exported revision of the same advisor, alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from endpoint.application import Endpoint
from localapp import clock
from localapp.domain.correction import Corrects
from localapp.domain.sync.operations import Envelope, Outcome
from tests.endpoint.intake.answered import code, one
from tests.endpoint.made_up import Desk, new_id


@pytest.fixture
def exported(endpoint: Endpoint, alena: Desk) -> Envelope:
    """Alena's offer in yesterday's export."""
    offer = alena.completion()
    alena.push(offer)
    endpoint.run_export()
    return offer


def test_an_exported_document_is_corrected_by_a_new_one(alena: Desk, exported: Envelope) -> None:
    result = one(alena, alena.correction(exported))
    assert result.outcome is Outcome.ACCEPTED
    assert result.planned_export_at is not None


def test_only_the_exported_revision_under_its_own_number_is_corrected(alena: Desk, exported: Envelope) -> None:
    named = Corrects(exported.document, exported.number, 1)
    for wrong in (
        replace(named, revision=2),
        replace(named, number="N26-000999"),
        replace(named, document=new_id()),
    ):
        result = one(alena, alena.correction(exported, corrects=wrong))
        assert (result.outcome, code(result)) == (Outcome.CONFLICT, "correction_unfounded")
        assert result.refusal is not None
        assert result.refusal.facts == {"number": wrong.number}


def test_a_document_that_has_not_been_exported_is_not_corrected(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    early = alena.correction(offer)
    assert code(one(alena, early)) == "correction_unfounded"
    endpoint.run_export()
    again = replace(early, operation=new_id())
    assert one(alena, again).outcome is Outcome.ACCEPTED


def test_a_document_has_one_correction_until_that_is_cancelled(alena: Desk, exported: Envelope) -> None:
    first, second = alena.correction(exported), alena.correction(exported)
    results = alena.push(first, second)
    assert [(each.outcome, code(each)) for each in results] == [
        (Outcome.ACCEPTED, None),
        (Outcome.CONFLICT, "correction_taken"),
    ]
    assert code(one(alena, alena.correction(exported))) == "correction_taken"
    alena.push(alena.cancellation(first))
    assert one(alena, alena.correction(exported)).outcome is Outcome.ACCEPTED


def test_an_exported_correction_is_corrected_in_its_turn(endpoint: Endpoint, alena: Desk, exported: Envelope) -> None:
    first = alena.correction(exported)
    alena.push(first)
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        endpoint.run_export()
    assert one(alena, alena.correction(first)).outcome is Outcome.ACCEPTED
    assert code(one(alena, alena.correction(exported))) == "correction_taken"


def test_each_revision_of_a_correction_corrects_the_same(alena: Desk, exported: Envelope) -> None:
    first = alena.correction(exported)
    alena.push(first)
    plain = alena.next_revision(first)
    assert code(one(alena, plain)) == "not_permitted"
    place = {"document": first.document, "number": first.number, "revision": 2, "base_revision": 1}
    assert one(alena, alena.correction(exported, **place)).outcome is Outcome.ACCEPTED


def test_somebody_else_s_document_is_told_from_an_unknown_one_by_nothing(
    alena: Desk, borek: Desk, impostor: Desk, exported: Envelope
) -> None:
    alena.push(alena.correction(exported))
    for stranger in (borek, impostor):
        result = one(stranger, stranger.correction(exported))
        assert (code(result), result.facts) == ("correction_unfounded", None)
