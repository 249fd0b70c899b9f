"""What an endpoint answers is read, refused in its words, or told as no answer of an endpoint; never a crash."""

import json
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.refusals import REFUSALS
from localapp.sync.conversation import Conversation, Refused, ask_json
from localapp.sync.transport import LARGEST_ANSWER, Reply, TransportFailed
from tests.sync.answering import OURS


class Answering:
    """A transport that answers one thing and remembers what it was asked."""

    address = "http://127.0.0.1:8700"

    def __init__(self, status: int, body: bytes) -> None:
        self._reply = Reply(status, OURS, body)
        self.headers: dict[str, str] = {}
        self.body = b""

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        assert (method, target, most) == ("POST", "/v1/x", LARGEST_ANSWER)
        self.headers, self.body = dict(headers), body
        return self._reply


def asked(status: int, body: bytes) -> object:
    return ask_json(Answering(status, body), "POST", "/v1/x")


def test_an_answer_is_read() -> None:
    assert asked(200, b'{"a": [1, null]}') == {"a": [1, None]}


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b'{"a":', b"\xff\xfe", b"[" * 100_000, b"1" * 5_000])
@pytest.mark.parametrize("status", [200, 204, 404])
def test_a_body_that_is_no_json_is_not_an_endpoints(status: int, body: bytes) -> None:
    with pytest.raises(TransportFailed) as found:
        asked(status, body)
    assert found.value.refusal == Refusal("endpoint_not_recognized", {})


@pytest.mark.parametrize("status", [201, 206, 301, 302, 304, 307, 308])
def test_an_endpoint_neither_redirects_nor_answers_in_part(status: int) -> None:
    with pytest.raises(TransportFailed) as found:
        asked(status, b"{}")
    assert found.value.refusal.code == "endpoint_not_recognized"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_known_refusal_keeps_its_code_and_facts(code: str) -> None:
    with pytest.raises(Refused) as found:
        asked(403, json.dumps({"problem": code, "facts": {"minutes": 10}}).encode())
    assert (found.value.refusal, found.value.status) == (Refusal(code, {"minutes": "10"}), 403)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"problem": "of_the_future"}, "of_the_future"), ({"problem": ["x"]}, "418"), ({"problem": {}}, "418"),
        ({"problem": None}, "418"), ({"problem": ""}, "418"), ({}, "418"), ([], "418"), (None, "418"), (7, "418"),
        ({"problem": "x" * 99}, "x" * 40),
    ],
)  # fmt: skip
def test_an_unknown_refusal_is_told_as_the_endpoints_failure(answer: object, told: str) -> None:
    with pytest.raises(Refused) as found:
        asked(418, json.dumps(answer).encode())
    assert found.value.refusal == Refusal("endpoint_failed", {"status": told})


@pytest.mark.parametrize("facts", [None, [], "x", 7])
def test_facts_of_another_shape_are_no_facts(facts: object) -> None:
    with pytest.raises(Refused) as found:
        asked(409, json.dumps({"problem": "stale", "facts": facts}).encode())
    assert found.value.refusal == Refusal("stale", {})


@given(some.integers(100, 499), some.binary(max_size=60))
def test_any_answer_is_read_or_refused(status: int, body: bytes) -> None:
    with suppress(Refused, TransportFailed):
        assert asked(status, body) == json.loads(body)


def test_a_long_body_travels_compressed_and_is_signed_as_it_was() -> None:
    answering = Answering(200, b"{}")
    conversation = Conversation(answering, "i", bytes(32))
    conversation.ask("POST", "/v1/x", {"text": "a" * 5000})
    assert (answering.headers["Content-Encoding"], len(answering.body) < 200) == ("gzip", True)
    signature = answering.headers["SmartClient-Signature"]
    conversation.ask("POST", "/v1/x", {"text": "b"})
    assert "Content-Encoding" not in answering.headers
    assert answering.headers["SmartClient-Signature"] != signature
