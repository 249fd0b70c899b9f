"""A form is evaluated into what the page shows: values, what is hidden, required, computed and wrong."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from localapp.domain.forms.answers import Tree
from localapp.domain.forms.editing import add_row, empty_answers, final_answers, remove_row, type_in
from localapp.domain.forms.evaluator import Evaluation, FieldState, Problem, evaluate
from tests.domain.forms.conftest import Evaluate, EvaluateAs
from tests.domain.forms.made_up import CATALOGUES, TODAY, Json, check, field, label, made_up, parts
from tests.domain.forms.typing_in import FORM, documents

NOTHING: dict[str, Any] = {"visible": {}, "required": {}, "computed": {}, "suggested": {}, "checks": []}


def told(tree: Tree, **results: Any) -> Evaluation:  # noqa: ANN401 - results of expressions
    """The evaluation when the expressions have these results."""
    return evaluate(FORM, tree, compute=lambda _: NOTHING | results, today=TODAY, catalogues=CATALOGUES)


def typed(tree: Tree, texts: Mapping[str, str]) -> Tree:
    return type_in(FORM, tree, texts, today=TODAY, catalogues=CATALOGUES).tree


def new() -> Tree:
    return empty_answers(FORM, TODAY)


def test_fields_stand_in_the_order_of_the_form() -> None:
    paths = list(told(new()).fields)
    assert paths[0] == "client.last_name"
    assert paths.index("policy.regular") < paths.index("people[p1].role") < paths.index("people[p1].covers[c1].code")
    assert told(new()).fields["people[p1].covers[c1].code"].home == "people.covers"


def test_the_expressions_are_asked_once_with_every_value_by_name() -> None:
    asked: list[dict[str, Any]] = []

    def compute(context: dict[str, Any]) -> Mapping[str, Any]:
        asked.append(context)
        return NOTHING

    tree = typed(new(), {"policy.term": "třicet", "client.weight": "70"})
    evaluate(FORM, tree, compute=compute, today=TODAY, catalogues=CATALOGUES)
    context = asked.pop()
    assert asked == []
    assert context["today"] == "2026-11-25"
    assert context["policy"] == {"start": "2026-12-01", "term": None, "loan": False, "rate": None, "regular": 0}
    assert context["client"]["weight"] == 70
    row = context["people"][0]
    assert (row["_id"], row["_number"], row["role"], row["covers"][0]["_number"]) == ("p1", 1, "adult", 1)
    assert "insured" not in context


def test_rows_are_numbered_without_the_removed_ones(evaluated: Evaluate) -> None:
    tree = typed(add_row(FORM, new(), "people", {"role": "child"}, None)[0].tree, {"client.last_name": "Nová"})
    tree = remove_row(FORM, tree, "people[p1]", "now").tree
    found = evaluated(tree)
    assert found.value("people[p2].name") == "Nová"
    assert not any(path.startswith("people[p1]") for path in found.fields)


def test_what_a_form_is_asked_leaves_the_answers_as_they_are() -> None:
    tree: Tree = {}
    told(tree)
    assert tree == {}


def test_a_hidden_field_has_no_value_no_problem_and_is_not_missed() -> None:
    tree = typed(new(), {"policy.rate": "vysoký"})
    shown = told(tree)
    assert [problem.path for problem in shown.problems()] == ["policy.rate"]
    hidden = told(typed(new(), {"policy.rate": "4,5"}), visible={"policy.rate": False})
    assert hidden.value("policy.rate") is None
    assert hidden.fields["policy.rate"].value == "4.5"
    assert not told(tree, visible={"policy.rate": False}).problems()
    assert "policy.rate" not in {state.path for state in told(new(), visible={"policy.rate": False}).missing()}


def test_a_required_field_is_missing_until_something_is_typed() -> None:
    assert {state.path for state in told(new()).missing("client")} == {"client.last_name", "client.birth_date"}
    wrong = told(typed(new(), {"client.birth_date": "zítra", "client.last_name": "Nová"}))
    assert wrong.missing("client") == []
    assert wrong.fields["client.birth_date"].lacks_value
    assert wrong.fields["client.birth_date"].raw == "zítra"
    assert [problem.code for problem in wrong.problems()] == ["date_unreadable"]
    assert len(wrong.missing()) > len(wrong.missing("client"))


def test_a_rule_can_make_a_field_required() -> None:
    path = "people[p1].covers[c1].loading"
    assert not told(new()).fields[path].required
    assert told(new(), required={path: True}).fields[path].is_missing
    assert not told(new(), required={"client.last_name": False}).fields["client.email"].required
    assert told(new(), required={"client.last_name": False}).fields["client.last_name"].required


def test_a_computed_value_replaces_what_was_typed_and_its_problems() -> None:
    tree = typed(new(), {"client.birth_date": "zítra"})
    found = told(tree, computed={"client.birth_date": "1990-05-01"})
    state = found.fields["client.birth_date"]
    assert (state.value, state.raw, state.computed, state.problems) == ("1990-05-01", None, True, ())
    assert found.value("client.birth_date") == "1990-05-01"
    nothing = told(tree, computed={"client.birth_date": None}).fields["client.birth_date"]
    assert (nothing.lacks_value, nothing.is_missing) == (True, False)


def test_a_failed_check_is_told_at_its_field_with_its_own_words() -> None:
    found = told(new(), checks=[["start_passed", "policy.start", {"days": 3}], ["too_old", "people[p1].born", {}]])
    assert found.problems() == [Problem("start_passed", "policy.start", "error", {"days": 3}, label("start_passed"))]
    assert [problem.code for problem in found.problems("warning")] == ["too_old"]
    assert found.fields["people[p1].born"].problems_that_hinder == ()
    assert len(found.fields["policy.start"].problems_that_hinder) == 1


def test_a_problem_names_the_value_and_the_limit() -> None:
    found = told(typed(new(), {"policy.term": "99", "client.phone": "123"}))
    assert [(problem.code, dict(problem.facts)) for problem in found.problems()] == [
        ("phone_invalid", {"typed": "123"}),
        ("value_too_large", {"value": 99, "limit": 60}),
    ]
    assert found.value("policy.term") == 99


def test_an_answer_is_judged_by_the_present_options_of_its_row() -> None:
    tree = new()
    tree["people"][0]["covers"][0]["pattern"] = "annuity"
    state = told(tree).fields["people[p1].covers[c1].pattern"]
    assert (state.raw, state.value, [problem.code for problem in state.problems]) == (
        "annuity",
        None,
        ["choice_unknown"],
    )
    assert [option.value for option in state.options] == ["level", "linear"]


@pytest.mark.parametrize(
    "stored", [["x"], {}, {"raw": 5}, {"raw": None}, 10**40, "9" * 500, True, "\x00", {"a": {"raw": 1}}]
)
def test_stored_junk_never_makes_a_form_fail(evaluated: Evaluate, stored: object) -> None:
    tree = new()
    tree["policy"]["term"] = stored
    tree["client"] = {"last_name": stored, "weight": stored}
    found = evaluated(tree)
    assert found.value("policy.term") is None or isinstance(found.value("policy.term"), int)


def test_a_path_that_is_not_there_has_no_value() -> None:
    assert told(new()).value("people[p9].name") is None


def test_a_state_by_itself_is_visible_optional_and_empty() -> None:
    state = FieldState("client.email", FORM.sections[0].fields[4], "client")
    assert (state.visible, state.required, state.is_missing, state.problems_that_hinder) == (True, False, False, ())


def test_rules_are_settled_before_what_reads_them_wherever_they_stand(evaluate_as: EvaluateAs) -> None:
    """A section's rule reads a later group's computed value; the row's own rule reads a later field."""

    def turn_round(it: dict[str, Any]) -> None:
        parts(it)["remark"].update(computed="total([p.age for p in people])")
        parts(it)["email"].update(visible_if="any([p.age > 17 for p in people])")
        parts(it)["name"].update(computed="row.illness", computed_if="True")
        parts(it)["illness"].update(visible_if="row.role == 'child'")

    tree: Tree = {"client": {"email": "a@b.cz"}, "policy": {"start": "2026-12-01"}, "people": []}
    tree["people"] = [
        {"_id": "p1", "role": "adult", "born": "1990-05-01", "illness": "astma", "covers": []},
        {"_id": "p2", "role": "child", "born": "2020-05-01", "illness": "rýma", "covers": []},
    ]
    found = evaluate_as(made_up(turn_round), tree)
    assert found.value("client.remark") == 42
    assert found.value("client.email") == "a@b.cz"
    assert [found.value(f"people[{row}].name") for row in ("p1", "p2")] == [None, "rýma"]


