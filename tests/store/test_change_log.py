"""Each committed change is in the change log too, exactly as it was."""

import errno
import os
import re
import sqlite3
from pathlib import Path

import pytest

from localapp import clock
from localapp.store.change_log import read_history
from localapp.store.examining import Finding, State
from localapp.store.failures import FolderGone, NotWritable, StoreFull
from localapp.store.log_format import End
from localapp.store.recording import statements
from localapp.store.restoring import restore
from localapp.store.store import Store
from tests.store.damage import everything_in, left_behind
from tests.store.made_up import (
    KEYS,
    change,
    change_health,
    client,
    complete,
    completed_offer,
    new_offer,
    open_store,
)

UNREPEATABLE = re.compile(
    r"\b(random|randomblob|now|current_\w+|datetime|date|time|julianday|strftime|unixepoch|changes|total_changes"
    r"|last_insert_rowid)\b\s*(\(|\b)",
    re.IGNORECASE,
)


def _work(store: Store) -> str:
    """A bit of everything that the store writes."""
    document = store.create_document(new_offer(row=client("Kanárková")))
    change(store, document, "note", "„Ústí“\u2028\x0b \U0001f600")
    change_health(store, document, "weight", 97)
    complete(store, document)
    change(store, document, "note", "later")
    with store.edit(document, "alena") as working:
        working.discard()
    deleted = store.create_document(new_offer(copied_from=document))
    with store.edit(deleted, "alena") as working:
        working.delete()
    store.purge_deleted(clock.now())
    store.set_setting("look.theme", "dark")
    store.sync.end_run(store.sync.begin_run("start"), refusal=None, sent=1, received=2)
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    store.sync.freeze_batch(enrolment, 10, 1_000_000)
    return document


def _recorded(folder: Path) -> list[str]:
    history = read_history(folder / "changes", KEYS.database)
    return [statement for record in history.changes() for statement, _, _ in statements(record.body)]


def test_the_changes_repeated_from_the_beginning_make_the_same_database(store: Store, tmp_path: Path) -> None:
    _work(store)
    store.close()
    expected = everything_in(tmp_path)
    history = read_history(tmp_path / "changes", KEYS.database)
    assert history.end is End.WHOLE
    assert history.settled == history.last
    done = restore(tmp_path / "documents.db", KEYS.database, history, Finding(State.DAMAGED))
    assert done is not None
    assert (done.backup_at, done.missing, done.sequence) == (None, 0, history.last)
    assert everything_in(tmp_path) == expected
    assert len(expected["document"]) == 1
    assert expected["document_search"]


def test_no_statement_asks_the_database_for_time_or_chance(store: Store, tmp_path: Path) -> None:
    _work(store)
    recorded = _recorded(tmp_path)
    assert len(recorded) > 40
    assert [statement for statement in recorded if UNREPEATABLE.search(statement)] == []
    assert [statement for statement in recorded if statement.startswith("SELECT")] == []


def test_a_change_that_is_rolled_back_is_not_in_the_log(store: Store, tmp_path: Path) -> None:
    document = store.create_document(new_offer())
    before = _recorded(tmp_path)

    def fail() -> None:
        with store.edit(document, "alena") as working:
            working.save({"a": 1}, {}, row=working.record.row, last_quote=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _recorded(tmp_path) == before


def test_reading_and_hitting_nothing_log_nothing(store: Store, tmp_path: Path) -> None:
    before = read_history(tmp_path / "changes", KEYS.database).last
    store.page(shelf=None, kind=None, before=None)
    store.purge_deleted(clock.now())
    store.sync.end_interrupted_runs()
    assert read_history(tmp_path / "changes", KEYS.database).last == before


def test_a_commit_that_fails_is_taken_back_and_the_next_one_goes_on(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = store.create_document(new_offer())
    before = read_history(tmp_path / "changes", KEYS.database).last

    def refuse(_connection: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(store._database._engine.dialect, "do_commit", refuse)
        with pytest.raises(sqlite3.OperationalError):
            change(store, document, "a", 1)
    history = read_history(tmp_path / "changes", KEYS.database)
    assert (history.last, history.end) == (before, End.WHOLE)
    change(store, document, "a", 2)
    copy = left_behind(tmp_path, tmp_path.with_name(f"{tmp_path.name}-copy"))
    again = open_store(copy)
    assert again.content(document).answers["a"] == 2
    assert again.repairs() == []
    again.close()


def test_a_commit_that_fails_where_not_even_the_log_can_be_cut_is_overruled(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = store.create_document(new_offer())

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "I/O error")

    def refuse_commit(_connection: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(store._database._engine.dialect, "do_commit", refuse_commit)
        patched.setattr(os, "ftruncate", refuse)
        with pytest.raises(sqlite3.OperationalError):
            change(store, document, "a", "never acknowledged")
    change(store, document, "a", "acknowledged")
    store.close()
    (tmp_path / "documents.db").unlink()
    again = open_store(tmp_path)
    assert again.content(document).answers["a"] == "acknowledged"
    again.close()


@pytest.mark.parametrize(
    ("number", "failure"), [(errno.ENOSPC, StoreFull), (errno.EROFS, NotWritable), (errno.EIO, NotWritable)]
)
def test_what_cannot_be_logged_is_not_committed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, failure: type[Exception]
) -> None:
    document = store.create_document(new_offer())
    write = os.write

    def half(file: int, data: bytes) -> int:
        if len(data) < 40:
            raise OSError(number, os.strerror(number))
        return write(file, data[:30])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", half)
        with pytest.raises(failure):
            change(store, document, "a", 1)
    assert "a" not in store.content(document).answers
    assert read_history(tmp_path / "changes", KEYS.database).end is End.WHOLE
    change(store, document, "a", 2)
    assert store.content(document).answers["a"] == 2


@pytest.mark.parametrize("gone", ["changes", "documents.db", "."])
def test_a_folder_or_file_that_disappears_while_open_stops_acknowledging(
    store: Store, tmp_path: Path, gone: str
) -> None:
    document = store.create_document(new_offer())
    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    (tmp_path / gone).rename(moved)
    with pytest.raises(FolderGone) as caught:
        change(store, document, "a", 1)
    assert str(tmp_path) in caught.value.text("cs")
    moved.rename(tmp_path / gone)
    change(store, document, "a", 2)
    assert store.content(document).answers["a"] == 2


def test_an_edit_of_a_completed_offer_is_in_the_log_as_it_was_typed(store: Store, tmp_path: Path) -> None:
    document = completed_offer(store)
    change(store, document, "note", "x" * 5000)
    found = [
        parameters
        for record in read_history(tmp_path / "changes", KEYS.database).changes()
        for _, parameters, _ in statements(record.body)
    ]
    assert any("x" * 5000 in repr(each) for each in found)
