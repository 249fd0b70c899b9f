"""Answers of an offer as a changed desk could send them: each breaks one rule of its form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from localapp.domain.forms.answers import duplicate
from tests.endpoint.made_up import Revision


def with_answers(revision: Revision, change: Callable[[dict[str, Any]], None]) -> Revision:
    answers = duplicate(revision.answers)
    change(answers)
    return replace(revision, answers=answers)


def with_health(revision: Revision, change: Callable[[dict[str, Any]], object]) -> Revision:
    health = duplicate(revision.health)
    change(health["persons"][0])
    return replace(revision, health=health)


def cheaper(revision: Revision) -> Revision:
    return replace(revision, premium=replace(revision.premium, total_instalment="1.00"))


def other_output(revision: Revision) -> Revision:
    return replace(revision, premium=replace(revision.premium, output_digest="0" * 64))


def other_frequency(revision: Revision) -> Revision:
    return replace(revision, premium=replace(revision.premium, payments_per_year=1))


def less_insured(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        answers["persons"][0]["coverages"][0]["sum_insured"] = 1_400_000

    return with_answers(revision, change)


def unanswered(revision: Revision) -> Revision:
    return with_answers(revision, lambda answers: answers["policyholder"].pop("last_name"))


def beyond_the_limit(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        answers["persons"][0]["coverages"][0]["sum_insured"] = 10**9

    return with_answers(revision, change)


def hidden_answer(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        answers["persons"][2]["net_monthly_income"] = 1_000  # a child has no income

    return with_answers(revision, change)


def removed_row(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        answers["persons"][1]["coverages"].append({**answers["persons"][1]["coverages"][0], "_id": "c9"})

    return with_answers(revision, change)


def health_among_answers(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        answers["persons"][0]["smoker"] = False

    return with_health(with_answers(revision, change), lambda person: person.pop("smoker"))


def shares_of_99_99(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        answers["persons"][0]["coverages"][0]["beneficiaries"][1]["share"] = 3332

    return with_answers(revision, change)


def beneficiary_of_sick_leave(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        coverages = answers["persons"][0]["coverages"]
        coverages[4]["beneficiaries"] = coverages[0].pop("beneficiaries")
        coverages[0]["beneficiaries"] = []

    return with_answers(revision, change)


def beneficiary_of_her_own_death(revision: Revision) -> Revision:
    def change(answers: dict[str, Any]) -> None:
        person = answers["persons"][0]
        named = person["coverages"][0]["beneficiaries"][0]
        named |= {name: person[name] for name in ("last_name", "first_name", "birth_date")}

    return with_answers(revision, change)


def smaller_tier(revision: Revision) -> Revision:
    """A desk that says a declaration is enough and leaves the questions out."""

    def declare(answers: dict[str, Any]) -> None:
        answers["persons"][0]["health_tier"] = 0

    def forget(person: dict[str, Any]) -> None:
        for name in [name for name in person if name.startswith("z")]:
            del person[name]

    return with_health(with_answers(revision, declare), forget)


def yes_without_an_entry(revision: Revision) -> Revision:
    return with_health(revision, lambda person: person.update(z05=True))


def entry_without_a_yes(revision: Revision) -> Revision:
    entry = {"_id": "f1", "question": "z05", "diagnosis": "x", "since": "2020", "treatment": "x", "doctor": "x"}
    return with_health(revision, lambda person: person.update(findings=[entry]))


def other_height(revision: Revision) -> Revision:
    return with_health(revision, lambda person: person.update(z01_height_cm=186))


HEALTH = "zdravotní údaje jedné z osob."
