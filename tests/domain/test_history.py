"""What changed can be taken back and done again, whatever it was; typing in one field is one stroke."""

import copy
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.forms.answers import Tree
from localapp.domain.history import (
    SAME_STROKE,
    FieldChange,
    OutOfStep,
    Stroke,
    changes_between,
    continues,
    inverse,
    made,
    taken_back,
)
from tests.domain.forms.typing_in import STEP, after, documents

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
quick = settings(deadline=None, database=None, max_examples=150)


@quick
@given(documents(), documents())
def test_the_changes_between_any_two_states_lead_there_and_back(one: Tree, other: Tree) -> None:
    before = copy.deepcopy((one, other))
    changes = changes_between(one, other)
    assert made(one, changes) == other
    assert taken_back(other, changes) == one
    assert inverse(inverse(changes)) == changes
    assert (one, other) == before
    assert bool(changes) is (one != other)


@quick
@given(documents(), st.lists(STEP, max_size=8))
def test_taking_everything_back_and_doing_it_again_changes_nothing(
    tree: Tree, steps: list[tuple[str, int, str]]
) -> None:
    states = [tree]
    for step in steps:
        states.append(after(states[-1], *step))
    done = [changes_between(one, other) for one, other in pairwise(states)]
    now = states[-1]
    for changes, state in zip(reversed(done), reversed(states[:-1]), strict=True):
        now = taken_back(now, changes)
        assert now == state
    for changes, state in zip(done, states[1:], strict=True):
        now = made(now, changes)
        assert now == state


def rows(*ids: str, **more: Any) -> Tree:  # noqa: ANN401 - any answer
    return {"people": [{"_id": each, "covers": [], **more} for each in ids]}


def test_a_row_comes_back_to_its_place() -> None:
    changes = changes_between(rows("p1", "p2", "p3"), rows("p3", "p1"))
    assert taken_back(rows("p3", "p1"), changes) == rows("p1", "p2", "p3")


def test_a_true_is_not_a_one_and_text_that_could_not_be_read_is_an_answer() -> None:
    assert changes_between({"a": {"b": 1}}, {"a": {"b": True}}) == [FieldChange("a.b", 1, True)]
    assert changes_between({"a": {}}, {"a": {"b": {"raw": "x"}}}) == [FieldChange("a.b", None, {"raw": "x"})]


@pytest.mark.parametrize(
    "change",
    [
        FieldChange("a.b", 2, 3),
        FieldChange("c.b", None, 3),
        FieldChange("people[p9]", {"_id": "p9"}, None),
        FieldChange("people[p9].term", 1, 2),
        FieldChange("people[p1]", None, {"_id": "p1"}),
        FieldChange("people[]", ["p2", "p1"], ["p1", "p2"]),
        FieldChange("others[o1]", None, {"_id": "o1"}),
    ],
)
def test_a_change_of_other_answers_is_refused(change: FieldChange) -> None:
    with pytest.raises(OutOfStep):
        made({"a": {"b": 1}, **rows("p1", "p2")}, [change])


def stroke(*paths: str, after_: timedelta = timedelta()) -> Stroke:
    return Stroke(frozenset(paths), AT + after_)


def test_typing_in_one_field_is_one_stroke_until_it_pauses() -> None:
    typed = stroke("client.phone")
    assert continues(typed, stroke("client.phone", after_=SAME_STROKE))
    assert not continues(typed, stroke("client.phone", after_=SAME_STROKE + timedelta(seconds=1)))
    assert not continues(typed, stroke("client.phone", after_=-timedelta(seconds=1)))
    assert not continues(typed, stroke("client.email"))
    assert not continues(stroke("a.b", "a.c"), stroke("a.b", "a.c"))
    assert not continues(stroke(), stroke())
