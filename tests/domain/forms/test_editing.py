"""Every change gives new answers and says what changed; nothing typed is lost, nothing old is touched."""

import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.forms.answers import Tree, UnknownPath, kept_rows, place_at, raw_text, row_at, walk
from localapp.domain.forms.editing import (
    Change,
    RowLimit,
    add_row,
    empty_answers,
    final_answers,
    remove_row,
    restore_row,
    set_value,
    type_in,
)
from localapp.domain.forms.reading import clean, options_of, read_text
from tests.domain.forms.conftest import Evaluate
from tests.domain.forms.made_up import CATALOGUES, TODAY
from tests.domain.forms.typing_in import FORM, STEP, TYPED, after, documents, row_paths

quick = settings(deadline=None, database=None, max_examples=120)
AT = "2026-11-25T12:00:00Z"


def typed(tree: Tree, **texts: str) -> Tree:
    paths = {name.replace("__", "."): text for name, text in texts.items()}
    return type_in(FORM, tree, paths, today=TODAY, catalogues=CATALOGUES).tree


def new() -> Tree:
    return empty_answers(FORM, TODAY)


def test_a_new_document_has_the_defaults_and_the_first_rows_of_its_form() -> None:
    assert new() == {
        "client": {},
        "policy": {"start": "2026-12-01", "term": 30, "loan": False, "regular": 0},
        "people": [
            {
                "_id": "p1",
                "role": "adult",
                "smoker": False,
                "covers": [{"_id": "c1", "code": "S", "years": 20, "pattern": "level"}],
            }
        ],
        "extras": [],
    }


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 1, 31), "2026-02-01"),
        (date(2026, 12, 1), "2027-01-01"),
        (date(2026, 12, 31), "2027-01-01"),
        (date(2026, 11, 1), "2026-12-01"),
    ],
)
def test_a_policy_usually_starts_on_the_first_of_the_next_month(today: date, start: str) -> None:
    assert empty_answers(FORM, today)["policy"]["start"] == start


@quick
@given(documents(), st.integers(0, 60), TYPED)
def test_what_is_typed_is_kept_as_its_value_or_as_it_was_typed(tree: Tree, which: int, text: str) -> None:
    places = list(walk(FORM, tree))
    path, before = places[which % len(places)].path, copy.deepcopy(tree)
    changed = type_in(FORM, tree, {path: text}, today=TODAY, catalogues=CATALOGUES)
    assert tree == before
    place = place_at(FORM, changed.tree, path)
    if place.field.fixed:
        assert changed.changes == ()
        assert changed.tree == before
        return
    found = place.owner.get(place.field.id)
    parsed = read_text(place.field, text, options_of(place.field, place.owner, CATALOGUES), TODAY)
    if isinstance(found, dict):
        assert raw_text(found) == clean(text)
        assert parsed.code
    else:
        assert found == parsed.value
    assert [change.path for change in changed.changes] in ([], [path])


@quick
@given(documents(), st.integers(0, 60), TYPED)
def test_typing_the_same_again_changes_nothing(tree: Tree, which: int, text: str) -> None:
    once = after(tree, "type", which, text)
    path = [place.path for place in walk(FORM, once)][which % len(list(walk(FORM, once)))]
    again = type_in(FORM, once, {path: text}, today=TODAY, catalogues=CATALOGUES)
    assert again.changes == ()
    assert again.tree == once


def test_a_wrong_value_keeps_its_text_and_the_right_one_replaces_it() -> None:
    tree = typed(new(), policy__term="třicet")
    assert tree["policy"]["term"] == {"raw": "třicet"}
    assert typed(tree, policy__term="31")["policy"]["term"] == 31
    assert "term" not in typed(tree, policy__term=" ")["policy"]


def test_a_value_outside_its_limits_is_kept_as_a_value() -> None:
    assert typed(new(), policy__term="99")["policy"]["term"] == 99


def test_one_and_true_are_different_answers() -> None:
    tree = {"policy": {"loan": 1}}
    changed = type_in(FORM, tree, {"policy.loan": "ano"}, today=TODAY, catalogues=CATALOGUES)
    assert changed.changes == (Change("policy.loan", 1, True),)


def test_the_journal_learns_old_and_new_but_of_health_only_that_it_changed() -> None:
    texts = {"client.last_name": "Nová", "client.weight": "sedmdesát"}
    changed = type_in(FORM, new(), texts, today=TODAY, catalogues=CATALOGUES)
    assert changed.changes == (
        Change("client.last_name", None, "Nová"),
        Change("client.weight", None, None, is_health=True),
    )
    assert changed.tree["client"]["weight"] == {"raw": "sedmdesát"}
    added, _ = add_row(FORM, new(), "people", {"role": "child", "smoker": True, "illness": "astma"}, None)
    assert "astma" not in repr(added.changes)
    assert "smoker" not in repr(added.changes)


