"""The state of one document: told to whoever may see it, and to nobody else even that it is there."""

from typing import Any

import pytest

from endpoint.application import Endpoint
from localapp.domain.sync.messages import read_facts
from tests.endpoint.made_up import Desk


def state(desk: Desk, document: str) -> Any:  # noqa: ANN401 - JSON
    return desk.send("GET", f"/v1/documents/{document}/state").get_json()


def test_the_state_is_what_the_feed_would_tell(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    assert state(alena, offer.document)["facts"] is None
    alena.push(offer)
    endpoint.run_export()
    found = read_facts(state(alena, offer.document)["facts"])
    assert found == alena.pull().documents[0]
    assert found.exported_at is not None


def test_a_document_of_somebody_else_is_as_one_that_does_not_exist(alena: Desk, borek: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    told = state(borek, offer.document)
    assert told["facts"] is None
    assert told.keys() == state(borek, borek.completion().document).keys()


@pytest.mark.parametrize("named", ["x", "1", "N26-000001", "a" * 500])
def test_what_is_no_document_is_refused(alena: Desk, named: str) -> None:
    answer = alena.send("GET", f"/v1/documents/{named}/state")
    assert (answer.status_code, answer.get_json()["problem"]) == (422, "malformed")


def test_without_a_session_nothing_is_told(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    path = f"/v1/documents/{offer.document}/state"
    alena.session = "another"
    answer = alena.send("GET", path)
    assert (answer.status_code, answer.get_json()["problem"]) == (401, "session_ended")
