"""Předvyplnit do nabídky: every answer of an illustration stands in the offer, and nothing else does."""

from datetime import timedelta

from localapp import paths
from localapp.domain.forms.answers import Tree
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.editing import empty_answers, type_in
from localapp.domain.forms.parser import parse_form
from localapp.domain.forms.prefilling import prefilled_answers
from tests.domain.forms.made_up import TODAY


def sold(name: str) -> FormDefinition:
    path = paths.components() / "forms" / name / "1" / "form.json"
    return parse_form(path.read_text(encoding="utf-8"), path.name)


OFFER, ILLUSTRATION = sold("flexi-offer"), sold("flexi-illustration")


def illustrated(**more: str) -> Tree:
    """The answers of an illustration, with these typed besides."""
    typed = {"policyholder.last_name": "Příhodová", "persons[p1].height_cm": "168", "policy.policy_term": "dlouho"}
    typed["persons[p1].coverages[c1].sum_insured"] = "1,5m"
    typed |= {name.replace("__", "."): text for name, text in more.items()}
    tree = empty_answers(ILLUSTRATION, TODAY)
    return type_in(ILLUSTRATION, tree, typed, today=TODAY, catalogues={}).tree


def test_every_field_of_an_illustration_has_its_place_in_the_offer() -> None:
    for section in ILLUSTRATION.sections:
        own = OFFER.section(section.id)
        assert own is not None
        assert {field.id for field in section.fields} <= {field.id for field in own.fields}
    for group_id, group in ILLUSTRATION.all_groups():
        target = OFFER.group(group_id)
        assert target is not None
        assert {field.id for field in group.fields} <= {field.id for field in target.fields}


def test_the_answers_come_along_with_what_could_not_be_read_and_the_rest_starts_as_in_a_new_offer() -> None:
    found = prefilled_answers(ILLUSTRATION, illustrated(), OFFER, TODAY)
    assert found["policyholder"]["last_name"] == "Příhodová"
    assert found["policy"]["policy_term"] == {"raw": "dlouho"}
    (person,) = found["persons"]
    assert (person["height_cm"], person["coverages"][0]["sum_insured"]) == (168, 1_500_000)
    assert person["findings"] == []
    assert person["coverages"][0]["beneficiaries"] == []
    new = empty_answers(OFFER, TODAY)
    assert found["policyholder"] == new["policyholder"] | {"last_name": "Příhodová"}


def test_a_removed_person_stays_behind() -> None:
    tree = illustrated()
    tree["persons"].append({"_id": "p2", "role": "child", "coverages": [], "_removed": "2026-11-25"})
    found = prefilled_answers(ILLUSTRATION, tree, OFFER, TODAY)
    assert [person["_id"] for person in found["persons"]] == ["p1"]


def test_the_start_comes_along_while_it_lies_ahead() -> None:
    ahead, passed = TODAY + timedelta(days=40), TODAY
    for day, expected in ((ahead, ahead.isoformat()), (passed, empty_answers(OFFER, TODAY)["policy"]["start_date"])):
        tree = illustrated(policy__start_date=day.isoformat())
        assert prefilled_answers(ILLUSTRATION, tree, OFFER, TODAY)["policy"]["start_date"] == expected
