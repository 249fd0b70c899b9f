"""The difference between what Alena typed later and what the insurer has, field by field."""

from hypothesis import given, settings

from localapp.domain.forms.answers import Tree
from localapp.domain.forms.difference import differences
from localapp.domain.forms.editing import add_row, empty_answers, remove_row, type_in
from tests.domain.forms.conftest import Evaluate
from tests.domain.forms.made_up import CATALOGUES, TODAY, made_up
from tests.domain.forms.typing_in import documents

FORM = made_up()


def typed(tree: Tree, **answers: str) -> Tree:
    given = {f"client.{name}": text for name, text in answers.items()}
    return type_in(FORM, tree, given, today=TODAY, catalogues=CATALOGUES).tree


def test_a_changed_answer_shows_both_texts(evaluated: Evaluate) -> None:
    exported = typed(empty_answers(FORM, TODAY), last_name="Novák", email="a@example.cz")
    (found,) = differences(evaluated(typed(exported, last_name="Dvořák")), evaluated(exported))
    assert found.path == "client.last_name"
    assert found.mine is not None
    assert found.theirs is not None
    assert (found.mine.value, found.theirs.value) == ("Dvořák", "Novák")
    assert found.shown is found.mine


def test_an_unreadable_text_differs_from_the_answer_before_it(evaluated: Evaluate) -> None:
    exported = typed(empty_answers(FORM, TODAY), weight="80")
    (found,) = differences(evaluated(typed(exported, weight="osmdesát")), evaluated(exported))
    assert found.mine is not None
    assert (found.mine.raw, found.path) == ("osmdesát", "client.weight")


def test_what_is_computed_from_another_answer_is_not_told_apart_from_it(evaluated: Evaluate) -> None:
    exported = typed(empty_answers(FORM, TODAY), birth_number="900501/1235")
    later = typed(exported, birth_number="901231/0017")
    paths = [each.path for each in differences(evaluated(later), evaluated(exported))]
    assert paths == ["client.birth_number"]


def test_an_added_row_is_only_mine_and_a_removed_one_only_theirs(evaluated: Evaluate) -> None:
    exported = empty_answers(FORM, TODAY)
    changed, path = add_row(FORM, exported, "people", {"role": "child"}, None)
    more = changed.tree
    added = differences(evaluated(more), evaluated(exported))
    assert added
    assert all(each.theirs is None and each.path.startswith(path) for each in added)
    fewer = remove_row(FORM, more, path, "2026-11-25T12:00:00Z").tree
    removed = differences(evaluated(fewer), evaluated(more))
    assert [each.path for each in removed] == [each.path for each in added]
    assert all(each.mine is None and each.shown is each.theirs for each in removed)


@settings(max_examples=25)
@given(documents(), documents())
def test_only_what_differs_is_told_whichever_side_is_mine(evaluated: Evaluate, one: Tree, other: Tree) -> None:
    mine, theirs = evaluated(one), evaluated(other)
    assert differences(mine, mine) == []
    there = {each.path: (each.mine, each.theirs) for each in differences(mine, theirs)}
    back = {each.path: (each.theirs, each.mine) for each in differences(theirs, mine)}
    assert there == back
