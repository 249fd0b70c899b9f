"""The re-evaluation: what stands goes on, what differs comes back with its reason and is never exported."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from endpoint.application import Endpoint
from endpoint.evaluation import judgement
from endpoint.keys import CORE_PRIVATE
from localapp import clock
from localapp.calculation.failures import CalculationUnavailable, DeadlineExceeded
from localapp.domain.canonical import Pinned, digest_of
from localapp.domain.forms.answers import duplicate
from localapp.domain.sync.messages import DocumentFacts
from localapp.domain.sync.operations import Envelope, health_context
from localapp.output.sealing import open_sealed, seal_to
from tests.endpoint.conftest import NOON
from tests.endpoint.evaluation.broken_answers import (
    HEALTH,
    beneficiary_of_her_own_death,
    beneficiary_of_sick_leave,
    beyond_the_limit,
    cheaper,
    entry_without_a_yes,
    health_among_answers,
    hidden_answer,
    less_insured,
    other_frequency,
    other_height,
    other_output,
    removed_row,
    shares_of_99_99,
    smaller_tier,
    unanswered,
    yes_without_an_entry,
)
from tests.endpoint.made_up import Desk, Revision, family

Change = Callable[[Revision], Revision]


def evaluated(endpoint: Endpoint, desk: Desk, envelope: Envelope) -> DocumentFacts:
    """The facts after the evaluation of one operation."""
    desk.push(envelope)
    assert endpoint.evaluate_waiting() == 1
    (facts,) = (each for each in desk.pull().documents if each.document == envelope.document)
    return facts


def never_goes(endpoint: Endpoint) -> bool:
    """Whether an export now takes nothing and leaves the document behind."""
    run = endpoint.run_export()
    return (run.count, run.left_behind) == (0, 1)


def test_what_a_desk_evaluated_stands(endpoint: Endpoint, alena: Desk) -> None:
    facts = evaluated(endpoint, alena, alena.completion())
    assert (facts.returned, facts.returned_at) == (None, None)
    assert facts.evaluated_at is not None
    assert endpoint.evaluate_waiting() == 0


def test_the_date_is_that_of_the_receipt_not_of_the_evaluation(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion())
    with clock.moved_to(NOON + timedelta(days=400)):
        endpoint.evaluate_waiting()
    assert alena.pull().documents[0].returned is None


def test_health_is_sealed_once_for_the_core_system(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    evaluated(endpoint, alena, offer)
    run = endpoint.run_export()
    line = json.loads((endpoint.parts.layout.exports / f"{run.key}.jsonl").read_text(encoding="utf-8"))
    key = (endpoint.parts.layout.keys / CORE_PRIVATE).read_bytes()
    health = open_sealed(key, line["health"], health_context(offer.document, 1))
    assert offer.completion is not None
    assert digest_of(health) == offer.completion.health_digest
    assert json.loads(health)["values"] == family(NOON.date()).health


@pytest.mark.parametrize("change", [cheaper, other_output, other_frequency, less_insured])
def test_a_premium_that_differs_comes_back_with_both_amounts(endpoint: Endpoint, alena: Desk, change: Change) -> None:
    honest = family(NOON.date())
    tampered = change(honest)
    facts = evaluated(endpoint, alena, alena.completion(tampered))
    assert facts.returned is not None
    assert facts.returned.code == "evaluation_differs"
    assert facts.returned.facts["ours"] == tampered.premium.total_instalment
    assert (facts.returned.facts["theirs"] == honest.premium.total_instalment) is (change is not less_insured)
    assert never_goes(endpoint)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (smaller_tier, HEALTH),
        (yes_without_an_entry, HEALTH),
        (entry_without_a_yes, "odpovědi neodpovídají pravidlům formuláře."),
        (other_height, HEALTH),
        (shares_of_99_99, "„Podíl“."),
        (beneficiary_of_sick_leave, "„Příjmení“."),
        (beneficiary_of_her_own_death, "„Příjmení“."),
        (unanswered, "„Příjmení“."),
        (beyond_the_limit, "pojistné nelze v pojišťovně spočítat."),
        (hidden_answer, "odpovědi neodpovídají pravidlům formuláře."),
        (removed_row, "pojistné nelze v pojišťovně spočítat."),
        (health_among_answers, "odpovědi neodpovídají pravidlům formuláře."),
    ],
)
def test_what_breaks_the_rules_of_the_form_comes_back(
    endpoint: Endpoint, alena: Desk, change: Change, problem: str
) -> None:
    facts = evaluated(endpoint, alena, alena.completion(change(family(NOON.date()))))
    assert facts.returned is not None
    assert (facts.returned.code, facts.returned.facts["problem"]) == ("evaluation_incomplete", problem)
    assert never_goes(endpoint)


def test_of_health_the_reason_says_only_that_it_is_health(endpoint: Endpoint, alena: Desk) -> None:
    honest = family(NOON.date())
    health = duplicate(honest.health)
    del health["persons"][0]["height_cm"]
    facts = evaluated(endpoint, alena, alena.completion(replace(honest, health=health)))
    assert facts.returned is not None
    assert facts.returned.facts["problem"] == "zdravotní údaje jedné z osob."


def test_a_refusal_that_follows_from_health_does_not_say_so(endpoint: Endpoint, alena: Desk) -> None:
    honest = family(NOON.date())
    health = duplicate(honest.health)
    health["persons"][0] |= {"weight_kg": 290, "z01_weight_kg": 290}
    facts = evaluated(endpoint, alena, alena.completion(replace(honest, health=health)))
    assert facts.returned is not None
    assert facts.returned.facts in (
        {"problem": judgement._PRICING[0], "problem_en": judgement._PRICING[1]},
        {"theirs": facts.returned.facts.get("theirs"), "ours": honest.premium.total_instalment},
    )


def sealed_for_another(offer: Envelope) -> Envelope:
    assert offer.completion is not None
    other = seal_to(bytes([9] + [0] * 31), "{}", b"")
    return replace(offer, completion=replace(offer.completion, sealed_health=other))


def of_another_revision(offer: Envelope) -> Envelope:
    return replace(offer, revision=7)


def not_base64(offer: Envelope) -> Envelope:
    assert offer.completion is not None
    return replace(offer, completion=replace(offer.completion, sealed_health="…"))


@pytest.mark.parametrize("change", [sealed_for_another, of_another_revision, not_base64])
def test_health_that_does_not_open_comes_back(
    endpoint: Endpoint, alena: Desk, change: Callable[[Envelope], Envelope]
) -> None:
    facts = evaluated(endpoint, alena, change(alena.completion()))
    assert facts.returned is not None
    assert facts.returned.code == "evaluation_impossible"
    assert facts.returned.facts == {"version": "flexi-offer 1, flexi-demo 2026.1"}
    assert never_goes(endpoint)


def test_health_of_another_digest_comes_back(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    assert offer.completion is not None
    context = health_context(offer.document, 1)
    health = family(NOON.date()).completion(offer.document, 1, alena.intake_key)
    swapped = replace(offer.completion, sealed_health=health.sealed_health)
    assert open_sealed(endpoint.parts.keys.intake_private, swapped.sealed_health, context)
    facts = evaluated(endpoint, alena, replace(offer, completion=swapped))
    assert facts.returned is not None
    assert facts.returned.code == "evaluation_impossible"


VERSIONS: list[dict[str, Any]] = [
    {"form": Pinned("flexi-offer", "99")},
    {"calculation": Pinned("flexi-demo", "1999.1")},
    {"form": Pinned("../../keys", "1")},
    {"form": Pinned("flexi-offer", "../1")},
    {"calculation": Pinned("", "")},
    {"calculation": Pinned("\x00", "1")},
]


def test_a_version_that_is_not_here_comes_back(endpoint: Endpoint, alena: Desk) -> None:
    honest = family(NOON.date())
    alena.push(*(alena.completion(replace(honest, **version)) for version in VERSIONS))
    assert endpoint.evaluate_waiting() == len(VERSIONS)
    codes = [facts.returned and facts.returned.code for facts in alena.pull().documents]
    assert codes == ["evaluation_impossible"] * len(VERSIONS)


HOSTILE: list[dict[str, Any]] = [
    {},
    {"persons": None},
    {"persons": [1]},
    {"persons": [{}]},
    {"persons": [{"_id": "p1"}, {"_id": "p1"}]},
    {"persons": [{"_id": "p1", "coverages": [{"_id": 3}]}]},
    {"persons": [{"_id": "p1", "first_name": {"raw": "x"}}]},
    {"persons": [{"_id": "p1", "first_name": ["x"]}]},
    {"policyholder": []},
    {"policyholder": {"last_name": None}},
    {"unknown": {}},
    {"policyholder": {"unknown": 1}},
]


def test_answers_that_are_no_answers_come_back_and_stop_nobody(endpoint: Endpoint, alena: Desk) -> None:
    honest = family(NOON.date())
    hostile = [alena.completion(replace(honest, answers=answers)) for answers in HOSTILE]
    good = alena.completion()
    alena.push(*hostile, good)
    assert endpoint.evaluate_waiting() == len(HOSTILE) + 1
    found = {facts.document: facts.returned for facts in alena.pull().documents}
    assert found.pop(good.document) is None
    codes = {returned.code if returned else None for returned in found.values()}
    assert codes == {"evaluation_impossible", "evaluation_incomplete"}


def test_what_cannot_be_evaluated_now_waits_and_is_evaluated_later(
    endpoint: Endpoint, alena: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_args: object) -> None:
        raise CalculationUnavailable("no worker")

    alena.push(alena.completion())
    with monkeypatch.context() as patched:
        patched.setattr("endpoint.evaluation.evaluator.judge", unavailable)
        assert endpoint.evaluate_waiting() == 0
    assert alena.pull().documents[0].returned is None
    assert endpoint.evaluate_waiting() == 1


@pytest.mark.parametrize("failure", [DeadlineExceeded("late"), ZeroDivisionError()])
def test_a_revision_that_breaks_its_evaluation_comes_back_alone(
    endpoint: Endpoint, alena: Desk, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_args: object) -> None:
        raise failure

    bad = alena.completion()
    alena.push(bad)
    with monkeypatch.context() as patched:
        patched.setattr("endpoint.evaluation.evaluator.judge", fail)
        endpoint.evaluate_waiting()
    facts = alena.pull().documents[0]
    assert facts.returned is not None
    assert facts.returned.code == "evaluation_impossible"
    assert evaluated(endpoint, alena, alena.completion()).returned is None


def test_a_corrected_revision_goes(endpoint: Endpoint, alena: Desk) -> None:
    wrong = alena.completion(cheaper(family(NOON.date())))
    evaluated(endpoint, alena, wrong)
    facts = evaluated(endpoint, alena, alena.next_revision(wrong))
    assert (facts.returned, facts.revision) == (None, 2)
    assert endpoint.run_export().count == 1


def test_only_the_newest_revision_is_evaluated(endpoint: Endpoint, alena: Desk) -> None:
    first = alena.completion(cheaper(family(NOON.date())))
    alena.push(first)
    alena.push(alena.next_revision(first))
    assert endpoint.evaluate_waiting() == 1
    assert alena.pull().documents[0].returned is None


def test_a_cancelled_document_is_not_evaluated(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    alena.push(alena.cancellation(offer))
    assert endpoint.evaluate_waiting() == 0
