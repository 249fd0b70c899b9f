"""The life of a document, judged over every combination of facts, and told the same by the documentation."""

import itertools
import json
import re
from datetime import UTC, datetime
from typing import Final

import pytest

from localapp import paths
from localapp.domain.lifecycle import (
    NUMBER_LETTERS,
    Action,
    Facts,
    Kind,
    Shelf,
    State,
    is_locked,
    permitted,
    shelf,
    state,
)
from tests.reading_docs import codes, table

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAMES: Final = (
    "completed_at", "signature_requested_at", "signed_at", "backed_up_at", "returned_at", "exported_at",
    "cancelled_at", "deleted_at", "working_copy_at", "conflict_at", "partner_left_at",
)  # fmt: skip
ALL = [
    Facts(kind, **{name: NOW for name, happened in zip(NAMES, combination, strict=True) if happened})
    for kind in Kind
    for combination in itertools.product((False, True), repeat=len(NAMES))
]
DOC = (paths.root() / "docs" / "lifecycle.md").read_text(encoding="utf-8")


def facts(*names: str, kind: Kind = Kind.OFFER) -> Facts:
    return Facts(kind, **{f"{name}_at": NOW for name in names})


def happened(of: Facts) -> set[str]:
    return {name for name in NAMES if getattr(of, name)}


def test_every_combination_of_facts_is_tried() -> None:
    assert len(ALL) == 4 * 2**11
    assert set(NAMES) | {"kind"} == set(Facts.__dataclass_fields__)


def test_a_locked_document_is_never_changed_again() -> None:
    for each in filter(is_locked, ALL):
        assert not permitted(each) & {Action.EDIT, Action.COMPLETE, Action.DISCARD, Action.CANCEL, Action.DELETE}


def test_a_signed_document_is_never_edited_nor_cancelled() -> None:
    for each in ALL:
        if each.signed_at:
            assert not permitted(each) & {Action.EDIT, Action.COMPLETE, Action.CANCEL, Action.DELETE}


def test_what_somebody_may_rely_on_never_vanishes() -> None:
    for each in ALL:
        if happened(each) & {"completed_at", "signed_at", "backed_up_at", "exported_at", "returned_at", "cancelled_at"}:
            assert Action.DELETE not in permitted(each)


def test_a_document_can_always_be_copied_and_a_deleted_one_only_restored() -> None:
    for each in ALL:
        assert permitted(each) == {Action.RESTORE} if each.deleted_at else Action.COPY in permitted(each)
        assert (Action.RESTORE in permitted(each)) is (each.deleted_at is not None)


def test_only_an_exported_offer_or_illustration_is_corrected() -> None:
    for each in ALL:
        if Action.CORRECT in permitted(each):
            assert is_locked(each)
            assert each.kind in {Kind.OFFER, Kind.ILLUSTRATION}
            assert not happened(each) & {"cancelled_at", "deleted_at", "partner_left_at"}


def test_only_an_illustration_that_is_not_cancelled_fills_in_an_offer() -> None:
    for each in ALL:
        stands = not happened(each) & {"cancelled_at", "deleted_at", "partner_left_at"}
        assert (Action.PREFILL in permitted(each)) is (each.kind is Kind.ILLUSTRATION and stands)


def test_only_a_working_copy_is_completed_and_only_one_over_a_revision_discarded() -> None:
    for each in ALL:
        if Action.COMPLETE in permitted(each):
            assert each.working_copy_at
            assert Action.EDIT in permitted(each)
        if Action.DISCARD in permitted(each):
            assert each.working_copy_at
            assert each.completed_at


def test_a_document_of_the_kind_other_is_neither_cancelled_nor_locked_nor_exported() -> None:
    for each in ALL:
        if each.kind is Kind.OTHER:
            assert Action.CANCEL not in permitted(each)
            assert not is_locked(each)
            assert state(each) not in {State.EXPORTED, State.CONFLICT}


def test_a_conflict_is_a_locked_document_with_a_later_change() -> None:
    for each in ALL:
        later = each.working_copy_at or each.conflict_at
        expected = is_locked(each) and later and not each.cancelled_at and not each.deleted_at
        assert (state(each) is State.CONFLICT) is bool(expected)
        if state(each) in {State.CONFLICT, State.EXPORTED}:
            assert is_locked(each)
            assert shelf(each) is Shelf.EXPORTED


def test_a_locked_document_says_so_unless_it_is_cancelled_or_deleted() -> None:
    for each in filter(is_locked, ALL):
        assert state(each) in {State.EXPORTED, State.CONFLICT, State.CANCELLED, State.DELETED}


