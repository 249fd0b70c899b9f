"""A signature is a fact about one text: it ends editing, waits for its files, and is never lost when it comes late."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from endpoint.application import Endpoint
from endpoint.export.freeze import Run
from localapp import clock
from localapp.domain.sync.messages import PushResult
from localapp.domain.sync.operations import Envelope, Outcome
from localapp.domain.sync.signatures import Attachment
from tests.endpoint.conftest import NOON
from tests.endpoint.made_up import Desk, new_id

FILE = Attachment("ab" * 32, 5_000)


def pushed(desk: Desk, envelope: Envelope) -> PushResult:
    (result,) = desk.push(envelope)
    return result


def refused(result: PushResult) -> tuple[Outcome, str | None]:
    return result.outcome, result.refusal.code if result.refusal else None


@pytest.fixture
def offer(alena: Desk) -> Envelope:
    made = alena.completion()
    alena.push(made)
    return made


def manifest(endpoint: Endpoint, key: str) -> dict[str, Any]:
    content = (endpoint.parts.layout.exports / f"{key}.manifest.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(content)
    return found


def later_run(endpoint: Endpoint, minutes: int) -> Run:
    with clock.moved_to(NOON + timedelta(minutes=minutes)):
        return endpoint.run_export()


def test_a_signature_is_taken_in_once_and_goes_with_the_export(
    endpoint: Endpoint, alena: Desk, offer: Envelope
) -> None:
    signed = alena.signed_off(offer)
    result = pushed(alena, signed)
    assert result.facts is not None
    assert (result.outcome, bool(result.facts.signed_at), result.facts.revision) == (Outcome.ACCEPTED, True, 1)
    assert pushed(alena, signed).outcome is Outcome.ACCEPTED
    assert pushed(alena, replace(signed, operation=new_id())).outcome is Outcome.ACCEPTED
    assert endpoint.run_export().count == 1


def test_a_signed_document_is_neither_edited_nor_cancelled_nor_signed_otherwise(alena: Desk, offer: Envelope) -> None:
    pushed(alena, alena.signed_off(offer))
    assert refused(pushed(alena, alena.next_revision(offer))) == (Outcome.CONFLICT, "signed")
    assert refused(pushed(alena, alena.cancellation(offer))) == (Outcome.CONFLICT, "signed")
    assert refused(pushed(alena, alena.signed_off(offer, digest="0" * 64))) == (Outcome.CONFLICT, "signed")


def test_a_signature_of_another_text_or_an_older_revision_is_stale(alena: Desk, offer: Envelope) -> None:
    assert refused(pushed(alena, alena.signed_off(offer, digest="0" * 64))) == (Outcome.CONFLICT, "stale")
    newer = alena.next_revision(offer)
    pushed(alena, newer)
    assert refused(pushed(alena, alena.signed_off(offer))) == (Outcome.CONFLICT, "stale")
    assert pushed(alena, alena.signed_off(newer)).outcome is Outcome.ACCEPTED


def test_nothing_is_signed_that_is_not_there_or_is_cancelled_or_somebody_elses(
    alena: Desk, borek: Desk, offer: Envelope
) -> None:
    assert refused(pushed(alena, alena.signed_off(alena.completion()))) == (Outcome.CONFLICT, "not_permitted")
    his = replace(alena.signed_off(offer), installation=borek.installation, advisor_code=borek.advisor_code)
    result = pushed(borek, his)
    assert (refused(result), result.facts) == ((Outcome.CONFLICT, "not_permitted"), None)
    pushed(alena, alena.cancellation(offer))
    assert refused(pushed(alena, alena.signed_off(offer))) == (Outcome.CONFLICT, "cancelled")


def test_a_signed_document_whose_files_have_not_come_stays_behind(
    endpoint: Endpoint, alena: Desk, offer: Envelope
) -> None:
    result = pushed(alena, alena.signed_off(offer, FILE))
    assert result.facts is not None
    assert (result.outcome, result.facts.attachments_missing, result.planned_export_at) == (Outcome.ACCEPTED, 1, None)
    run = endpoint.run_export()
    assert (run.count, run.left_behind) == (0, 1)
    assert manifest(endpoint, run.key)["left_behind"] == [
        {"number": offer.number, "reason": "attachments_missing", "revision": 1}
    ]
    assert alena.hello().notices == (f"left_behind:{run.key}:{offer.number}:attachments_missing",)


def test_a_signature_after_the_export_is_kept_and_handed_in_with_the_next_run(
    endpoint: Endpoint, alena: Desk, offer: Envelope
) -> None:
    first = endpoint.run_export()
    signed = alena.signed_off(offer)
    result = pushed(alena, signed)
    assert refused(result) == (Outcome.CONFLICT, "signature_late")
    assert result.facts is not None
    assert (result.facts.exported_revision, result.facts.signed_at) == (1, None)
    second = later_run(endpoint, 1)
    (supplement,) = manifest(endpoint, second.key)["supplements"]
    assert (supplement["number"], supplement["agrees"], supplement["exported_with"]) == (offer.number, True, first.key)
    assert manifest(endpoint, first.key)["supplements"] == []
    third = later_run(endpoint, 2)
    assert (second.count, manifest(endpoint, third.key)["supplements"]) == (0, [])


def test_a_late_signature_of_another_text_is_named_to_people(endpoint: Endpoint, alena: Desk, offer: Envelope) -> None:
    endpoint.run_export()
    assert refused(pushed(alena, alena.signed_off(offer, digest="0" * 64))) == (Outcome.CONFLICT, "signature_late")
    (supplement,) = manifest(endpoint, later_run(endpoint, 1).key)["supplements"]
    assert supplement["agrees"] is False


def test_a_late_signature_waits_for_its_files(endpoint: Endpoint, alena: Desk, offer: Envelope) -> None:
    endpoint.run_export()
    pushed(alena, alena.signed_off(offer, FILE))
    assert manifest(endpoint, later_run(endpoint, 1).key)["supplements"] == []


@pytest.mark.parametrize(
    "files",
    [[{"digest": "x", "size": 1}], [{"digest": "ab" * 32, "size": 0}], [{"digest": "ab" * 32, "size": 1 << 40}],
     [{"digest": "ab" * 32, "size": 1}] * 2, [{"digest": "ab" * 32, "size": True}], {}, None, [1]],
)  # fmt: skip
def test_a_signature_of_another_shape_is_malformed(alena: Desk, offer: Envelope, files: object) -> None:
    content = json.loads(alena.signed_off(offer).text())
    content["signature"]["attachments"] = files
    (result,) = alena.push(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    assert refused(result) == (Outcome.REJECTED, "malformed")
