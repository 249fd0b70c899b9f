"""Nobody sees another advisor's documents, numbers or digests: over every route of the endpoint."""

import base64
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from endpoint.application import Endpoint
from endpoint.store import schema
from localapp.domain.sync.messages import Hello
from localapp.domain.sync.operations import Envelope, Outcome
from tests.endpoint.made_up import Desk, new_id


@pytest.fixture
def alenas(endpoint: Endpoint, alena: Desk) -> list[Envelope]:
    """What Alena has at the insurer: exported, evaluated, returned, cancelled, not yet evaluated."""
    exported, evaluated, returned, cancelled, fresh = (alena.completion() for _ in range(5))
    assert returned.completion is not None
    returned = replace(returned, completion=replace(returned.completion, premium=None))
    alena.push(exported)
    endpoint.run_export()
    alena.push(evaluated, returned, cancelled)
    endpoint.evaluate_waiting()
    alena.push(alena.cancellation(cancelled))
    alena.push(fresh)
    assert len(alena.pull().documents) == 5
    return [exported, evaluated, returned, cancelled, fresh]


@pytest.fixture(params=["borek", "cyril", "impostor"])
def other(request: pytest.FixtureRequest, alenas: list[Envelope]) -> Desk:  # noqa: ARG001 - hers are there first
    """Somebody who is not Alena."""
    desk: Desk = request.getfixturevalue(request.param)
    return desk


def secrets_of(envelopes: list[Envelope]) -> set[str]:
    """What must not show: ids, numbers and digests."""
    found: set[str] = set()
    for each in envelopes:
        assert each.completion is not None
        content = each.completion
        found |= {each.document, each.operation, each.number, content.digest, content.answers_digest}
        found |= {content.health_digest, content.sealed_health[:40], content.advisor_health[:40]}
    return found


def questions(desk: Desk, envelopes: list[Envelope]) -> Iterator[tuple[str, str, Any]]:
    """Every route with everything that might make it talk; the mentioned ids are Alena's own."""
    yield "/v1/", "GET", None
    yield "/v1/openapi.json", "GET", None
    yield "/v1/partner-verifications", "POST", {"partner_number": "900001"}
    yield "/v1/enrolments", "POST", desk.enrolment()
    yield "/v1/successions", "POST", {"installation": new_id(), "public_key": base64.b64encode(bytes(32)).decode()}
    yield "/v1/link-codes", "POST", {"proof_hash": hashlib.sha256(b"x").hexdigest(), "wrapped_key": "AAAA"}
    yield "/v1/links", "POST", {"proof": base64.b64encode(b"guess").decode()}
    yield "/v1/sync/hello", "POST", Hello(0, "", 0, {"N26": 0}, "0.1.0", desk.lease, desk.lease).as_json()
    listed = [
        [each.document, each.revision, each.completion.digest, False, False] for each in envelopes if each.completion
    ]
    yield "/v1/sync/manifest", "POST", {"documents": listed}
    for cursor in (0, 3, 10**6):
        yield "/v1/sync/changes", "POST", {"cursor": cursor, "stream": ""}
        yield "/v1/sync/changes", "POST", {"cursor": cursor, "stream": desk.stream}
    yield "/v1/sync/bodies", "POST", {"want": [[each.document, each.revision] for each in envelopes]}
    for each in envelopes:
        yield "/v1/documents/<name>/state", "GET", each.document
    yield "/v1/attachments/<name>", "PUT", b"x"
    yield "/components/metadata/<name>", "GET", None
    yield "/components/targets/<path:name>", "GET", None
    for each in envelopes:
        for attempt in _attempts(desk, each):
            yield "/v1/sync/push", "POST", {"operations": [attempt]}


def _attempts(desk: Desk, hers: Envelope) -> Iterator[str]:
    """Her very operation; a revision, a cancellation and a fresh document under her id or number."""
    mine: dict[str, Any] = {"installation": desk.installation, "partner_number": desk.partner_number}
    mine |= {"advisor_code": desk.advisor_code}
    yield hers.text()
    yield replace(hers, **mine).text()
    yield replace(hers, **mine, operation=new_id(), base_revision=hers.revision, revision=2).text()
    yield replace(desk.cancellation(hers), **mine).text()
    yield replace(desk.completion(document=hers.document), **mine).text()


def test_every_route_is_asked(endpoint: Endpoint, alena: Desk) -> None:
    asked = {(rule, method) for rule, method, _ in questions(alena, [alena.completion()])}
    rules = endpoint.app.url_map.iter_rules()
    routes = {(rule.rule, method) for rule in rules for method in (rule.methods or set()) - {"HEAD"}}
    assert asked == routes


def test_others_see_no_document_number_or_digest(alenas: list[Envelope], other: Desk) -> None:
    other.pull()
    for rule, method, message in questions(other, alenas):
        address = rule.replace("<path:name>", alenas[0].number).replace("<name>", f"{alenas[0].document}.json")
        session = "" if rule in {"/v1/sync/hello", "/v1/enrolments", "/v1/successions"} else None
        is_read = method == "GET"
        if rule.endswith("/state"):
            text = other.send("GET", rule.replace("<name>", message)).text
        elif method == "PUT":
            text = other.send("PUT", address, message, Upload_Offset="0").text
        else:
            text = (other.http.get(address) if is_read else other.ask(address, message, session=session)).text
        if rule == "/v1/sync/hello":
            other.hello()
        said_by_asker = str(message)
        shown = {secret for secret in secrets_of(alenas) if secret in text and secret not in said_by_asker}
        assert not shown, (rule, text)


def test_others_change_nothing_of_hers(endpoint: Endpoint, alena: Desk, alenas: list[Envelope], other: Desk) -> None:
    before = dump(endpoint)
    for each in alenas:
        for attempt in _attempts(other, each):
            (result,) = other.push(attempt)
            assert result.outcome in {Outcome.CONFLICT, Outcome.REJECTED}
            assert result.facts is None
    assert dump(endpoint) == before
    assert other.pull().documents == ()
    assert not other.hello().changed
    alena.cursor = 0
    assert {facts.document for facts in alena.pull().documents} == {each.document for each in alenas}


def test_a_stranger_cannot_tell_her_number_from_a_free_one(alenas: list[Envelope], other: Desk) -> None:
    taken = other.completion(number=alenas[0].number)
    free = other.completion(number="N26-900000")
    found = [(result.outcome, result.refusal and result.refusal.code) for result in other.push(taken, free)]
    assert found[0] == found[1]


def test_nothing_is_told_apart_packed_or_not(alenas: list[Envelope], other: Desk) -> None:
    answer = other.ask("/v1/sync/changes", gzip.compress(b'{"cursor": 0, "stream": ""}'))
    assert not [secret for secret in secrets_of(alenas) if secret in answer.text]


def dump(endpoint: Endpoint) -> list[tuple[Any, ...]]:
    with endpoint.parts.database.read() as connection:
        tables = (schema.document, schema.revision)
        return [tuple(row) for table in tables for row in connection.execute(table.select())]