def test_every_state_is_reached_and_every_document_but_a_deleted_one_stands_on_a_shelf() -> None:
    assert {state(each) for each in ALL} == set(State)
    assert {shelf(each) for each in ALL} == {*Shelf, None}
    for each in ALL:
        assert (shelf(each) is None) is (each.deleted_at is not None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (facts("working_copy"), State.DRAFT),
        (facts("completed"), State.COMPLETED),
        (facts("completed", "working_copy"), State.COMPLETED),
        (facts("completed", "signature_requested"), State.AWAITING_SIGNATURE),
        (facts("completed", "signature_requested", "signed"), State.SIGNED),
        (facts("completed", "signature_requested", "signed", "backed_up"), State.BACKED_UP),
        (facts("completed", "backed_up", "returned"), State.RETURNED),
        (facts("completed", "backed_up", "exported"), State.EXPORTED),
        (facts("completed", "backed_up", "exported", "working_copy"), State.CONFLICT),
        (facts("completed", "backed_up", "cancelled"), State.CANCELLED),
        (facts("working_copy", "deleted"), State.DELETED),
    ],
)
def test_a_document_s_state_is_the_last_thing_that_happened_to_it(told: Facts, expected: State) -> None:
    assert state(told) is expected


def test_a_backed_up_offer_can_be_edited_and_cancelled_until_it_is_exported() -> None:
    backed_up = facts("completed", "backed_up")
    assert permitted(backed_up) == {Action.EDIT, Action.COPY, Action.CANCEL}
    assert permitted(facts("completed", "backed_up", "exported")) == {Action.COPY, Action.CORRECT}
    assert permitted(facts("completed", "backed_up", "cancelled")) == {Action.COPY}


def test_an_offer_that_awaits_its_signature_is_edited_but_not_cancelled() -> None:
    assert permitted(facts("completed", "signature_requested")) == {Action.EDIT, Action.COPY}


def test_each_kind_has_a_letter_of_its_own() -> None:
    assert set(NUMBER_LETTERS) == set(Kind)
    assert len(set(NUMBER_LETTERS.values())) == len(Kind)


STATES = table(DOC, "States")
ACTIONS = table(DOC, "Actions")


def applies(row: dict[str, str], each: Facts) -> bool:
    needs, refused, kinds = codes(row["needs"]), codes(row["unless"]), codes(row["kinds"])
    return each.kind in kinds and needs <= happened(each) and not refused & happened(each)


def test_the_documented_table_of_actions_is_the_rule() -> None:
    for each in ALL:
        told = {Action(name) for row in ACTIONS if applies(row, each) for name in codes(row["action"])}
        assert told == permitted(each), each


def test_the_documented_table_of_states_is_the_rule() -> None:
    for each in ALL:
        told = next(row for row in STATES if applies(row, each))
        assert codes(told["state"]) == {state(each)}, each
        assert codes(told["filter"]) == ({shelf(each)} if shelf(each) else set())


def test_the_documented_states_have_the_icons_and_words_of_the_list() -> None:
    templates = paths.root() / "templates"
    texts = json.loads((templates / "texts" / "states.json").read_text(encoding="utf-8"))
    macros = (templates / "_macros.html").read_text(encoding="utf-8")
    icons = dict(re.findall(r'"(\w+)": \("[\w-]+", "([\w-]+)"\)', macros))
    shown = [row for row in STATES if codes(row["state"]) != {State.DELETED}]
    assert {name for row in shown for name in codes(row["state"])} == set(State) - {State.DELETED}
    for row in shown:
        (name,) = codes(row["state"])
        assert codes(row["icon"]) == {icons[name]}
        assert row["text"] == texts[f"full_{name}"]["cs"]


def test_every_action_and_state_is_documented_once_or_once_for_each_kind() -> None:
    assert {name for row in STATES for name in codes(row["state"])} == set(State)
    told = [(row["state"], row["needs"]) for row in STATES]
    assert len(told) == len(set(told))
    assert {name for row in ACTIONS for name in codes(row["action"])} == set(Action)
    seen = [(name, kind) for row in ACTIONS for name in codes(row["action"]) for kind in codes(row["kinds"])]
    assert len(seen) == len(set(seen))


def test_a_document_of_a_partner_that_was_left_can_only_be_copied() -> None:
    for each in ALL:
        if each.partner_left_at and not each.deleted_at:
            assert permitted(each) == {Action.COPY}
