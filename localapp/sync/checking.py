"""The check of one document's state: what the insurer knows of it now, apart from a synchronization.

Two short requests that only read. What is told is kept as if the feed had told it. Source: docs/sync-protocol.md.
"""

from enum import StrEnum

from localapp.domain.sync.messages import Refusal, read_facts
from localapp.domain.sync.parts import MessageRefused, an_object
from localapp.store.enrolments import Enrolment
from localapp.store.leases import Forked
from localapp.store.sync_store import SyncStore
from localapp.sync.conversation import Conversation, Refused
from localapp.sync.greeting import FORKED, greet
from localapp.sync.transport import Transport, TransportFailed

STATE = "/v1/documents/{}/state"


class Checked(StrEnum):
    """What a check found: the document, none, or that a synchronization has to come first."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    LATER = "later"


def check(store: SyncStore, transport: Transport, enrolment: Enrolment, document: str) -> Checked:
    """Ask for the document's state and keep it. Raises Refused, TransportFailed.

    ``LATER``: the insurer's database was restored and may know less than this desk, which has to be compared first.
    """
    conversation = Conversation(transport, enrolment.installation, enrolment.private_key)
    try:
        begun = greet(store, conversation, enrolment)
        if enrolment.stream not in {"", begun.welcome.stream}:
            return Checked.LATER
        found = an_object(conversation.ask("GET", STATE.format(document))).get("facts")
        if found is None:
            return Checked.UNKNOWN
        facts = read_facts(found)
    except Forked:
        raise Refused(Refusal(FORKED, {}), 409) from None
    except MessageRefused:
        raise TransportFailed("endpoint_not_recognized") from None
    if facts.document != document:
        raise TransportFailed("endpoint_not_recognized")
    store.learn(enrolment.id, facts)
    return Checked.KNOWN