def test_what_is_hidden_counts_for_no_rule(evaluate_as: EvaluateAs) -> None:
    def add(it: dict[str, Any]) -> None:
        it["checks"].append(check("expensive", "policy.rate != '0'", "policy.term"))
        parts(it)["email"].update(required_if="answered(policy.rate)")

    form = made_up(add)
    tree: Tree = {"client": {}, "policy": {"loan": False, "rate": "4.5"}, "people": [], "extras": []}
    assert not evaluate_as(form, tree).problems()
    assert not evaluate_as(form, tree).fields["client.email"].required
    tree["policy"]["loan"] = True
    assert [problem.code for problem in evaluate_as(form, tree).problems()] == ["expensive"]
    assert evaluate_as(form, tree).fields["client.email"].required


def test_a_rule_over_rows_sees_every_row_settled(evaluate_as: EvaluateAs) -> None:
    def add(it: dict[str, Any]) -> None:
        parts(it)["illness"].update(computed="row.name if row.age == max([p.age for p in people]) else 'mladší'")
        parts(it)["loading"].update(visible_if="len([c for c in covers if c.code == row.code]) > 1")

    tree: Tree = {"client": {"last_name": "Nová"}, "policy": {"start": "2026-12-01"}, "extras": []}
    covers = [{"_id": "c1", "code": "S"}, {"_id": "c2", "code": "S"}]
    tree["people"] = [
        {"_id": "p1", "born": "2000-01-01", "covers": covers},
        {"_id": "p2", "name": "Bořek", "born": "1990-01-01", "covers": covers[:1]},
    ]
    found = evaluate_as(made_up(add), tree)
    assert [found.value(f"people[{row}].illness") for row in ("p1", "p2")] == ["mladší", "Bořek"]
    assert found.fields["people[p1].covers[c2].loading"].visible
    assert not found.fields["people[p2].covers[c1].loading"].visible