def test_a_remedy_sets_and_clears_a_value_also_of_a_fixed_field() -> None:
    assert set_value(FORM, new(), "people[p1].role", "child").tree["people"][0]["role"] == "child"
    cleared = set_value(FORM, new(), "policy.term", None)
    assert "term" not in cleared.tree["policy"]
    assert cleared.changes == (Change("policy.term", 30, None),)
    with pytest.raises(UnknownPath):
        set_value(FORM, new(), "policy.nobody", 1)


def test_an_added_row_has_its_defaults_and_takes_the_rest_from_the_form(evaluated: Evaluate) -> None:
    tree = typed(new(), policy__term="25")
    changed, path = add_row(FORM, tree, "people[p1].covers", {"code": "U"}, evaluated(tree))
    assert path == "people[p1].covers[c2]"
    assert row_at(FORM, changed.tree, path)[2][-1] == {"_id": "c2", "code": "U", "years": 25, "pattern": "level"}
    assert [change.path for change in changed.changes] == [path]
    without, _ = add_row(FORM, tree, "people[p1].covers", {"code": "U"}, None)
    assert "years" not in without.tree["people"][0]["covers"][1]


@pytest.mark.parametrize(
    "group", ["", "nobody", "client", "covers", "people[p9].covers", "people[p1].nobody", "people[p1]"]
)
def test_a_row_is_added_only_to_a_group(group: str) -> None:
    with pytest.raises(UnknownPath):
        add_row(FORM, new(), group, {}, None)


def test_a_group_has_no_more_and_no_fewer_rows_than_it_may() -> None:
    tree = new()
    with pytest.raises(RowLimit) as refused:
        remove_row(FORM, tree, "people[p1]", AT)
    assert (refused.value.code, refused.value.limit) == ("too_few_rows", 1)
    for _ in range(2):
        tree = add_row(FORM, tree, "people", {"role": "child"}, None)[0].tree
    with pytest.raises(RowLimit) as refused:
        add_row(FORM, tree, "people", {"role": "child"}, None)
    assert (refused.value.code, refused.value.limit) == ("too_many_rows", 3)
    removed = remove_row(FORM, tree, "people[p2]", AT).tree
    filled = add_row(FORM, removed, "people", {"role": "child"}, None)[0].tree
    with pytest.raises(RowLimit, match="too_many_rows"):
        restore_row(FORM, filled, "people[p2]")


@quick
@given(documents(), st.integers(0, 60))
def test_a_removed_row_comes_back_with_all_it_held(tree: Tree, which: int) -> None:
    kept = row_paths(tree, kept=True)
    path = kept[which % len(kept)]
    try:
        removed = remove_row(FORM, tree, path, AT)
    except RowLimit:
        return
    assert removed.changes == (Change(path, "kept", "removed"),)
    assert remove_row(FORM, removed.tree, path, "later").changes == ()
    assert path not in row_paths(removed.tree, kept=True)
    back = restore_row(FORM, removed.tree, path)
    assert back.tree == tree
    assert back.changes == (Change(path, "removed", "kept"),)
    assert restore_row(FORM, back.tree, path).changes == ()


@quick
@given(documents(), st.lists(STEP, max_size=8))
def test_a_row_never_loses_its_id_nor_gives_it_to_another(tree: Tree, steps: list[tuple[str, int, str]]) -> None:
    for step in steps:
        before, tree = row_paths(tree), after(tree, *step)
        now = row_paths(tree)
        assert len(set(now)) == len(now)
        assert set(before) <= set(now)
        assert 1 <= len(kept_rows(tree, "people")) <= 3


def test_final_answers_leave_out_removed_rows_hidden_and_unreadable_values(evaluated: Evaluate) -> None:
    tree = typed(new(), client__last_name="Nová", policy__rate="4,5", client__email="alena")
    tree = add_row(FORM, tree, "people", {"role": "child", "smoker": True}, None)[0].tree
    tree = add_row(FORM, tree, "extras", {"month": 1}, None)[0].tree
    tree = remove_row(FORM, tree, "extras[e1]", AT).tree
    assert tree["policy"]["rate"] == "4.5"
    final = final_answers(FORM, tree, evaluated(tree))
    assert "rate" not in final["policy"]
    assert "email" not in final["client"]
    assert final["extras"] == []
    assert final["people"][0]["name"] == "Nová"
    assert final["people"][1] == {"_id": "p2", "role": "child", "covers": []}


@settings(deadline=None, database=None, max_examples=80)
@given(tree=documents())
def test_final_answers_are_judged_as_the_answers_they_were_made_of(evaluated: Evaluate, tree: Tree) -> None:
    before = evaluated(tree)
    final = final_answers(FORM, tree, before)
    after_completion = evaluated(final)
    assert list(after_completion.fields) == list(before.fields)
    for path, state in before.fields.items():
        again = after_completion.fields[path]
        assert after_completion.value(path) == before.value(path)
        assert (again.visible, again.required) == (state.visible, state.required)
    unreadable = {problem.path for problem in before.problems() if before.fields[problem.path].raw is not None}
    wrong = {(problem.code, problem.path) for problem in before.problems() if problem.path not in unreadable}
    assert {(problem.code, problem.path) for problem in after_completion.problems()} == wrong
    assert final_answers(FORM, final, after_completion) == final
