"""The change feed: every change once, in order, in pages, and a new beginning when the stream is another."""

import json
from datetime import timedelta

from endpoint.application import Endpoint
from localapp import clock
from localapp.domain.sync.messages import MOST_CHANGES
from tests.endpoint.conftest import NOON
from tests.endpoint.made_up import Desk, new_id


def test_each_change_comes_once_with_the_facts_of_now(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    assert len(alena.pull().documents) == 1
    endpoint.evaluate_waiting()
    endpoint.run_export()
    (facts,) = alena.pull().documents
    assert facts.evaluated_at
    assert facts.exported_at
    assert alena.pull().documents == ()


def test_hello_says_whether_a_pull_would_bring_anything(alena: Desk, borek: Desk) -> None:
    borek.push(borek.completion())
    assert not alena.hello().changed
    alena.push(alena.completion())
    assert alena.hello().changed
    alena.pull()
    assert not alena.hello().changed


def test_hello_names_the_next_cutoff_by_the_servers_clock(alena: Desk) -> None:
    assert alena.hello().cutoff_at == "2026-11-25T20:00:00.000000+00:00"
    with clock.moved_to(NOON + timedelta(hours=9)):
        welcome = alena.hello()
    assert (welcome.server_time, welcome.cutoff_at) == (
        "2026-11-25T20:00:00.000000+00:00",
        "2026-11-26T20:00:00.000000+00:00",
    )


def test_many_documents_come_in_pages(endpoint: Endpoint, alena: Desk) -> None:
    count = MOST_CHANGES + 3
    first = alena.completion()
    alena.push(first)
    with endpoint.parts.database.write() as connection:
        for number in range(1, count):
            connection.exec_driver_sql(
                "INSERT INTO document (uuid, number, sequence, advisor_id, installation_id, kind, digest, "
                "backed_up_at, revision) SELECT ?, ?, ?, advisor_id, installation_id, kind, digest, backed_up_at, 1 "
                "FROM document WHERE id = 1",
                (new_id(), f"N25-{number:06d}", 1_000 + number),
            )
        connection.exec_driver_sql("UPDATE counter SET value = 100000")
    pages = [alena.pull(), alena.pull(), alena.pull()]
    assert [(len(page.documents), page.more) for page in pages] == [(MOST_CHANGES, True), (3, False), (0, False)]
    sequences = [facts.sequence for page in pages for facts in page.documents]
    assert sequences == sorted(set(sequences))
    assert len(sequences) == count


def test_a_cursor_of_another_stream_begins_again(alena: Desk) -> None:
    alena.push(alena.completion())
    alena.pull()
    for cursor, stream in ((alena.cursor, "another"), (alena.cursor, ""), (10**6, alena.stream)):
        answer = alena.ask("/v1/sync/changes", {"cursor": cursor, "stream": stream}).get_json()
        assert (answer["resync"], answer["documents"], answer["next"]) == (True, [], 0)
        assert answer["stream"] == alena.stream


def test_the_feed_has_facts_and_never_answers(alena: Desk) -> None:
    alena.push(alena.completion())
    text = alena.ask("/v1/sync/changes", {"cursor": 0, "stream": ""}).text
    assert set(json.loads(text)["documents"][0]) == {
        *("document", "number", "kind", "sequence", "revision", "digest", "verified", "export", "position"),
        *("backed_up_at", "evaluated_at", "returned_at", "returned", "cancelled_at", "exported_at"),
        *("exported_revision", "signed_at", "attachments_missing"),
    }
    assert "Příhodová" not in text
