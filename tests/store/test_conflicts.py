"""A conflict ends in a document or in an edit that can be brought back; whoever resolves it first does."""

from datetime import timedelta
from pathlib import Path

import pytest

from localapp import clock
from localapp.domain.canonical import freeze
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import State
from localapp.store.conflicting import Conflict
from localapp.store.conflicts import KEPT_FOR, Way
from localapp.store.enrolments import Enrolment
from localapp.store.failures import NotPermitted
from localapp.store.records import NewDocument
from localapp.store.store import Store
from tests.store.made_up import ALENA, change, change_health, completed_offer, new_offer
from tests.store.test_deletion import _everything
from tests.store.test_receiving import alena, exported, sent, state_of

__all__ = ["alena"]
CANARY = "Přežvýkavec"


@pytest.fixture
def edited(store: Store, alena: Enrolment) -> str:
    """An exported offer with a later edit of name and health."""
    document = completed_offer(store)
    sent(store, alena)
    change(store, document, "last_name", CANARY)
    change_health(store, document, "weight", 91)
    exported(store, alena, document)
    return document


def the_conflict(store: Store) -> Conflict:
    (found,) = store.conflicts.open()
    return found


def correcting(store: Store, document: str) -> NewDocument:
    """The whole content of the document, in the place of its exported revision."""
    record, content = store.document(document), store.content(document)
    assert record is not None
    corrects = Corrects(document, record.number, 1)
    return new_offer(answers=content.answers, health=content.health, corrects=corrects, last_quote="{}")


def test_a_correcting_document_holds_every_answer_and_says_what_it_corrects(store: Store, edited: str) -> None:
    made = store.conflicts.resolve(the_conflict(store), Way.CORRECTED, ALENA, correcting(store, edited))
    assert made is not None
    content, record = store.content(made), store.document(made)
    assert (content.answers["last_name"], content.health["weight"], content.last_quote) == (CANARY, 91, "{}")
    assert record is not None
    assert record.corrects is not None
    assert (record.corrects.document, record.corrects.revision) == (edited, 1)
    assert state_of(store, edited) is State.EXPORTED
    assert store.content(edited).answers["last_name"] == "Novák"
    assert store.conflicts.open() == []
    (found,) = store.conflicts.resolved()
    assert (found.way, found.result, found.result_number, found.until) == (Way.CORRECTED, made, record.number, None)
    by = store.correcting(edited)
    assert by is not None
    assert by.id == made


def test_both_rows_of_the_list_name_the_other_document(store: Store, edited: str) -> None:
    made = store.conflicts.resolve(the_conflict(store), Way.CORRECTED, ALENA, correcting(store, edited))
    for rows in (store.page(shelf=None, kind=None, before=None).rows, store.search("novak").rows):
        listed = {row.id: row for row in rows}
        assert listed[edited].corrected_by == listed[str(made)].number
        assert listed[str(made)].corrects == listed[edited].number
        assert (listed[edited].corrects, listed[str(made)].corrected_by) == (None, None)


def test_the_envelope_of_a_correcting_document_says_what_it_corrects(
    store: Store, alena: Enrolment, edited: str
) -> None:
    made = store.conflicts.resolve(the_conflict(store), Way.CORRECTED, ALENA, correcting(store, edited))
    with store.edit(str(made), ALENA) as edit:
        record = edit.record
        frozen = freeze(edit.answers, edit.health, record.form, record.calculation, ("ab" * 32,) * 2, record.corrects)
        edit.complete(frozen, record.row, None)
    ((_, text),) = store.sync.freeze_batch(alena, 500, 10**6)
    assert f'"corrects":{{"document":"{edited}"' in text


def test_a_discarded_edit_is_brought_back_whole_health_too(store: Store, edited: str) -> None:
    conflict = the_conflict(store)
    assert store.conflicts.resolve(conflict, Way.DISCARDED, ALENA) is None
    assert (state_of(store, edited), store.content(edited).answers["last_name"]) == (State.EXPORTED, "Novák")
    (found,) = store.conflicts.resolved()
    assert found.until is not None
    assert store.conflicts.bring_back(found.id, ALENA) == edited
    content = store.content(edited)
    assert (content.answers["last_name"], content.health["weight"], content.base_revision) == (CANARY, 91, 1)
    assert state_of(store, edited) is State.CONFLICT
    assert (the_conflict(store), store.conflicts.resolved()) == (conflict, [])
    assert store.conflicts.bring_back(found.id, ALENA) is None
    events = [line.event for line in store.journal(edited)]
    assert events[-2:] == ["conflict_discarded", "conflict_reopened"]


def test_a_copy_leaves_the_whole_edit_to_be_brought_back(store: Store, edited: str) -> None:
    made = store.conflicts.resolve(the_conflict(store), Way.COPIED, ALENA, new_offer(copied_from=edited))
    (found,) = store.conflicts.resolved()
    assert found.result == made
    assert store.conflicts.bring_back(found.id, ALENA) == edited
    assert store.content(edited).health["weight"] == 91


def test_who_comes_second_resolves_nothing(store: Store, edited: str) -> None:
    conflict, new = the_conflict(store), correcting(store, edited)
    store.conflicts.resolve(conflict, Way.DISCARDED, ALENA)
    assert store.conflicts.resolve(conflict, Way.CORRECTED, ALENA, new) is None
    assert [each.way for each in store.conflicts.resolved()] == [Way.DISCARDED]
    assert len(store.page(shelf=None, kind=None, before=None).rows) == 1


def test_after_180_days_nothing_of_a_discarded_edit_stays_aside(store: Store, edited: str, tmp_path: Path) -> None:
    store.conflicts.resolve(the_conflict(store), Way.DISCARDED, ALENA)
    assert store.purge_discarded(clock.now() + KEPT_FOR - timedelta(minutes=1)) == 0
    assert store.purge_discarded(clock.now() + KEPT_FOR + timedelta(minutes=1)) == 1
    (found,) = store.conflicts.resolved()
    assert found.until is None
    assert store.conflicts.bring_back(found.id, ALENA) is None
    assert (tmp_path / "documents.db-wal").stat().st_size == 0
    with store._database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM discarded_edit").scalar() == 0
    assert state_of(store, edited) is State.EXPORTED


@pytest.mark.usefixtures("edited")
def test_health_of_a_discarded_edit_is_sealed(store: Store) -> None:
    store.conflicts.resolve(the_conflict(store), Way.DISCARDED, ALENA)
    text = _everything(store)
    assert CANARY in text  # an answer outside of health, in the encrypted file
    assert '"weight":91' not in text


def test_a_document_has_one_correction_at_a_time(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    with pytest.raises(NotPermitted):
        store.correct_document(correcting(store, document))
    presumed = store.correct_document(correcting(store, document), presumed=True)
    exported(store, alena, document)
    assert store.correct_document(correcting(store, document)) == presumed
    with store.edit(presumed, ALENA) as edit:
        edit.delete()
    assert store.correct_document(correcting(store, document)) != presumed


def test_a_cancellation_that_came_too_late_is_only_noted(store: Store, alena: Enrolment) -> None:
    document = completed_offer(store)
    sent(store, alena)
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    exported(store, alena, document)
    store.conflicts.resolve(the_conflict(store), Way.DISCARDED, ALENA)
    assert state_of(store, document) is State.EXPORTED
    assert store.conflicts.resolved()[0].until is None
