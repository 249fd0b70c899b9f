"""Whatever can be made from the endpoint's own description, right or wrong, is answered as described and tells nothing.

Each request is sent four ways: signed by Cyril, with a signature of something else, by Cyril's key in the name of
Alena's installation, and with whatever was generated for headers.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from endpoint import demo
from endpoint.application import Endpoint, create_endpoint
from endpoint.http.openapi import description
from localapp import clock
from localapp.domain.sync.signing import INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER
from tests.endpoint.described import check
from tests.endpoint.made_up import OTHER_PARTNER, Desk

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
BEFORE_A_SESSION = {"/v1/enrolments", "/v1/successions", "/v1/sync/hello"}
ADVISOR = "alena-2718281"
SCHEMA = schemathesis.openapi.from_dict(description())
SETTINGS = settings(
    max_examples=int(os.environ.get("SMARTCLIENT_GENERATED", "25")),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """One endpoint for all that is generated."""
    folder = tmp_path_factory.mktemp("generated") / "endpoint"
    with clock.moved_to(NOON):
        demo.seed(folder, publish=False)
        running = create_endpoint(folder)
        yield running
        running.close()


@pytest.fixture(scope="module")
def alena(endpoint: Endpoint) -> Desk:
    """Alena, with an exported document and one that waits."""
    desk = Desk(endpoint.app.test_client(), advisor_code=ADVISOR)
    desk.enrol()
    desk.hello()
    desk.push(desk.completion())
    endpoint.run_export()
    desk.push(desk.completion())
    return desk


@pytest.fixture(scope="module")
def hers(alena: Desk) -> set[str]:
    """What nobody but Alena may read."""
    documents = alena.pull().documents
    assert len(documents) == 2
    found = {alena.installation, alena.session, ADVISOR}
    for each in documents:
        found |= {each.document, each.number, each.digest}
    return found


@pytest.fixture
def cyril(endpoint: Endpoint) -> Desk:
    """Another installation of Cyril's for each call, so that none spoils another's session."""
    desk = Desk(endpoint.app.test_client(), partner_number=OTHER_PARTNER, advisor_code="cyril")
    desk.enrol()
    desk.hello()
    return desk


@SCHEMA.parametrize()
@SETTINGS
def test_generated_requests_are_answered_as_described(case: Any, cyril: Desk, alena: Desk, hers: set[str]) -> None:  # noqa: ANN401 - the tool's own
    asked = case.as_transport_kwargs(base_url="http://endpoint")
    path, body = str(asked["url"]).removeprefix("http://endpoint"), _body(asked)
    given = {name: str(value) for name, value in (asked.get("headers") or {}).items() if name != "Content-Length"}
    for signature in _signatures(cyril, alena, path, body):
        answer = _ask(cyril, asked, path, body, {**given, **signature})
        check(answer)
        told = answer.get_data(as_text=True) + str(answer.headers)
        mentioned = body.decode("utf-8", "replace") + path + str(given)
        assert not {secret for secret in hers if secret in told and secret not in mentioned}


def _signatures(cyril: Desk, alena: Desk, path: str, body: bytes) -> Iterator[dict[str, str]]:
    session = "" if path in BEFORE_A_SESSION else cyril.session
    right = cyril.signature(path, body, session)
    own = {INSTALLATION_HEADER: cyril.installation, SESSION_HEADER: session, SIGNATURE_HEADER: right}
    yield {}
    yield own
    yield {**own, SIGNATURE_HEADER: cyril.signature(path, body + b" ", session)}
    yield {**own, INSTALLATION_HEADER: alena.installation, SESSION_HEADER: session and alena.session}


def _body(asked: dict[str, Any]) -> bytes:
    if asked.get("json") is not None:
        return json.dumps(asked["json"]).encode()
    data = asked.get("data")
    return data if isinstance(data, bytes) else str(data or "").encode("utf-8", "replace")


def _ask(desk: Desk, asked: dict[str, Any], path: str, body: bytes, headers: dict[str, str]) -> Any:  # noqa: ANN401 - an answer
    query = asked.get("params") or None
    return desk.http.open(path, method=asked["method"], data=body, headers=headers, query_string=query, buffered=True)
