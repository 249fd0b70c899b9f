"""What was changed can be taken back and done again, after a restart too, and never over what others brought."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from localapp import clock
from localapp.domain.history import FieldChange
from localapp.store import journal, schema, steps
from localapp.store.failures import NotPermitted
from localapp.store.records import Keys
from localapp.store.steps import Cause, How
from localapp.store.store import Store
from tests.store.made_up import ALENA, change, change_health, complete, completed_offer, new_offer, plant_fact

Go = Callable[[], bool]
START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes with each look at the clock, so that no two changes are one stroke."""
    passed = iter(range(1_000_000))
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=next(passed)))


def go(store: Store, document: str, way: str) -> bool:
    """Take back or do again as a page does; whether there was anything."""
    with store.edit(document, ALENA) as edit:
        move = edit.back() if way == "back" else edit.again()
        if move is None:
            return False
        edit.save(move.answers, move.health, row=edit.record.row, last_quote=None, how=move.how)
    return True


def said(store: Store, document: str) -> tuple[Any, Any]:
    content = store.content(document)
    return content.answers, content.health


@pytest.mark.usefixtures("minutes")
def test_each_change_is_taken_back_and_done_again_to_the_letter(store: Store) -> None:
    document = store.create_document(new_offer())
    states = [said(store, document)]
    for path, value in (("a", 1), ("a", True), ("b", {"raw": "x"}), ("last_name", "Dvořák")):
        change(store, document, path, value)
        states.append(said(store, document))
    change_health(store, document, "weight", 91)
    states.append(said(store, document))
    for state in reversed(states[:-1]):
        assert go(store, document, "back")
        assert said(store, document) == state
    assert not go(store, document, "back")
    for state in states[1:]:
        assert go(store, document, "again")
        assert said(store, document) == state
    assert not go(store, document, "again")


ACTS = st.lists(st.sampled_from(["a", "b", "health", "back", "again"]), max_size=25)


@pytest.mark.usefixtures("minutes")
@settings(deadline=None, database=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, st.integers(0, 1000))
def test_whatever_was_done_going_back_and_again_is_as_if_nothing_had_happened(
    store: Store, acts: list[str], seed: int
) -> None:
    chance, document = random.Random(seed), store.create_document(new_offer())  # noqa: S311 - no secret
    for act in acts:
        value = chance.randrange(3)
        if act in {"back", "again"}:
            go(store, document, act)
        elif act == "health":
            change_health(store, document, "weight", value)
        else:
            change(store, document, act, value)
    before, back = said(store, document), 0
    while go(store, document, "back"):
        back += 1
    for _ in range(back):
        assert go(store, document, "again")
    assert said(store, document) == before
    content = store.content(document)
    assert content.can_go_back is (back > 0)


def test_typing_in_one_field_is_one_stroke_and_other_fields_are_others(store: Store) -> None:
    document = store.create_document(new_offer())
    for text in ("7", "77", "777"):
        change(store, document, "phone", text)
    change(store, document, "email", "a")
    for number in (8, 81):
        change_health(store, document, "height", number)
    change_health(store, document, "weight", 90)
    assert go(store, document, "back")
    assert store.content(document).health == {"weight": 80, "height": 81}
    assert go(store, document, "back")
    assert store.content(document).health == {"weight": 80}
    assert go(store, document, "back")
    assert store.content(document).answers["phone"] == "777"
    assert go(store, document, "back")
    assert "phone" not in store.content(document).answers
    assert go(store, document, "again")
    assert store.content(document).answers["phone"] == "777"


def test_a_restoration_is_no_part_of_a_stroke_and_a_stroke_without_effect_is_passed_over(store: Store) -> None:
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    change(store, document, "phone", "7")
    with store.edit(document, ALENA) as edit:
        how = How(Cause.RESTORED, about=1)
        edit.save({"last_name": "Novák", "a": 1}, edit.health, row=edit.record.row, last_quote=None, how=how)
    assert go(store, document, "back")
    assert store.content(document).answers["phone"] == "7"
    change(store, document, "email", "x")
    with store.edit(document, ALENA) as edit:
        answers = {name: value for name, value in edit.answers.items() if name != "email"}
        edit.save(answers, edit.health, row=edit.record.row, last_quote=None)
    assert go(store, document, "back")
    assert "phone" not in store.content(document).answers


@pytest.mark.usefixtures("minutes")
def test_a_new_change_ends_what_could_be_done_again_but_the_journal_keeps_it(store: Store) -> None:
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    assert go(store, document, "back")
    change(store, document, "a", 2)
    assert not store.content(document).can_go_again
    assert [(line.old, line.new) for line in store.journal(document) if line.path] == [(None, 1), (1, None), (None, 2)]


def test_a_restart_forgets_nothing(desk_dir: Path, desk_keys: Keys) -> None:
    store = Store.open(desk_dir / "documents.db", desk_keys)
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    change(store, document, "b", 2)
    assert go(store, document, "back")
    store.close()
    store = Store.open(desk_dir / "documents.db", desk_keys)
    content = store.content(document)
    assert (content.can_go_back, content.can_go_again) == (True, True)
    assert go(store, document, "again")
    assert store.content(document).answers["b"] == 2
    store.close()


