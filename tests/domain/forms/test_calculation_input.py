"""The answers that count become the input of the calculation library, and its places lead back to the fields."""

from typing import Any

from hypothesis import given, settings

from localapp.domain.forms.answers import Tree
from localapp.domain.forms.calculation_input import CalculationInput, calculation_input
from localapp.domain.forms.editing import add_row, empty_answers, remove_row, set_value, type_in
from localapp.domain.forms.evaluator import Evaluation, evaluate
from tests.domain.forms.conftest import Evaluate, EvaluateAs
from tests.domain.forms.made_up import CATALOGUES, TODAY, made_up, parts
from tests.domain.forms.typing_in import FORM, documents


def mapped(evaluation: Evaluation) -> CalculationInput:
    return calculation_input(FORM, evaluation)


def filled() -> Tree:
    """Alena with one coverage, her child without any."""
    tree = empty_answers(FORM, TODAY)
    texts = {
        "client.last_name": "Nová",
        "client.birth_date": "1. 5. 1990",
        "people[p1].born": "1. 5. 1990",
        "people[p1].covers[c1].amount": "1m",
    }
    tree = type_in(FORM, tree, texts, today=TODAY, catalogues=CATALOGUES).tree
    return add_row(FORM, tree, "people", {"role": "child", "name": "Bořek", "smoker": True}, None)[0].tree


def test_a_filled_form_is_the_whole_input(evaluated: Evaluate) -> None:
    found = mapped(evaluated(filled()))
    line = {"code": "S", "amount": 1_000_000, "years": 20, "pattern": "level"}
    alena = {"id": "D1", "role": "adult", "born": "1990-05-01", "smoker": False, "coverages": [line]}
    assert found.input == {
        "tariff": "MADE-UP",
        "start": "2026-12-01",
        "term": 30,
        "persons": [alena, {"id": "C1", "role": "child", "coverages": []}],
        "investment": {"regular": 0, "extra": []},
    }
    assert (found.usable, found.incomplete) == (True, [])


def test_every_place_of_the_input_leads_back_to_the_form(evaluated: Evaluate) -> None:
    found = mapped(evaluated(filled()))
    assert found.rows == {"D1": "people[p1]", "C1": "people[p2]", ("D1", 0): "people[p1].covers[c1]"}
    assert found.fields == {
        "start": "policy.start",
        "term": "policy.term",
        "persons": "people",
        "persons.coverages": "covers",
        "investment.regular": "policy.regular",
        "investment.extra": "extras",
    }


def test_an_unanswered_field_has_its_default_or_nothing(evaluated: Evaluate) -> None:
    tree = set_value(FORM, filled(), "policy.regular", None).tree
    assert mapped(evaluated(tree)).input["investment"]["regular"] == 0


def test_hidden_and_unreadable_answers_do_not_travel(evaluated: Evaluate) -> None:
    tree = type_in(FORM, filled(), {"people[p1].born": "dnes"}, today=TODAY, catalogues=CATALOGUES).tree
    found = mapped(evaluated(tree))
    assert "born" not in found.input["persons"][0]
    assert "smoker" not in found.input["persons"][1]
    assert found.incomplete == ["people[p1].born"]


def test_a_line_that_lacks_an_answer_is_left_out_and_the_others_are_judged(evaluated: Evaluate) -> None:
    tree = add_row(FORM, filled(), "people[p1].covers", {"code": "U"}, None)[0].tree
    tree = add_row(FORM, tree, "people[p2].covers", {"code": "S", "amount": 1000, "years": 5}, None)[0].tree
    found = mapped(evaluated(tree))
    assert [len(person["coverages"]) for person in found.input["persons"]] == [1, 1]
    assert found.incomplete == ["people[p1].covers[c2].amount", "people[p1].covers[c2].years"]
    assert found.usable
    assert found.rows["C1", 0] == "people[p2].covers[c1]"
    assert ("D1", 1) not in found.rows


def test_a_person_that_lacks_an_answer_is_left_out_but_never_the_first(evaluate_as: EvaluateAs) -> None:
    form = made_up(lambda it: parts(it)["born"].update(required=True))
    tree = filled()
    found = calculation_input(form, evaluate_as(form, tree))
    assert [person["id"] for person in found.input["persons"]] == ["D1"]
    assert (found.usable, found.incomplete) == (True, ["people[p2].born"])
    assert found.rows["C1"] == "people[p2]"
    tree = set_value(FORM, tree, "people[p1].born", None).tree
    assert not calculation_input(form, evaluate_as(form, tree)).usable


def test_without_an_answer_outside_the_rows_there_is_no_use_in_asking(evaluated: Evaluate) -> None:
    found = mapped(evaluated(set_value(FORM, filled(), "policy.term", None).tree))
    assert (found.usable, found.incomplete) == (False, ["policy.term"])


def test_a_value_outside_its_limits_hinders_the_premium_but_is_judged(evaluated: Evaluate) -> None:
    found = mapped(evaluated(set_value(FORM, filled(), "policy.term", 99).tree))
    assert (found.usable, found.incomplete, found.input["term"]) == (True, ["policy.term"], 99)


def test_a_removed_row_does_not_travel(evaluated: Evaluate) -> None:
    found = mapped(evaluated(remove_row(FORM, filled(), "people[p2]", "now").tree))
    assert [person["id"] for person in found.input["persons"]] == ["D1"]


def test_persons_are_numbered_by_their_role_and_an_unknown_role_by_x(evaluated: Evaluate) -> None:
    tree = add_row(FORM, filled(), "people", {}, None)[0].tree
    found = mapped(evaluated(tree))
    assert {key for key in found.rows if isinstance(key, str)} == {"D1", "C1", "X1"}


def test_a_form_without_calculation_has_no_input() -> None:
    form = made_up(lambda it: it.pop("calculation"))
    nothing: dict[str, Any] = {"visible": {}, "required": {}, "computed": {}, "suggested": {}, "checks": []}
    evaluation = evaluate(form, filled(), compute=lambda _: nothing, today=TODAY, catalogues=CATALOGUES)
    found = calculation_input(form, evaluation)
    assert (found.input, found.usable) == ({}, False)


@settings(deadline=None, database=None, max_examples=60)
@given(tree=documents())
def test_every_input_row_knows_its_place(evaluated: Evaluate, tree: Tree) -> None:
    evaluation = evaluated(tree)
    found = mapped(evaluation)
    for person in found.input["persons"]:
        assert f"{found.rows[person['id']]}.role" in evaluation.fields
        for number, line in enumerate(person["coverages"]):
            assert evaluation.value(f"{found.rows[person['id'], number]}.code") == line["code"]
    assert set(found.incomplete) <= set(evaluation.fields)
