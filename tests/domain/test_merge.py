"""Two computers have changed one document: what does not overlap comes together, the rest is chosen, none is lost."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from localapp.domain.canonical import canonical_text
from localapp.domain.forms.answers import Tree
from localapp.domain.merge import Side, merge, without_computed
from tests.domain.forms.conftest import EvaluateAs, evaluate_as
from tests.domain.forms.made_up import made_up

__all__ = ["evaluate_as"]
VALUES = (
    some.text(max_size=3) | some.integers(0, 3) | some.booleans() | some.builds(lambda raw: {"raw": raw}, some.text())
)
FIELDS = some.sampled_from(["name", "weight", "note"])


@some.composite
def trees(draw: some.DrawFn) -> Tree:
    """Answers as a completed revision holds them: no removed rows."""
    people = [{"_id": f"p{n}", **draw(_answers()), "covers": draw(_rows("c"))} for n in range(1, draw(_FEW) + 1)]
    return {"client": draw(_answers()), "people": people, "extras": draw(_rows("e"))}


_FEW = some.integers(0, 3)


def _answers() -> some.SearchStrategy[Tree]:
    return some.dictionaries(FIELDS, VALUES, max_size=3)


def _rows(letter: str) -> some.SearchStrategy[list[Tree]]:
    return some.lists(_answers(), max_size=2).map(
        lambda rows: [{"_id": f"{letter}{number}", **row} for number, row in enumerate(rows, 1)]
    )


EDITS = some.lists(some.tuples(some.integers(0, 99), FIELDS, some.none() | VALUES), max_size=6)


def edited(base: Tree, edits: list[tuple[int, str, Any]]) -> Tree:
    """What somebody makes of it: fields answered and emptied, rows added, removed for good and so that they stay."""
    tree = copy.deepcopy(base)
    for place, name, value in edits:
        owners = [tree["client"], *tree["people"], *tree["extras"], *(c for p in tree["people"] for c in p["covers"])]
        lists = [tree["people"], tree["extras"], *(person["covers"] for person in tree["people"])]
        rows = lists[place % len(lists)]
        if place < 60:
            owner = owners[place % len(owners)]
            owner.pop(name, None) if value is None else owner.update({name: value})
        elif place < 75:
            letter = rows[0]["_id"][0] if rows else "r"
            rows.append({"_id": f"{letter}{len(rows) + 5}", name: value or "new"})
            if rows is tree["people"]:
                rows[-1]["covers"] = []
        elif rows and place < 88:
            rows[place % len(rows)]["_removed"] = "2026-11-25"
        elif rows:
            del rows[place % len(rows)]
    return tree


def parts(found: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Every answer with the name of its field, wherever it lies."""
    if isinstance(found, dict) and "raw" not in found:
        for inner, part in found.items():
            yield from parts(part, inner)
    elif isinstance(found, list):
        for part in found:
            yield from parts(part, name)
    elif name not in {"_id", "_removed"} and found is not None:
        yield f"{name}={canonical_text(found)}"


@given(trees(), EDITS)
def test_what_only_one_side_changed_is_taken_from_it_whole(base: Tree, edits: list[tuple[int, str, Any]]) -> None:
    changed = edited(base, edits)
    for merged in (merge(base, changed, base), merge(base, base, changed)):
        assert canonical_text(merged.tree) == canonical_text(changed)
        assert merged.overlapping == ()


@given(trees(), EDITS)
def test_two_that_changed_the_same_have_nothing_to_merge(base: Tree, edits: list[tuple[int, str, Any]]) -> None:
    changed = edited(base, edits)
    merged = merge(base, changed, changed)
    assert (canonical_text(merged.tree), merged.differences) == (canonical_text(changed), ())


@given(trees(), EDITS, EDITS)
def test_without_an_overlap_it_does_not_matter_who_is_who(
    base: Tree, mine: list[tuple[int, str, Any]], theirs: list[tuple[int, str, Any]]
) -> None:
    one, other = edited(base, mine), edited(base, theirs)
    merged, turned = merge(base, one, other), merge(base, other, one)
    assert [each.path for each in merged.overlapping] == [each.path for each in turned.overlapping]
    if not merged.overlapping:
        assert canonical_text(_without_stamps(merged.tree)) == canonical_text(_without_stamps(turned.tree))


