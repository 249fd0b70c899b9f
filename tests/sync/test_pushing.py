"""Sending in several batches: the next one is frozen while one is under way, and nothing goes twice or gets lost."""

import json

import pytest

from endpoint.application import Endpoint
from localapp.output import sealing
from localapp.sync import pushing
from tests.store.made_up import completed_offer
from tests.sync.answering import Computer, raw, with_json


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two operations."""
    monkeypatch.setattr(pushing, "MOST_OPERATIONS", 2)


def at_the_insurer(endpoint: Endpoint) -> list[str]:
    """The documents in the order in which they arrived."""
    with endpoint.parts.database.read() as connection:
        return list(connection.exec_driver_sql("SELECT uuid FROM document ORDER BY sequence").scalars())


@pytest.mark.usefixtures("two_at_a_time")
def test_several_batches_deliver_each_document_once_and_in_order(endpoint: Endpoint, alena: Computer) -> None:
    documents = [completed_offer(alena.store) for _ in range(7)]
    report = alena.synchronize()
    assert (report.refusal, report.sent) == (None, 7)
    assert at_the_insurer(endpoint) == documents
    assert alena.store.outbox() == []
    assert alena.line.asked.count("/v1/sync/changes") == 0  # the answers told all there was


@pytest.mark.usefixtures("two_at_a_time")
@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_batch_whose_answer_is_lost_costs_that_batch_only(endpoint: Endpoint, alena: Computer, broken: int) -> None:
    documents = [completed_offer(alena.store) for _ in range(7)]
    alena.line.answers("/push", *[with_json(lambda answer: answer)] * broken, raw(b""))
    report = alena.synchronize()
    assert report.refusal is not None
    assert report.sent == 2 * broken
    assert all(each.refusal for each in alena.store.outbox()[:2])
    assert alena.synchronize().refusal is None
    assert at_the_insurer(endpoint) == documents
    assert alena.store.outbox() == []


@pytest.mark.usefixtures("two_at_a_time")
def test_an_answer_that_leaves_one_out_sends_nothing_more(endpoint: Endpoint, alena: Computer) -> None:
    documents = [completed_offer(alena.store) for _ in range(5)]
    alena.line.answers("/push", with_json(lambda answer: answer | {"results": answer["results"][:1]}))
    assert alena.synchronize().sent == 1
    assert len(at_the_insurer(endpoint)) == 2
    alena.synchronize()
    assert at_the_insurer(endpoint) == documents


def test_what_was_completed_is_ready_to_leave_without_sealing_anything(
    alena: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed_offer(alena.store)
    monkeypatch.setattr(sealing, "_SUITE", None)
    assert alena.synchronize().sent == 1


def test_what_was_made_ready_for_other_keys_is_made_anew(endpoint: Endpoint, alena: Computer) -> None:
    document = completed_offer(alena.store)
    alena.store.sync.link(alena.enrolment.id, bytes(range(32)))
    alena.synchronize()
    with endpoint.parts.database.read() as connection:
        text = str(connection.exec_driver_sql("SELECT envelope FROM revision").scalar_one())
    completion = json.loads(text)["completion"]
    context = f"smartclient/health/{document}/1".encode()
    assert sealing.unlock_with(bytes(range(32)), completion["advisor_health"], context)
