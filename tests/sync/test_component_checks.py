"""Checks that cannot be made: a worker that does not start is no verdict, a program that does not end is one."""

import pytest

from localapp.calculation.failures import CalculationUnavailable, DeadlineExceeded
from localapp.calculation.sandbox import Sandbox
from localapp.contacts import contacts
from localapp.domain.sync.refusals import REFUSALS
from localapp.sync.components import Components
from tests.sync.component_insurer import (
    ALL,
    CALC,
    FORM,
    ILLUSTRATION,
    LIBRARY,
    NEXT_LIBRARY,
    OFFER,
    Insurer,
    Served,
    with_body,
    wrong_library,
)


def test_without_a_worker_nothing_is_activated_and_nothing_is_remembered_against_it(
    components: Components, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object) -> None:
        raise CalculationUnavailable("no process can be started")

    with monkeypatch.context() as patch:
        patch.setattr(Sandbox, "load", unavailable)
        report = components.update(served)
    assert [(each.component, each.refusal and each.refusal.code) for each in report.refused] == [
        (LIBRARY, "component_unusable"),
        (ILLUSTRATION, "component_unusable"),
        (OFFER, "component_unusable"),
    ]
    assert components.state.refused == {}
    assert components.active(CALC) == {}
    assert components.update(served).installed == ALL


def test_a_worker_that_is_lost_among_the_golden_cases_does_not_make_them_wrong(
    components: Components, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> str:
        raise CalculationUnavailable("no process can be started")

    with monkeypatch.context() as patch:
        patch.setattr(Sandbox, "call", lost)
        report = components.update(served)
    assert [each.refusal.code for each in report.refused if each.refusal] == ["component_unusable"]
    assert components.state.refused == {}


def test_a_program_that_does_not_end_is_refused_and_remembered(
    components: Components, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object) -> None:
        raise DeadlineExceeded("form:flexi-offer:1: did not end within its limit")

    monkeypatch.setattr(Sandbox, "load", late)
    report = components.update(served)
    assert [each.refusal.code for each in report.refused if each.refusal] == ["component_unusable"] * 3
    assert set(components.state.refused) == set(ALL)
    assert components.active(FORM) == {}


def test_every_sentence_of_components_takes_the_facts_that_are_given(
    components: Components, served: Served, insurer: Insurer
) -> None:
    insurer.publish_unchecked(NEXT_LIBRARY, wrong_library(insurer))
    served.changes["/targets/forms/"] = with_body(lambda body: body[:-1])
    refusals = [each.refusal for each in components.update(served).refused if each.refusal]
    assert sorted(each.code for each in refusals) == ["component_golden_failed", *["component_wrong_hash"] * 2]
    for refusal in refusals:
        for language in ("cs", "en"):
            sentence = REFUSALS[refusal.code][language].format(**refusal.facts, **contacts(language))
            assert refusal.facts["component"] in sentence