@settings(deadline=None, database=None, max_examples=60)
@given(tree=documents())
def test_the_same_answers_are_judged_the_same(evaluated: Evaluate, tree: Tree) -> None:
    assert evaluated(tree) == evaluated(tree)
    for path, state in evaluated(tree).fields.items():
        assert state.path == path
        assert (state.raw is None) or (state.value is None and state.problems)


def test_a_check_says_the_facts_of_its_text(evaluate_as: EvaluateAs) -> None:
    def told_with_facts(it: Json) -> None:
        late = check("late", "policy.term > 40", "policy.term")
        it["checks"].append(late | {"facts": {"over": "policy.term - 40", "weight": "client.weight"}})

    found = evaluate_as(made_up(told_with_facts), typed(new(), {"policy.term": "45"}))
    assert [dict(each.facts) for each in found.problems() if each.code == "late"] == [{"over": 5, "weight": None}]


def test_rows_nest_three_deep_and_each_is_judged_in_its_outer_row(evaluate_as: EvaluateAs) -> None:
    def heirs(it: Json) -> None:
        share = field("share", "share")
        rule = check("not_whole", "row._number == 1 and total([h.share for h in heirs]) != 10000", "share")
        old = check("of_somebody_old", "grandparent.born < '1930-01-01'", "share", "info")
        own = check("of_accident", "parent.code == 'U'", "share", "warning")
        it["groups"][0]["groups"][0]["groups"] = [
            {"id": "heirs", "label": label("Dědic"), "fields": [share], "checks": [rule, own, old]}
        ]
        it["sections"][2]["shows"].append("people.covers.heirs")

    definition = made_up(heirs)
    tree = empty_answers(definition, TODAY)
    cover = tree["people"][0]["covers"][0]
    cover["heirs"] = [
        {"_id": "h1", "share": 5000},
        {"_id": "h2", "share": 4999},
        {"_id": "h3", "_removed": "x", "share": 1},
    ]
    found = evaluate_as(definition, tree)
    assert [(each.code, each.path) for each in found.problems()] == [
        ("not_whole", "people[p1].covers[c1].heirs[h1].share")
    ]
    cover["heirs"][1]["share"], cover["code"] = 5000, "U"
    assert [each.path[-10:] for each in evaluate_as(definition, tree).problems("warning")] == [
        "[h1].share",
        "[h2].share",
    ]
    assert [row["_id"] for row in final_answers(definition, tree)["people"][0]["covers"][0]["heirs"]] == ["h1", "h2"]
    assert not evaluate_as(definition, tree).problems("info")
    tree["people"][0]["born"] = "1929-12-31"
    assert {each.code for each in evaluate_as(definition, tree).problems("info")} == {"of_somebody_old"}
