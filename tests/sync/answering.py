"""Alena's store beside the real endpoint in this process, on a line that can answer wrong."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from endpoint.application import Endpoint
from localapp.domain.sync.enrolment import Advisor
from localapp.domain.sync.signing import ENDPOINT_HEADER
from localapp.store.enrolments import Enrolment
from localapp.store.store import Store
from localapp.sync.enrolling import begin, confirm, verify_partner
from localapp.sync.session import Report, synchronize
from localapp.sync.transport import LARGEST_ANSWER, Reply, checked
from tests.connecting import InProcess

ALENA = Advisor("Alena", "Nováková", "anovakova", "012345PPZ")
OURS = {ENDPOINT_HEADER: "1"}
Change = Callable[[Reply], Reply]


class Line(InProcess):
    """The way to the endpoint. ``changes`` alter, one after another, the answers whose target ends with their key."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint.app.test_client())
        self.changes: dict[str, list[Change]] = {}

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        reply = super().ask(method, target, headers, body, most=most)
        for end, changes in self.changes.items():
            if target.endswith(end) and changes:
                changed = changes.pop(0)(reply)
                return checked(changed.status, changed.headers, changed.body)
        return reply

    def answers(self, end: str, *changes: Change) -> None:
        """The next answers of calls that end so are changed."""
        self.changes[end] = list(changes)


@dataclass
class Computer:
    """One advisor's store and line."""

    store: Store
    line: Line
    reports: list[Report] = field(default_factory=list)

    @property
    def enrolment(self) -> Enrolment:
        """The current enrolment."""
        found = self.store.sync.enrolment()
        assert found is not None
        return found

    def enrol(self, partner_number: str = "900001", advisor: Advisor = ALENA) -> bool:
        """Activate; whether the advisor was known already."""
        partner = verify_partner(self.line, partner_number)
        return confirm(self.store.sync, self.line, begin(self.store.sync, self.line, partner, advisor))

    def synchronize(self) -> Report:
        """Synchronize once."""
        return synchronize(self.store.sync, self.line, cause="by_hand")


def says(content: Any, status: int = 200) -> Change:  # noqa: ANN401 - JSON
    """Another answer of an endpoint instead."""
    return lambda _: Reply(status, OURS, json.dumps(content).encode())


def refuses(code: str, status: int = 409, **facts: str) -> Change:
    """A refusal instead."""
    return says({"problem": code, "cs": "-", "en": "-", "facts": facts}, status)


def with_json(change: Callable[[Any], Any]) -> Change:
    """The endpoint's own answer, changed."""
    return lambda reply: Reply(reply.status, reply.headers, json.dumps(change(json.loads(reply.body))).encode())


def html(_: Reply) -> Reply:
    """A page of a hotel's network."""
    return Reply(200, {"Content-Type": "text/html"}, b"<html>Log in to the network</html>")


def raw(body: bytes, status: int = 200) -> Change:
    """These bytes instead."""
    return lambda _: Reply(status, OURS, body)


def as_it_is(reply: Reply) -> Reply:
    """The endpoint's own answer."""
    return reply