def test_nothing_leads_back_over_a_completion(store: Store) -> None:
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    complete(store, document)
    assert not store.content(document).can_go_back
    assert not go(store, document, "back")
    change(store, document, "a", 2)
    assert go(store, document, "back")
    assert store.content(document).answers["a"] == 1
    assert not go(store, document, "back")
    record = store.document(document)
    assert record is not None
    assert record.revision == 1


def test_nothing_leads_back_over_what_another_computer_brought(store: Store) -> None:
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    with store._database.write() as connection:  # as a merge or a received revision does
        from localapp.store import contents, documents  # noqa: PLC0415 - of this test alone

        contents.put_working(connection, documents.find(connection, document).row, {"a": 1, "theirs": 2}, None, None)
    assert not store.content(document).can_go_back
    change(store, document, "b", 3)
    assert go(store, document, "back")
    assert not go(store, document, "back")
    assert store.content(document).answers == {"a": 1, "theirs": 2}


@pytest.mark.usefixtures("minutes")
@pytest.mark.parametrize("every", [1, 2, steps.SNAPSHOT_EVERY])
def test_every_line_of_the_history_says_what_the_document_said_then(
    store: Store, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    monkeypatch.setattr(steps, "SNAPSHOT_EVERY", every)
    document = store.create_document(new_offer())
    expected = [said(store, document)]
    change(store, document, "a", 1)
    expected.append(said(store, document))
    change_health(store, document, "weight", 91)
    expected.append(said(store, document))
    go(store, document, "back")
    expected.append(said(store, document))
    complete(store, document)
    expected.append(said(store, document))
    change(store, document, "a", 3)
    expected.append(said(store, document))
    lines = store.histories.lines(document, None, 100)
    found = [store.histories.state(document, line.id) for line in reversed(lines)]
    assert [(each.answers, each.health) for each in found if each] == expected
    assert [line.cause for line in reversed(lines)] == [None, "changed", "changed", "undone", None, "changed"]


def test_no_state_is_computed_from_further_away_than_a_snapshot(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SNAPSHOT_EVERY", 4)
    document, read = store.create_document(new_offer()), []
    for number in range(30):
        change(store, document, "a", number)

    def lines_of(connection: Connection, row: int, first: int, last: int) -> dict[int, FieldChange]:
        read.append(last - first + 1)
        return changes_of(connection, row, first, last)

    changes_of = journal.changes_of
    monkeypatch.setattr(journal, "changes_of", lines_of)
    lines = [line for line in store.histories.lines(document, None, 50) if line.path == "a"]
    states = [store.histories.state(document, line.id) for line in lines]
    assert [state and state.answers["a"] for state in states] == [*reversed(range(30))]
    assert max(read) < 4
    assert len(read) == 30 - 30 // 4


@pytest.mark.usefixtures("minutes")
def test_an_earlier_state_is_restored_as_a_change_of_its_own(store: Store) -> None:
    document = completed_offer(store)
    change(store, document, "a", 1)
    line = store.histories.lines(document, None, 1)[0].id
    change(store, document, "a", 2)
    latest = said(store, document)
    state = store.histories.state(document, line)
    assert state is not None
    with store.edit(document, ALENA) as edit:
        how = How(Cause.RESTORED, about=line)
        edit.save(state.answers, state.health, row=edit.record.row, last_quote=None, how=how)
    assert store.content(document).answers["a"] == 1
    newest = store.histories.lines(document, None, 1)[0]
    assert (newest.cause, newest.about) == ("restored", line)
    assert go(store, document, "back")
    assert said(store, document) == latest


def test_pages_of_the_history_follow_one_another(store: Store) -> None:
    document = store.create_document(new_offer())
    for number in range(7):
        change(store, document, f"field_{number}", number)
    first = store.histories.lines(document, None, 5)
    rest = store.histories.lines(document, first[-1].id, 5)
    assert [line.path for line in (*first, *rest)] == [*(f"field_{number}" for number in reversed(range(7))), None]
    assert all(line.stroke for line in first)


def test_the_history_goes_with_its_document(store: Store) -> None:
    document = store.create_document(new_offer(left_behind=("client.agrees",)))
    change(store, document, "a", 1)
    with store.edit(document, ALENA) as edit:
        edit.delete()
    assert store.purge_deleted(clock.now() + timedelta(days=1)) == 1
    with store._database.read() as connection:
        for table in (schema.step, schema.journal, schema.left_behind):
            assert connection.execute(select(table)).first() is None


def test_a_step_is_never_changed(store: Store) -> None:
    document = store.create_document(new_offer())
    change(store, document, "a", 1)
    with pytest.raises(Exception, match="append-only"), store._database.write() as connection:
        connection.execute(update(schema.step).values(actor="somebody"))


def test_what_was_left_behind_is_kept_and_read_once(store: Store) -> None:
    assert store.left_behind(store.create_document(new_offer())) is None
    document = store.create_document(new_offer(left_behind=("client.agrees", "people[p1].illness")))
    found = store.left_behind(document)
    assert found is not None
    assert (found.places, found.read_at) == (["client.agrees", "people[p1].illness"], None)
    store.mark_left_behind_read(document)
    again = store.left_behind(document)
    assert again is not None
    assert again.read_at is not None


def test_a_locked_document_is_not_moved(store: Store) -> None:
    document = completed_offer(store)
    change(store, document, "a", 1)
    plant_fact(store, document, "exported")
    with pytest.raises(NotPermitted):
        go(store, document, "back")
