"""Answers are found by their path, and health answers lie in a part of their own."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings

from localapp.domain.forms.answers import (
    Tree,
    UnknownPath,
    duplicate,
    is_raw,
    join_health,
    kept_rows,
    place_at,
    raw_text,
    row_at,
    split_health,
    walk,
)
from localapp.domain.forms.editing import empty_answers
from tests.domain.forms.made_up import TODAY, made_up, parts
from tests.domain.forms.typing_in import FORM, documents, row_paths

quick = settings(deadline=None, database=None, max_examples=120)


@quick
@given(documents())
def test_every_field_is_found_again_at_the_path_it_is_walked_by(tree: Tree) -> None:
    places = list(walk(FORM, tree))
    assert len({place.path for place in places}) == len(places)
    for place in places:
        found = place_at(FORM, tree, place.path)
        assert (found.path, found.field, found.home) == (place.path, place.field, place.home)
        assert found.owner is place.owner
        assert all(mine is theirs for mine, theirs in zip(found.rows, place.rows, strict=True))


@quick
@given(documents())
def test_every_row_is_found_removed_ones_too(tree: Tree) -> None:
    for path in row_paths(tree):
        group_id, group, rows = row_at(FORM, tree, path)
        assert group is FORM.group(group_id)
        assert path.endswith(f"[{rows[-1]['_id']}]")


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "client",
        "client.",
        "client.nobody",
        ".last_name",
        "nobody.x",
        "people",
        "people.role",
        "people[p1]",
        "people[p1].covers",
        "people[p9].role",
        "people[p1].nobody",
        "people[p1].covers[c9].code",
        "people[p1].name[x].y",
        "client[p1].last_name",
        "client[last_name].x",
        "people[p1][p1].role",
        "people[p1].people[p1].role",
        "covers[c1].code",
        "people[P1].role",
        "people[].role",
        "people[p1.role",
        "people[p1].covers[c1].code.x",
        "people[" + "1" * 50 + "].role",
        "people[p1]..role",
        "summary.x",
        "people[0].role",
        "__class__.x",
        "people[p1]._id",
        "people[p1].covers[c1]._removed",
    ],
)
def test_a_path_that_the_form_does_not_have_is_refused(path: str) -> None:
    tree = empty_answers(FORM, TODAY)
    with pytest.raises(UnknownPath):
        place_at(FORM, tree, path)
    if not path.endswith("[p1]"):
        with pytest.raises(UnknownPath):
            row_at(FORM, tree, path)


def test_a_removed_row_keeps_its_answers_but_is_not_walked() -> None:
    rows = [{"_id": "p1", "name": "Alena", "covers": []}, {"_id": "p2", "_removed": "", "name": "Bořek", "covers": []}]
    assert [row["_id"] for row in kept_rows({"people": rows}, "people")] == ["p1"]
    assert kept_rows({}, "people") == []
    assert not any(place.path.startswith("people[p2]") for place in walk(FORM, {"people": rows}))


def test_only_what_could_not_be_read_is_raw() -> None:
    assert is_raw({"raw": "třicet"})
    assert raw_text({"raw": "třicet"}) == "třicet"
    others: tuple[object, ...] = ("raw", 5, None, True, {}, ["raw"])
    assert not any(is_raw(found) for found in others)


@quick
@given(documents())
def test_health_taken_apart_and_joined_again_is_the_same_document(tree: Tree) -> None:
    before = copy.deepcopy(tree)
    answers, health = split_health(FORM, tree)
    assert tree == before
    assert join_health(answers, health) == tree
    assert (answers, health) == split_health(FORM, join_health(answers, health))


@quick
@given(documents())
def test_every_answer_lies_in_exactly_one_part(tree: Tree) -> None:
    answers, health = split_health(FORM, tree)
    whole, open_part, sealed = _values(tree), _values(answers), _values(health)
    assert open_part | sealed == whole
    assert not open_part & sealed
    health_fields = {"weight", "smoker", "illness", "loading"}
    assert {name for _, name, _ in sealed} <= health_fields
    assert not {name for _, name, _ in open_part} & health_fields


def _values(found: Any, path: str = "") -> set[tuple[str, str, str]]:  # noqa: ANN401 - any part of a tree
    values: set[tuple[str, str, str]] = set()
    for name, part in found.items():
        if isinstance(part, list):
            for row in part:
                values |= _values(row, f"{path}.{name}[{row['_id']}]")
        elif isinstance(part, dict) and not is_raw(part):
            values |= _values(part, f"{path}.{name}")
        elif not name.startswith("_"):
            values.add((path, name, repr(part)))
    return values


def test_health_answers_are_joined_even_under_a_field_called_raw() -> None:
    form = made_up(lambda it: parts(it)["weight"].update(id="raw"))
    tree = {"client": {"raw": {"raw": "sedmdesát"}, "last_name": "Nová"}}
    answers, health = split_health(form, tree)
    assert (answers, health) == ({"client": {"last_name": "Nová"}}, {"client": {"raw": {"raw": "sedmdesát"}}})
    assert join_health(answers, health) == tree


def test_a_duplicate_shares_nothing_with_its_origin() -> None:
    tree = {"people": [{"_id": "p1", "covers": [{"_id": "c1"}]}]}
    duplicate(tree)["people"][0]["covers"][0]["code"] = "S"
    assert tree == {"people": [{"_id": "p1", "covers": [{"_id": "c1"}]}]}
