"""Six months after the insurer has taken a document over, what it says is gone here; that it was taken over stays."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from endpoint.application import Endpoint
from endpoint.export import importing
from localapp import clock
from localapp.domain.retention import MONTHS, months_after
from localapp.domain.sync.operations import Envelope, Outcome
from localapp.domain.sync.signatures import Attachment
from tests.endpoint.made_up import Desk

DAY = timedelta(days=1)


@contextmanager
def six_months_later(difference: timedelta) -> Iterator[None]:
    with clock.moved_to(months_after(clock.now(), MONTHS) + difference):
        yield


def rows(endpoint: Endpoint, query: str) -> list[Any]:
    with endpoint.parts.database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def bodies(endpoint: Endpoint) -> list[str]:
    queries = ("SELECT envelope FROM revision", "SELECT sealed FROM core_health", "SELECT envelope FROM kept")
    return [body for query in queries for (body,) in rows(endpoint, query)]


def purged(endpoint: Endpoint, difference: timedelta = DAY) -> None:
    with six_months_later(difference):
        endpoint.run_due_exports()


@pytest.fixture
def offer(alena: Desk) -> Envelope:
    return alena.completion()


@pytest.fixture
def taken_over(endpoint: Endpoint, alena: Desk, offer: Envelope) -> Envelope:
    """An offer that was exported, with a later change that was refused and kept."""
    alena.push(offer)
    endpoint.run_export()
    (result,) = alena.push(alena.next_revision(offer))
    assert result.outcome is Outcome.CONFLICT
    return offer


def test_what_a_document_says_is_gone_from_the_file_and_its_log(endpoint: Endpoint, taken_over: Envelope) -> None:
    folder = endpoint.parts.layout.database.parent
    assert taken_over.completion is not None
    marks = [taken_over.completion.sealed_health[:200].encode(), taken_over.completion.answers_digest.encode()]
    assert all(any(mark in path.read_bytes() for path in folder.glob("endpoint.db*")) for mark in marks)
    purged(endpoint)
    assert set(bodies(endpoint)) == {""}
    assert not any(mark in path.read_bytes() for path in folder.glob("endpoint.db*") for mark in marks)


@pytest.mark.usefixtures("taken_over")
def test_the_record_of_the_take_over_stays(endpoint: Endpoint) -> None:
    queries = (
        "SELECT * FROM document", "SELECT * FROM export_item", "SELECT * FROM operation", "SELECT * FROM evaluation",
        "SELECT document_id, number, base_revision, digest, installation_id, backed_up_at FROM revision",
        "SELECT installation_id, operation, document, code, at FROM kept",
    )  # fmt: skip
    before = [rows(endpoint, query) for query in queries]
    purged(endpoint)
    assert [rows(endpoint, query) for query in queries] == before
    assert ("bodies_purged",) in rows(endpoint, "SELECT event FROM audit")
    assert rows(endpoint, "SELECT * FROM purging") == []


@pytest.mark.usefixtures("taken_over")
def test_nothing_goes_a_day_earlier(endpoint: Endpoint) -> None:
    purged(endpoint, -DAY)
    assert "" not in bodies(endpoint)


def texts(endpoint: Endpoint) -> set[str]:
    return {body for (body,) in rows(endpoint, "SELECT envelope FROM revision") if body}


def test_what_will_never_be_taken_over_goes_six_months_after_its_last_fact(endpoint: Endpoint, alena: Desk) -> None:
    cancelled, record, signed = alena.completion(), alena.completion(), alena.completion()
    alena.push(cancelled, record, signed)
    alena.push(alena.cancellation(cancelled))
    alena.push(alena.signed_off(signed, Attachment("a" * 64, 5)))
    with endpoint.parts.database.write() as connection:
        connection.execute(text("UPDATE document SET kind = 'other' WHERE uuid = :uuid"), {"uuid": record.document})
    purged(endpoint, -DAY)
    assert texts(endpoint) == {each.text() for each in (cancelled, record, signed)}
    purged(endpoint)
    assert texts(endpoint) == {signed.text()}  # its file has not come: it is still on its way


def test_what_was_refused_of_a_document_that_was_never_taken_in_goes_too(endpoint: Endpoint, alena: Desk) -> None:
    known = alena.completion()
    alena.push(known)
    stranger = replace(alena.completion(), number=known.number)
    (result,) = alena.push(stranger)
    assert (result.outcome, result.refusal and result.refusal.code) == (Outcome.CONFLICT, "number_taken")
    kept = "SELECT envelope FROM kept"
    purged(endpoint, -DAY)
    assert rows(endpoint, kept) == [(stranger.text(),)]
    purged(endpoint)
    assert rows(endpoint, kept) == [("",)]
    (again,) = alena.push(stranger)
    assert again == result


def test_the_sealed_files_of_a_signature_go_and_one_that_another_document_needs_stays(
    endpoint: Endpoint, alena: Desk
) -> None:
    own, shared = (Attachment(hashlib.sha256(content).hexdigest(), len(content)) for content in (b"one", b"of two"))
    gone, waiting = alena.completion(), alena.completion()
    alena.push(gone, waiting)
    alena.push(alena.signed_off(gone, own, shared))
    alena.push(alena.signed_off(waiting, shared, Attachment("b" * 64, 5)))
    for named, content in ((own, b"one"), (shared, b"of two")):
        alena.send("PUT", f"/v1/attachments/{named.digest}", content, Upload_Offset="0")
    endpoint.run_export()
    folder = endpoint.parts.layout.attachments
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {own.digest, shared.digest}
    purged(endpoint)
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {shared.digest}
    assert ("files_purged",) in rows(endpoint, "SELECT event FROM audit")


def test_of_an_export_file_a_receipt_is_left_that_a_restored_endpoint_reads(
    endpoint: Endpoint, taken_over: Envelope
) -> None:
    folder = endpoint.parts.layout.exports
    (before,) = importing.filed_runs(folder)
    assert before.lines[0]["answers"]
    purged(endpoint)
    assert not [path for path in folder.glob("*.jsonl") if before.key in path.name and "receipt" not in path.name]
    after = next(run for run in importing.filed_runs(folder) if run.key == before.key)
    assert after.manifest == before.manifest
    said = {"answers", "answers_digest", "health_digest", "premium"}
    assert after.lines[0] == {
        **{name: value for name, value in before.lines[0].items() if name not in said}, "health": "",
    }  # fmt: skip
    assert after.lines[0]["document"] == taken_over.document


@pytest.mark.usefixtures("taken_over")
def test_no_body_can_be_emptied_by_another_way(endpoint: Endpoint, alena: Desk) -> None:
    waiting = alena.completion()
    alena.push(waiting)
    of_waiting = {"uuid": waiting.document}
    guarded: dict[str, tuple[str, dict[str, str]]] = {
        "UPDATE revision SET envelope = ''": ("append-only", {}),
        "INSERT INTO purging SELECT id, uuid FROM document WHERE uuid = :uuid": ("taken over", of_waiting),
        "INSERT INTO purging SELECT id, 'x' FROM document WHERE exported_at IS NOT NULL": ("taken over", {}),
    }
    for statement, (reason, values) in guarded.items():
        with pytest.raises(IntegrityError, match=reason), endpoint.parts.database.write() as connection:
            connection.execute(text(statement), values)


@pytest.mark.parametrize("change", ["UPDATE revision SET digest = 'x'", "UPDATE revision SET envelope = 'x'"])
@pytest.mark.usefixtures("taken_over")
def test_even_of_what_is_being_purged_nothing_else_changes(endpoint: Endpoint, change: str) -> None:
    with endpoint.parts.database.write() as connection:
        connection.exec_driver_sql("INSERT INTO purging SELECT id, uuid FROM document")
        with pytest.raises(IntegrityError, match="append-only"):
            connection.exec_driver_sql(change)
        with pytest.raises(IntegrityError, match="append-only"):
            connection.exec_driver_sql("DELETE FROM revision")
        connection.exec_driver_sql("DELETE FROM purging")


def test_a_desk_that_asks_for_a_purged_body_is_told_that_there_is_none(
    endpoint: Endpoint, alena: Desk, taken_over: Envelope
) -> None:
    purged(endpoint)
    wanted = (taken_over.document, taken_over.revision)
    found = alena.ask("/v1/sync/bodies", {"want": [list(wanted)]}).get_json()
    assert (found["bodies"], found["unknown"]) == ([], [list(wanted)])


def test_a_desk_that_compares_has_nothing_to_bring_back_and_what_it_brings_changes_nothing(
    endpoint: Endpoint, alena: Desk, taken_over: Envelope
) -> None:
    assert taken_over.completion is not None
    purged(endpoint)
    listed = [[taken_over.document, taken_over.revision, taken_over.completion.digest, False, False]]
    assert alena.ask("/v1/sync/manifest", {"documents": listed}).get_json() == {"unknown": [], "differs": []}
    (result,) = alena.push(taken_over)
    assert result.outcome is Outcome.ACCEPTED
    assert set(bodies(endpoint)) == {""}
