"""The way between a desk and the endpoint: it loses, cuts, doubles, and answers in somebody else's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from localapp.sync.transport import LARGEST_ANSWER, Reply, TransportFailed, checked
from tests.sim.insurer import ADDRESS

if TYPE_CHECKING:
    from tests.sim.world import World


class Fault(StrEnum):
    """What happens to one request."""

    NO_REQUEST = "the request is lost"
    NO_ANSWER = "the answer is lost"
    TWICE = "the request arrives twice"
    CUT_REQUEST = "the request is cut"
    CUT_ANSWER = "the answer is cut"
    HOTEL = "a page of the hotel answers"
    BAD_GATEWAY = "a proxy says 502, the endpoint has answered"
    FAILED = "the endpoint says 500"
    ENDPOINT_DIES = "the endpoint dies on the way"


@dataclass(frozen=True)
class Letter:
    """A request as it left; it may arrive late, and again."""

    desk: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Trouble:
    """What happens to the request with this place in the session; ``point`` is where the endpoint dies."""

    fault: Fault
    place: int = 0
    point: int = 1


class Line:
    """The transport of one desk. Every letter is kept; ``trouble`` meets one request of the next session."""

    address = ADDRESS

    def __init__(self, world: "World", desk: str) -> None:
        self._world, self._desk = world, desk
        self.trouble: Trouble | None = None
        self.met = False
        self._place = 0

    def begin(self, trouble: Trouble | None) -> None:
        """The next request is the first one of a session."""
        self.trouble, self.met, self._place = trouble, False, 0

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        letter = Letter(self._desk, method, target, dict(headers), body)
        self._world.letters.append(letter)
        trouble = self.trouble if self.trouble and self.trouble.place == self._place else None
        self._place += 1
        self.met = self.met or trouble is not None
        reply = self._world.deliver(letter) if trouble is None else self._troubled(letter, trouble)
        self._world.read.append((self._desk, reply.body))
        assert len(reply.body) <= most
        return reply

    def _troubled(self, letter: Letter, trouble: Trouble) -> Reply:
        fault, deliver = trouble.fault, self._world.deliver
        if fault is Fault.NO_REQUEST or (fault is Fault.CUT_REQUEST and not letter.body):  # cut, it is no request
            raise TransportFailed("endpoint_unreachable")
        if fault is Fault.ENDPOINT_DIES:
            return deliver(letter, dies_at=trouble.point)
        if fault is Fault.CUT_REQUEST:
            half = Letter(
                letter.desk, letter.method, letter.target, letter.headers, letter.body[: len(letter.body) // 2]
            )
            assert deliver(half).status >= 400, "half of a request was taken for a whole one"
            raise TransportFailed("endpoint_unreachable")
        if fault is Fault.HOTEL:
            return checked(200, {"Content-Type": "text/html"}, b"<html>Log in</html>")
        if fault is Fault.FAILED:
            return checked(500, {"SmartClient-Endpoint": "1"}, b"{}")
        reply = deliver(letter)
        if fault is Fault.TWICE:
            return deliver(letter)
        if fault is Fault.BAD_GATEWAY:
            return checked(502, {"Content-Type": "text/html"}, b"<html>Bad Gateway</html>")
        if fault is Fault.CUT_ANSWER:
            return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])
        raise TransportFailed("endpoint_unreachable")  # the answer is lost
