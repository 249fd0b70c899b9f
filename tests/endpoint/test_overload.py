"""Who does not come to his turn is asked to come back later; nothing of his is done, and nobody else is hindered."""

import sqlite3

import pytest

from endpoint.application import Endpoint
from endpoint.http.application import LEAST_PAUSE
from endpoint.store import engine
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk


def busy(desk: Desk) -> None:
    answer = desk.ask("/v1/sync/push", {"operations": []})
    assert (answer.status_code, answer.get_json()["problem"]) == (503, "endpoint_busy")
    assert LEAST_PAUSE <= int(answer.headers["Retry-After"]) < 2 * LEAST_PAUSE


def test_a_writer_that_is_not_let_in_is_told_when_to_come_back(
    endpoint: Endpoint, alena: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    with endpoint.parts.database.write():
        busy(alena)
        assert alena.pull().documents == ()  # reading waits for nobody
    assert alena.push(alena.completion())[0].outcome is Outcome.ACCEPTED


def test_a_file_that_another_process_holds_is_overload_too(
    endpoint: Endpoint, alena: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    endpoint.parts.database.engine.dispose()
    other = sqlite3.connect(endpoint.parts.layout.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    busy(alena)
    other.execute("ROLLBACK")
    other.close()
    assert alena.push(alena.completion())[0].outcome is Outcome.ACCEPTED
