"""What an advisor can rely on: what is saved is there, in order, and said who did it."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from localapp import clock
from localapp.domain.lifecycle import Kind
from localapp.store.edit import Edit
from localapp.store.failures import UnknownDocument
from localapp.store.store import Store
from tests.store.made_up import (
    ALENA,
    BOREK,
    NOVAK,
    change,
    change_health,
    client,
    complete,
    completed_offer,
    new_offer,
    open_store,
)


def test_a_new_offer_is_a_draft_with_its_number_and_answers(store: Store) -> None:
    document = store.create_document(new_offer())
    record = store.document(document)
    assert record is not None
    year = clock.today().year % 100
    assert (record.number, record.revision, record.row) == (f"N{year}-000001", None, NOVAK)
    assert record.facts.working_copy_at is not None
    assert record.created_at.tzinfo is not None
    content = store.content(document)
    assert (content.answers, content.health) == ({"last_name": "Novák"}, {"weight": 80})


def test_what_was_saved_is_there_after_closing_and_opening_again(store: Store, tmp_path: Path) -> None:
    document = store.create_document(new_offer())
    change(store, document, "sum_insured", "1000000")
    change_health(store, document, "height", 180)
    store.close()
    again = open_store(tmp_path)
    content = again.content(document)
    assert content.answers == {"last_name": "Novák", "sum_insured": "1000000"}
    assert content.health == {"weight": 80, "height": 180}
    assert content.changed_at is not None
    again.close()


def test_two_tabs_that_change_different_fields_both_survive(store: Store) -> None:
    document = store.create_document(new_offer())
    tabs = [threading.Thread(target=change, args=(store, document, f"field_{n}", n)) for n in range(12)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    answers = store.content(document).answers
    assert [answers[f"field_{n}"] for n in range(12)] == list(range(12))


def test_a_command_that_fails_half_way_leaves_nothing_behind(store: Store) -> None:
    document = store.create_document(new_offer())
    before = (store.content(document), store.journal(document), store.document(document))
    with pytest.raises(ZeroDivisionError), store.edit(document, ALENA) as edit:
        _save_delete_and_fail(edit)
    assert (store.content(document), store.journal(document), store.document(document)) == before
    assert len(store.search("novak").rows) == 1


def _save_delete_and_fail(edit: Edit) -> None:
    edit.save({"a": 1}, {"weight": 90}, row=client("Jiná"), last_quote="q")
    edit.delete()
    raise ZeroDivisionError


def test_the_journal_says_who_changed_which_field_from_what_to_what(store: Store) -> None:
    document = store.create_document(new_offer())
    with store.edit(document, BOREK) as edit:
        answers = {"last_name": "Dvořák", "children": [{"id": "r1"}]}
        edit.save(answers, edit.health, row=NOVAK, last_quote=None)
    created, first, second = store.journal(document)
    assert (created.event, created.actor) == ("created", ALENA)
    assert (first.actor, first.path, first.old, first.new) == (BOREK, "last_name", "Novák", "Dvořák")
    assert (second.event, second.new) == ("changed", [{"id": "r1"}])


def test_the_last_quote_is_kept_with_the_working_copy_and_with_the_revision(store: Store) -> None:
    document = store.create_document(new_offer())
    with store.edit(document, ALENA) as edit:
        edit.save(edit.answers, edit.health, row=NOVAK, last_quote="1234")
        assert edit.last_quote == "1234"
    assert store.content(document).last_quote == "1234"
    complete(store, document)
    assert store.content(document).last_quote is None


def test_a_completed_offer_is_read_from_its_revision(store: Store) -> None:
    document = completed_offer(store)
    content = store.content(document)
    assert (content.base_revision, content.changed_at) == (1, None)
    assert (content.answers, content.health) == ({"last_name": "Novák"}, {"weight": 80})


def test_each_kind_counts_its_own_numbers(store: Store) -> None:
    made = [store.create_document(new_offer(kind=kind)) for kind in (*Kind, *Kind)]
    found = [store.document(document) for document in made]
    assert sorted(record.number[0] + record.number[-1] for record in found if record) == [
        *("M1", "M2", "N1", "N2", "O1", "O2", "Z1", "Z2")
    ]


def test_an_unknown_document_is_said_to_be_unknown(store: Store) -> None:
    assert store.document("nowhere") is None
    with pytest.raises(UnknownDocument) as caught:
        store.content("nowhere")
    assert "nowhere" in caught.value.text("cs")
    with pytest.raises(UnknownDocument), store.edit("nowhere", ALENA):
        pass


def test_a_setting_is_kept_and_replaced(store: Store) -> None:
    assert store.setting("language") is None
    store.set_setting("language", "cs")
    store.set_setting("language", "en")
    assert store.setting("language") == "en"


def test_a_sound_file_has_no_faults(store: Store) -> None:
    completed_offer(store)
    assert store.integrity() == []


def test_times_are_those_of_the_clock(store: Store) -> None:
    moment = clock.now() + timedelta(days=400)
    with clock.moved_to(moment):
        record = store.document(store.create_document(new_offer()))
    assert record is not None
    assert record.created_at == record.changed_at == moment


def test_settings_of_one_beginning_are_read_together(store: Store) -> None:
    for name, value in (("look.theme", "dark"), ("look.language", "en"), ("lookout", "x")):
        store.set_setting(name, value)
    assert store.settings("look.") == {"look.theme": "dark", "look.language": "en"}
