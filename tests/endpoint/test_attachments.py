"""Sealed files come in parts, whole or not at all, for the advisor whose document names them and for nobody else."""

import hashlib
from dataclasses import replace

import pytest

from endpoint.application import Endpoint
from localapp.domain.sync.operations import Envelope
from localapp.domain.sync.signatures import MOST_PART, Attachment
from tests.endpoint.made_up import Desk

FILE = bytes(range(256)) * 10
DIGEST = hashlib.sha256(FILE).hexdigest()
PLACE = f"/v1/attachments/{DIGEST}"


@pytest.fixture
def signed(alena: Desk) -> Envelope:
    """An offer of Alena's whose signature names the file."""
    offer = alena.completion()
    alena.push(offer)
    alena.push(alena.signed_off(offer, Attachment(DIGEST, len(FILE))))
    return offer


def offset(desk: Desk) -> tuple[int, str | None]:
    answer = desk.send("HEAD", PLACE)
    return answer.status_code, answer.headers.get("Upload-Offset")


def put(desk: Desk, start: int, part: bytes, place: str = PLACE) -> tuple[int, str | None]:
    answer = desk.send("PUT", place, part, Upload_Offset=str(start))
    return answer.status_code, answer.get_json().get("problem")


def missing(desk: Desk) -> int:
    desk.cursor = 0
    (facts,) = desk.pull().documents
    return facts.attachments_missing


def test_a_file_in_parts_goes_on_where_it_was_and_lets_the_document_go(
    endpoint: Endpoint, alena: Desk, signed: Envelope
) -> None:
    assert (offset(alena), missing(alena)) == ((200, "0"), 1)
    assert put(alena, 0, FILE[:1000]) == (200, None)
    assert offset(alena) == (200, "1000")
    assert put(alena, 0, FILE[:1000]) == (409, "attachment_offset")
    assert put(alena, 2000, FILE[2000:]) == (409, "attachment_offset")
    assert (put(alena, 1000, FILE[1000:]), missing(alena)) == ((200, None), 0)
    assert (offset(alena), put(alena, len(FILE), b"")) == ((200, str(len(FILE))), (200, None))
    assert endpoint.run_export().count == 1
    (kept,) = (endpoint.parts.layout.attachments).rglob(DIGEST)
    assert (kept.read_bytes(), signed.document != "") == (FILE, True)


def test_a_file_that_is_not_what_was_named_begins_anew(alena: Desk, signed: Envelope) -> None:  # noqa: ARG001
    wrong = FILE[:-1] + b"!"
    assert put(alena, 0, wrong) == (422, "digest_wrong")
    assert (offset(alena), missing(alena)) == ((200, "0"), 1)
    assert (put(alena, 0, FILE), missing(alena)) == ((200, None), 0)


def test_no_more_comes_than_was_named(alena: Desk, signed: Envelope) -> None:  # noqa: ARG001
    assert put(alena, 0, FILE + b"!") == (413, "too_large")
    assert put(alena, 0, bytes(MOST_PART + 1)) == (413, "too_large")
    assert offset(alena) == (200, "0")


def test_a_file_that_no_own_document_names_is_not_taken(
    endpoint: Endpoint, alena: Desk, borek: Desk, impostor: Desk, signed: Envelope  # noqa: ARG001
) -> None:  # fmt: skip
    assert put(alena, 0, b"x", f"/v1/attachments/{'0' * 64}") == (404, "attachment_unknown")
    for other in (borek, impostor):
        assert (offset(other)[0], put(other, 0, FILE)) == (404, (404, "attachment_unknown"))
    assert list(endpoint.parts.layout.attachments.rglob("*.begun")) == []


def test_the_same_file_of_another_advisor_is_a_file_of_its_own(
    alena: Desk, borek: Desk, signed: Envelope  # noqa: ARG001
) -> None:  # fmt: skip
    put(alena, 0, FILE)
    offer = borek.completion()
    borek.push(offer)
    borek.push(borek.signed_off(offer, Attachment(DIGEST, len(FILE))))
    assert (offset(borek), missing(borek)) == ((200, "0"), 1)


def test_a_file_that_is_here_already_counts_for_a_further_document(alena: Desk, signed: Envelope) -> None:
    put(alena, 0, FILE)
    other = alena.completion()
    alena.push(other)
    (result,) = alena.push(alena.signed_off(other, Attachment(DIGEST, len(FILE))))
    assert result.facts is not None
    assert result.facts.attachments_missing == 1
    assert offset(alena) == (200, str(len(FILE)))
    alena.cursor = 0
    assert {facts.attachments_missing for facts in alena.pull().documents} == {0}
    assert signed.document != other.document


@pytest.mark.parametrize("place", ["x", "0" * 63, "0" * 65, "..%2f..%2fendpoint.db", DIGEST.upper()])
def test_a_name_that_is_no_digest_leads_nowhere(alena: Desk, signed: Envelope, place: str) -> None:  # noqa: ARG001
    answer = alena.send("PUT", f"/v1/attachments/{place}", b"x", Upload_Offset="0")
    assert answer.status_code in {401, 404, 422}  # an encoded slash is signed as it was sent


@pytest.mark.parametrize("start", ["", "-1", "1.5", "٣", "9" * 20])
def test_an_offset_that_is_none_is_refused(alena: Desk, signed: Envelope, start: str) -> None:  # noqa: ARG001
    headers = {"Upload_Offset": start} if start.isascii() else {}
    assert alena.send("PUT", PLACE, FILE, **headers).status_code == 422


def test_a_late_signature_is_handed_in_once_its_file_has_come(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    endpoint.run_export()
    late = alena.signed_off(offer, Attachment(DIGEST, len(FILE)))
    alena.push(replace(late, base_revision=1))
    assert put(alena, 0, FILE) == (200, None)
    assert offset(alena) == (200, str(len(FILE)))
