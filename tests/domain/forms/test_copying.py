"""Kopírovat: each field of each form is copied or left behind as its kind says, and nobody else decides it."""

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from localapp import paths
from localapp.domain.forms import copying
from localapp.domain.forms.answers import Tree, walk
from localapp.domain.forms.copying import copied_answers, not_copied
from localapp.domain.forms.definition import FormDefinition, Sensitive
from localapp.domain.forms.editing import add_row, empty_answers, remove_row, type_in
from localapp.domain.forms.parser import parse_form
from tests.domain.forms.conftest import EvaluateAs
from tests.domain.forms.made_up import CATALOGUES, TODAY, field, made_up, parts, text_of
from tests.domain.forms.typing_in import FORM, documents, row_paths

IDENTITY = "identity_document"
COPIED = frozenset({None, "rating"})  # by the issue: everything but these, and a valid identity document, starts anew
NEVER = frozenset({"health", "signature", "consent", "aml", "occasion", "occasion_date"})


def _all_kinds(it: dict[str, Any]) -> None:
    """The made-up form with a section and a group of every kind."""
    kinds = [each for each in Sensitive if each is not Sensitive.IDENTITY_DOCUMENT]
    fields = [field(f"of_{each}", sensitive=each.value) for each in kinds]
    identity = [
        field("identity_number", sensitive=IDENTITY),
        field("identity_until", "date", sensitive=IDENTITY),
        field("identity_issued", "date", past=True, sensitive=IDENTITY),
    ]
    it["sections"].append({"id": "kinds", "label": it["label"], "fields": fields + identity})
    parts(it)["people"]["fields"] += copy.deepcopy(fields + identity)
    it["sections"].append({"id": "handing", "label": it["label"], "shows": ["handed"]})
    handed = [field("document", sensitive="occasion"), field("handed_on", "date", sensitive="occasion_date")]
    it["groups"].append({"id": "handed", "label": it["label"], "fields": handed})


TEXTS = {path.parent.parent.name: path.read_text("utf-8") for path in (paths.components() / "forms").glob("*/*/*.json")}
TEXTS["made-up"] = text_of(_all_kinds)


def kinds_of(text: str) -> dict[tuple[str, str], str | None]:
    """Kind by section or group and field, read from the file by itself."""
    form = json.loads(text)
    owners = [
        *form["sections"],
        *form["groups"],
        *(inner for each in form["groups"] for inner in each.get("groups", [])),
    ]
    return {(owner["id"], each["id"]): each.get("sensitive") for owner in owners for each in owner.get("fields", [])}


def canary(field_type: str, number: int, end: date | None) -> Any:  # noqa: ANN401 - any answer
    """A value that no empty document has. ``end`` is the day on which an identity document expires."""
    if end is not None:
        return end.isoformat()
    if field_type in {"integer", "money"}:
        return 700_000 + number
    return (date(2030, 1, 1) + timedelta(number)).isoformat() if field_type == "date" else f"kanárek {number}"


def filled(form: FormDefinition, end: date) -> Tree:
    """A document with every group's rows and a canary in every field."""
    tree = empty_answers(form, TODAY)
    for group in form.groups:
        for _ in range(2):
            if len(tree[group.id]) < min(group.maximum, 2):
                tree = add_row(form, tree, group.id, {}, None)[0].tree
        for row in list(tree[group.id]):
            for inner in group.groups:
                tree = add_row(form, tree, f"{group.id}[{row['_id']}].{inner.id}", {}, None)[0].tree
    for number, place in enumerate(walk(form, tree)):
        ends = end if place.field.ends_validity else None
        place.owner[place.field.id] = canary(place.field.type, number, ends)
    return tree


def against_the_matrix(text: str, end: date) -> Iterator[str]:
    """The paths of what a copy does otherwise than the matrix says."""
    form, kinds = parse_form(text, "form.json"), kinds_of(text)
    tree = filled(form, end)
    before = copy.deepcopy(tree)
    copied = copied_answers(form, tree, TODAY)
    assert tree == before
    found = {place.path: place.owner.get(place.field.id) for place in walk(form, copied.tree)}
    left = {place.path for place in copied.left}
    for place in walk(form, before):
        kind = kinds[(place.home.rpartition(".")[2], place.field.id)]
        stays = kind in COPIED or (kind == IDENTITY and end >= TODAY)
        carried = found.get(place.path) == place.owner[place.field.id]
        if carried is not stays or (place.path in left) is stays:
            yield place.path


