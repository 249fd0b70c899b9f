"""What the endpoint answers to one operation."""

from localapp.domain.sync.messages import PushResult
from localapp.domain.sync.operations import Envelope
from tests.endpoint.made_up import Desk


def code(result: PushResult) -> str | None:
    return result.refusal.code if result.refusal else None


def one(desk: Desk, envelope: Envelope | str) -> PushResult:
    (result,) = desk.push(envelope)
    return result