def _without_stamps(found: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A row that both removed is kept as one of them left it."""
    if isinstance(found, list):
        return [_without_stamps(each) for each in found if not (isinstance(each, dict) and "_removed" in each)]
    return {name: _without_stamps(part) for name, part in found.items()} if isinstance(found, dict) else found


@given(trees(), EDITS, EDITS)
def test_every_answer_of_mine_is_in_the_result_or_offered(
    base: Tree, mine: list[tuple[int, str, Any]], theirs: list[tuple[int, str, Any]]
) -> None:
    one = edited(base, mine)
    merged = merge(base, one, edited(base, theirs))
    offered = {part for each in merged.differences for part in parts(each.mine, each.path.rpartition(".")[2])}
    left = set(parts(_without_stamps(one))) - set(parts(base))
    assert left <= set(parts(merged.tree)) | offered


@given(trees(), EDITS, EDITS)
def test_choosing_mine_everywhere_gives_mine_and_choosing_theirs_gives_theirs(
    base: Tree, mine: list[tuple[int, str, Any]], theirs: list[tuple[int, str, Any]]
) -> None:
    one, other = edited(base, mine), edited(base, theirs)
    paths = [each.path for each in merge(base, one, other).differences]
    for side, expected in ((Side.MINE, one), (Side.THEIRS, other)):
        merged = merge(base, one, other, dict.fromkeys(paths, side))
        assert sorted(parts(_without_stamps(merged.tree))) == sorted(parts(_without_stamps(expected)))


@given(trees(), EDITS, EDITS)
def test_rows_keep_ids_of_their_own(
    base: Tree, mine: list[tuple[int, str, Any]], theirs: list[tuple[int, str, Any]]
) -> None:
    merged = merge(base, edited(base, mine), edited(base, theirs))
    for rows in (merged.tree["people"], merged.tree["extras"], *(p["covers"] for p in merged.tree["people"])):
        ids = [row["_id"] for row in rows]
        assert len(ids) == len(set(ids))


BASE: Tree = {
    "client": {"last_name": "Novák", "phone": "777"},
    "people": [{"_id": "p1", "weight": 80, "covers": [{"_id": "c1", "code": "S", "amount": 1500}]}],
}


def changed(**answers: Any) -> Tree:  # noqa: ANN401 - any answers
    """The base with other answers: ``amount`` of the coverage, ``weight`` of the person, else of the client."""
    tree: Tree = json.loads(json.dumps(BASE))
    for name, value in answers.items():
        person = tree["people"][0]
        owners: dict[str, Tree] = {"amount": person["covers"][0], "weight": person}
        owner = owners[name] if name in owners else tree["client"]
        owner[name] = value
    return tree


def test_different_fields_come_together_and_say_whose_they_are() -> None:
    merged = merge(BASE, changed(phone="601", weight=81), changed(amount=2000))
    assert merged.tree == changed(phone="601", weight=81, amount=2000)
    assert {each.path: each.changed_by for each in merged.differences} == {
        "client.phone": Side.MINE,
        "people[p1].weight": Side.MINE,
        "people[p1].covers[c1].amount": Side.THEIRS,
    }


def test_the_same_field_is_theirs_until_mine_is_chosen() -> None:
    mine, theirs = changed(amount=2000), changed(amount=1200)
    (difference,) = merge(BASE, mine, theirs).overlapping
    assert (difference.base, difference.mine, difference.theirs) == (1500, 2000, 1200)
    assert merge(BASE, mine, theirs).tree == theirs
    assert merge(BASE, mine, theirs, {difference.path: Side.MINE}).tree == mine


def test_a_change_of_one_side_can_be_left_out_as_well() -> None:
    assert merge(BASE, changed(phone="601"), BASE, {"client.phone": Side.THEIRS}).tree == BASE


def test_a_row_that_one_removed_and_the_other_changed_is_chosen() -> None:
    mine, theirs = changed(), changed(amount=1200)
    mine["people"][0]["covers"][0]["_removed"] = "now"
    (difference,) = merge(BASE, mine, theirs).differences
    assert (difference.path, difference.is_row, difference.mine) == ("people[p1].covers[c1]", True, None)
    assert merge(BASE, mine, theirs).tree == theirs
    assert merge(BASE, mine, theirs, {difference.path: Side.MINE}).tree == mine


def test_rows_that_both_added_under_one_id_are_two_rows() -> None:
    mine, theirs = changed(), changed()
    mine["people"].append({"_id": "p2", "name": "Eva", "covers": []})
    theirs["people"].append({"_id": "p2", "name": "Jan", "covers": []})
    merged = merge(BASE, mine, theirs)
    assert [(row["_id"], row.get("name")) for row in merged.tree["people"]][1:] == [("p2", "Eva"), ("p3", "Jan")]
    assert [(each.path, each.changed_by) for each in merged.differences] == [
        ("people[p2]", Side.MINE),
        ("people[p3]", Side.THEIRS),
    ]


def test_what_was_typed_and_cannot_be_read_is_merged_as_it_is() -> None:
    mine = changed(phone={"raw": "šest nula jedna"})
    assert merge(BASE, mine, changed(weight=82)).tree["client"]["phone"] == {"raw": "šest nula jedna"}


def test_what_is_computed_is_nobody_s_to_merge(evaluate_as: EvaluateAs) -> None:
    definition = made_up()
    tree: Tree = {
        "client": {"last_name": "Novák", "birth_number": "7103192745", "birth_date": "1971-03-19"},
        "policy": {"start": "2027-01-01", "term": 30},
        "people": [{"_id": "p1", "role": "adult", "name": "Novák", "born": "1971-03-19", "age": 56, "covers": []}],
        "extras": [],
    }
    typed = without_computed(definition, tree, evaluate_as(definition, tree))
    assert typed["client"] == {"last_name": "Novák", "birth_number": "7103192745"}
    assert typed["people"] == [{"_id": "p1", "role": "adult", "born": "1971-03-19", "covers": []}]
    assert tree["people"][0]["age"] == 56
