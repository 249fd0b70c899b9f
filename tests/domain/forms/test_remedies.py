"""What a library offers against a problem is carried out on the answers, whole or not at all."""

from collections.abc import Mapping
from typing import Any

import pytest

from localapp.domain.forms.answers import Tree, UnknownPath, kept_rows
from localapp.domain.forms.calculation_input import CalculationInput, calculation_input
from localapp.domain.forms.editing import Changed, RowLimit, add_row, empty_answers
from localapp.domain.forms.remedies import carry_out, path_of
from tests.domain.forms.conftest import Evaluate
from tests.domain.forms.made_up import TODAY
from tests.domain.forms.typing_in import FORM

AT = "2026-11-25T12:00:00Z"
Change = Mapping[str, Any]


def family() -> Tree:
    """Alena with two coverages, her child, and three extra premiums."""
    tree = empty_answers(FORM, TODAY)
    tree["people"][0]["covers"][0]["amount"] = 1_000_000
    tree = add_row(FORM, tree, "people[p1].covers", {"code": "U", "amount": 5000, "years": 20}, None)[0].tree
    tree = add_row(FORM, tree, "people", {"role": "child", "name": "Bořek"}, None)[0].tree
    for month, amount in ((0, 500), (12, 9000), (400, 9000)):
        tree = add_row(FORM, tree, "extras", {"month": month, "amount": amount}, None)[0].tree
    return tree


def mapped(evaluated: Evaluate) -> CalculationInput:
    return calculation_input(FORM, evaluated(family()))


def mended(evaluated: Evaluate, *changes: Change) -> Changed:
    evaluation = evaluated(family())
    return carry_out(FORM, family(), changes, calculation_input(FORM, evaluation), evaluation, AT)


def extras(tree: Tree) -> list[tuple[str, int, int]]:
    return [(row["_id"], row["month"], row["amount"]) for row in kept_rows(tree, "extras")]


def test_a_term_is_set_on_its_line(evaluated: Evaluate) -> None:
    done = mended(evaluated, {"op": "set", "target": "line", "person": "D1", "line": 1, "field": "years", "value": 10})
    assert done.tree["people"][0]["covers"][1]["years"] == 10
    assert [change.path for change in done.changes] == ["people[p1].covers[c2].years"]


def test_a_person_s_and_a_policy_s_answer_is_set(evaluated: Evaluate) -> None:
    done = mended(
        evaluated,
        {"op": "set", "target": "person", "person": "C1", "field": "born", "value": "2020-01-01"},
        {"op": "set", "target": "policy", "field": "term", "value": 20},
        {"op": "set", "target": "investment", "field": "regular", "value": None},
    )
    assert done.tree["people"][1]["born"] == "2020-01-01"
    assert done.tree["policy"]["term"] == 20
    assert "regular" not in done.tree["policy"]
    assert len(done.changes) == 3


def test_lines_and_persons_are_added_and_removed(evaluated: Evaluate) -> None:
    done = mended(
        evaluated,
        {"op": "remove", "target": "line", "person": "D1", "line": 1},
        {"op": "remove", "target": "line", "person": "D1", "line": 0},
        {"op": "add", "target": "line", "person": "D1", "value": {"code": "S", "amount": 10_000, "years": 5}},
        {"op": "remove", "target": "person", "person": "C1"},
    )
    rows = kept_rows(done.tree["people"][0], "covers")
    assert [(row["_id"], row["code"], row["pattern"]) for row in rows] == [("c3", "S", "level")]
    assert done.tree["people"][0]["covers"][0]["_removed"] == AT
    assert [row["_id"] for row in kept_rows(done.tree, "people")] == ["p1"]
    assert len(done.changes) == 4


def test_mended_extra_premiums_keep_their_rows(evaluated: Evaluate) -> None:
    wanted = [{"month": 0, "amount": 1000}, {"month": 12, "amount": 9000}, {"month": 359, "amount": 9000}]
    done = mended(evaluated, {"op": "set", "target": "investment", "field": "extra", "value": wanted})
    assert extras(done.tree) == [("e1", 0, 1000), ("e2", 12, 9000), ("e3", 359, 9000)]
    assert len(done.changes) == 2


def test_dropped_extra_premiums_are_removed_rows_and_the_others_stay(evaluated: Evaluate) -> None:
    wanted = [{"month": 12, "amount": 9000}]
    done = mended(evaluated, {"op": "set", "target": "investment", "field": "extra", "value": wanted})
    assert extras(done.tree) == [("e2", 12, 9000)]
    assert [row["_id"] for row in done.tree["extras"]] == ["e1", "e2", "e3"]
    none = mended(evaluated, {"op": "set", "target": "investment", "field": "extra", "value": []})
    assert extras(none.tree) == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"op": "set", "target": "policy", "field": "nobody", "value": 1}, UnknownPath),
        ({"op": "set", "target": "line", "person": "D1", "line": 9, "field": "years", "value": 1}, UnknownPath),
        ({"op": "set", "target": "line", "person": "D1", "line": 0, "field": "nobody", "value": 1}, UnknownPath),
        ({"op": "burn", "target": "policy"}, UnknownPath),
    ],
)
def test_a_remedy_for_what_the_form_does_not_have_changes_nothing(
    evaluated: Evaluate, change: Change, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        mended(evaluated, {"op": "remove", "target": "person", "person": "C1"}, change)


def test_a_remedy_respects_the_number_of_rows(evaluated: Evaluate) -> None:
    line = {"op": "add", "target": "line", "person": "D1", "value": {"code": "S"}}
    with pytest.raises(RowLimit, match="too_many_rows"):
        mended(evaluated, line)


def test_a_problem_s_place_is_a_field_a_row_or_its_own_name(evaluated: Evaluate) -> None:
    found = mapped(evaluated)
    assert path_of(found, "D1", 1, "years") == "people[p1].covers[c2].years"
    assert path_of(found, "C1", None, "born") == "people[p2].born"
    assert path_of(found, None, None, "term") == "policy.term"
    assert path_of(found, None, None, "regular") == "policy.regular"
    assert path_of(found, None, None, "extra") == "extras"
    assert path_of(found, None, None, "premium") == "premium"
    with pytest.raises(UnknownPath):
        path_of(found, "D2", None, "born")
