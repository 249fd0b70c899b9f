"""What comes in is bounded and read with care: never a 5xx, never a stack trace."""

import gzip
import json
import zlib

import pytest
from flask.testing import FlaskClient

from endpoint.application import Endpoint
from endpoint.http.bodies import LARGEST_BODY
from localapp.domain.sync.messages import MOST_BYTES, MOST_OPERATIONS
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk

POSTS = [
    "/v1/partner-verifications",
    "/v1/enrolments",
    "/v1/successions",
    "/v1/link-codes",
    "/v1/links",
    "/v1/sync/hello",
]
POSTS += ["/v1/sync/push", "/v1/sync/changes", "/v1/sync/manifest"]
REFUSED = {"malformed", "installation_unknown", "signature_wrong", "partner_number_invalid"}
BOMB = gzip.compress(bytes(100 * 1024 * 1024), 9)
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "an HTML page": b"<!doctype html><title>Hotel</title>",
    "not UTF-8": b'{"partner_number": "\xff"}',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "NaN": b'{"partner_number": NaN}',
    "a huge number": b'{"cursor": ' + b"9" * 6000 + b"}",
    "a deep list": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "a lone surrogate": b'{"partner_number": "\\ud800", "stream": "\\ud800", "cursor": 0, "version": "\\ud800"}',
    "a zero byte": b'{"partner_number": "9000\\u00001"}',
    "wrong types": b'{"partner_number": {}, "operations": {}, "cursor": [], "stream": 3, "advisor": 1, "numbers": []}',
    "a negative cursor": b'{"cursor": -1, "stream": ""}',
    "a cursor beyond the file": b'{"cursor": 9223372036854775808, "stream": ""}',
}


@pytest.mark.parametrize("path", POSTS)
def test_what_is_no_message_is_refused_in_words(alena: Desk, path: str) -> None:
    session = "" if path in {"/v1/sync/hello", "/v1/enrolments", "/v1/successions"} else None
    for what, body in BODIES.items():
        for answer in (alena.ask(path, body, session=session), alena.http.post(path, data=body)):
            assert 400 <= answer.status_code < 500, (what, answer.text)
            assert answer.get_json()["problem"] in REFUSED, what


@pytest.mark.parametrize("path", POSTS)
def test_a_body_beyond_the_limit_is_refused_by_its_size(http: FlaskClient, path: str) -> None:
    answer = http.post(path, data=b" " * (LARGEST_BODY + 1))
    assert (answer.status_code, answer.get_json()["problem"]) == (413, "too_large")


@pytest.mark.parametrize("path", POSTS)
def test_a_gzip_bomb_is_stopped_at_the_limit(http: FlaskClient, path: str) -> None:
    answer = http.post(path, data=BOMB, headers={"Content-Encoding": "gzip"})
    assert len(BOMB) < 200_000
    assert (answer.status_code, answer.get_json()["problem"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", b"no gzip", 400),
        ("gzip", gzip.compress(b"{}", mtime=0)[:-4], 400),
        ("gzip", gzip.compress(b"{}", mtime=0) + b"more", 400),
        ("gzip", zlib.compress(b"{}"), 400),
        ("br", b"{}", 415),
        ("gzip, gzip", b"{}", 415),
    ],
)
def test_other_encodings_are_refused(http: FlaskClient, encoding: str, body: bytes, status: int) -> None:
    answer = http.post("/v1/partner-verifications", data=body, headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.get_json()["problem"]) == (status, "malformed")


def test_a_packed_push_is_signed_over_its_content(alena: Desk) -> None:
    offer = alena.completion()
    body = json.dumps({"operations": [offer.text()]}).encode()
    plain = alena.ask("/v1/sync/push", body)
    headers = {name: value for name, value in plain.request.headers if name.startswith("Smartclient")}
    packed = alena.http.post("/v1/sync/push", data=gzip.compress(body), headers={**headers, "Content-Encoding": "gzip"})
    assert packed.get_json() == plain.get_json()
    assert packed.get_json()["results"][0]["outcome"] == Outcome.ACCEPTED


def refused(desk: Desk, operations: object) -> str:
    answer = desk.ask("/v1/sync/push", {"operations": operations})
    assert answer.status_code == 422
    reason: str = answer.get_json()["facts"]["reason"]
    return reason


def test_a_push_keeps_to_its_limits(alena: Desk) -> None:
    offer = alena.completion()
    assert refused(alena, ["{}"] * (MOST_OPERATIONS + 1)) == "operations: 501 > 500"
    assert refused(alena, ["x" * MOST_BYTES, "x"]) == f"operations: {MOST_BYTES + 1} B > {MOST_BYTES} B"
    assert refused(alena, [offer.text(), offer.text()]) == "operations: two of one document"
    assert refused(alena, [offer.text(), alena.next_revision(offer).text()]) == "operations: two of one document"
    assert refused(alena, [offer.text(), 7]) == "operations"
    assert refused(alena, None) == "operations"
    assert alena.pull().documents == ()


HOSTILE = [
    "",
    "null",
    "[]",
    "{}",
    "\ud800",
    '{"operation":"\\ud800"}',
    "[" * 100_000,
    '{"a":' * 100_000,
    "9" * 5000,
    '{"operation": 7}',
]


def test_operations_that_are_none_are_rejected_one_by_one(alena: Desk) -> None:
    offer = alena.completion()
    results = alena.push(*HOSTILE, offer)
    assert [result.outcome for result in results] == [Outcome.REJECTED] * len(HOSTILE) + [Outcome.ACCEPTED]
    assert {result.refusal.code for result in results if result.refusal} == {"malformed"}


def test_a_known_id_is_recorded_even_of_a_broken_operation(alena: Desk) -> None:
    offer = alena.completion()
    broken = offer.text().replace('"kind":"completion"', '"kind":"nothing"')
    (first,) = alena.push(broken)
    assert (first.operation, first.outcome) == (offer.operation, Outcome.REJECTED)
    (reused,) = alena.push(offer)
    assert reused.refusal is not None
    assert reused.refusal.code == "operation_reused"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_refused(http: FlaskClient, method: str) -> None:
    answer = http.open("/v1/sync/push", method=method)
    assert (answer.status_code, answer.get_json()["problem"]) == (405, "malformed")


@pytest.mark.parametrize("path", ["/", "/v2/", "/v1/sync", "/v1//sync/hello", "/nothing", "/components/", "/static/x"])
def test_an_unknown_address_is_refused_in_the_same_shape(http: FlaskClient, path: str) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.get_json()["problem"]) == (404, "malformed")


def test_a_fault_of_the_program_tells_nothing(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError("Kanárková")

    monkeypatch.setattr("endpoint.partners.admit", fail)
    endpoint.app.test_client_class = FlaskClient
    answer = endpoint.app.test_client().post("/v1/partner-verifications", json={"partner_number": "900001"})
    assert (answer.status_code, answer.get_json()["problem"]) == (500, "endpoint_failed")
    assert answer.headers["SmartClient-Endpoint"] == "1"
    assert "Kanárková" not in answer.text
    assert "Traceback" not in answer.text