def test_every_kind_of_field_stands_in_the_matrix() -> None:
    assert {None if each is None else str(each) for each in copying.MATRIX} == COPIED | NEVER | {IDENTITY}
    assert set(copying.MATRIX) == {None, *Sensitive}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("end", [TODAY, TODAY - timedelta(1)], ids=["valid", "expired"])
def test_each_field_of_each_form_is_copied_or_not_as_its_kind_says(name: str, end: date) -> None:
    assert not list(against_the_matrix(TEXTS[name], end))


@pytest.mark.parametrize("name", TEXTS)
def test_the_check_of_the_matrix_finds_a_rule_that_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    present = set(kinds_of(TEXTS[name]).values())
    for kind, rule in dict(copying.MATRIX).items():
        wrong = copying._never if rule is not copying._never else copying._always
        with monkeypatch.context() as planted:
            planted.setitem(copying.MATRIX, kind, wrong)
            assert bool(list(against_the_matrix(TEXTS[name], TODAY))) is (kind in present)


@settings(deadline=None, database=None, max_examples=120)
@given(documents())
def test_a_copy_takes_what_its_form_lets_through_and_starts_the_rest_anew(tree: Tree) -> None:
    before = copy.deepcopy(tree)
    copied = copied_answers(FORM, tree, date(2027, 3, 15)).tree
    assert tree == before
    assert row_paths(copied) == row_paths(copied, kept=True) == row_paths(tree, kept=True)
    originals = {place.path: place.owner.get(place.field.id) for place in walk(FORM, tree)}
    for place in walk(FORM, copied):
        if place.field.sensitive in {None, Sensitive.RATING}:
            assert place.owner.get(place.field.id) == originals[place.path]
    assert copied["policy"]["start"] == "2027-04-01"
    assert "agrees" not in copied["client"]
    assert not any("illness" in row or "signed_on" in row for row in copied["people"])


def test_a_copied_row_has_the_default_of_what_is_not_copied() -> None:
    def add(it: dict[str, object]) -> None:
        parts(it)["people"]["fields"].append(field("informed", "boolean", sensitive="consent", default=False))

    form = made_up(add)
    tree = empty_answers(form, TODAY)
    tree["people"][0]["informed"] = True
    assert copied_answers(form, tree, TODAY).tree["people"][0]["informed"] is False


def test_a_copy_keeps_a_wrong_value_as_it_was_typed() -> None:
    given_ = {"client.email": "alena", "client.weight": "sedmdesát"}
    tree = type_in(FORM, empty_answers(FORM, TODAY), given_, today=TODAY, catalogues=CATALOGUES).tree
    copied = copied_answers(FORM, tree, TODAY).tree
    assert copied["client"] == {"email": {"raw": "alena"}, "weight": {"raw": "sedmdesát"}}


def test_a_row_of_which_nothing_is_copied_stays_behind_and_so_does_a_removed_one() -> None:
    form = made_up(_all_kinds)
    tree = filled(form, TODAY)
    tree = remove_row(form, tree, "people[p2]", "2026-11-25T12:00:00Z").tree
    copied = copied_answers(form, tree, TODAY)
    assert copied.tree["handed"] == []
    assert [row["_id"] for row in copied.tree["people"]] == ["p1"]
    assert {"handed[h1].document", "handed[h1].handed_on"} <= {place.path for place in copied.left}


def named(form: FormDefinition, tree: Mapping[str, Any], evaluate_as: EvaluateAs) -> list[str]:
    copied = copied_answers(form, dict(tree), TODAY)
    return [place.path for place in not_copied(copied, evaluate_as(form, copied.tree))]


def test_the_list_names_what_was_answered_and_not_copied(evaluate_as: EvaluateAs) -> None:
    tree = empty_answers(FORM, TODAY)
    assert named(FORM, tree, evaluate_as) == []
    tree["client"]["agrees"] = True
    tree["people"][0]["illness"] = "kanárek"
    tree["policy"]["start"] = "2027-01-01"
    assert named(FORM, tree, evaluate_as) == ["client.agrees", "policy.start", "people[p1].illness"]


def test_the_list_does_not_tell_by_a_follow_up_how_a_health_question_was_answered(evaluate_as: EvaluateAs) -> None:
    def ask(it: dict[str, object]) -> None:
        parts(it)["people"]["fields"] += [
            field("ill", "boolean", sensitive="health"),
            field("which", sensitive="health", visible_if="row.ill"),
        ]

    form = made_up(ask)
    tree = empty_answers(form, TODAY)
    tree["people"][0] |= {"ill": True, "which": "kanárek"}
    assert named(form, tree, evaluate_as) == ["people[p1].ill"]
