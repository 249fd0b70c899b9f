"""The step after the changes: the contents that this desk lacks. Only a linked installation gets any."""

from collections.abc import Callable

from localapp.domain.sync.bodies import ask_for, read_bodies
from localapp.domain.sync.parts import MessageRefused
from localapp.store.body_store import BodyStore
from localapp.sync.conversation import Conversation

BODIES = "/v1/sync/bodies"


def fetch_bodies(store: BodyStore, conversation: Conversation, enrolment: int, step: Callable[[], None]) -> None:
    """Ask until nothing more is wanted; what was refused before once more. ``step`` is told before each request.

    What has come is in the store before the next request. Raises Refused, TransportFailed, MessageRefused.
    """
    if not store.wants_anything(enrolment):
        return
    while wanted := store.wanted(enrolment):
        step()
        answer = conversation.ask("POST", BODIES, ask_for([(each.document, each.revision) for each in wanted]))
        if not store.take(enrolment, wanted, read_bodies(answer)):
            raise MessageRefused("bodies")  # it would never end
    again = store.wanted(enrolment, again=True)
    if again:
        answer = conversation.ask("POST", BODIES, ask_for([(each.document, each.revision) for each in again]))
        store.take(enrolment, again, read_bodies(answer))
