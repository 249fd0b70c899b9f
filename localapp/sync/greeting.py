"""The beginning of a session: the lease and what there is to know before anything is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from localapp import __version__, clock
from localapp.domain.sync.messages import Hello, Refusal, Welcome, read_welcome
from localapp.domain.sync.parts import MessageRefused
from localapp.store.enrolments import Enrolment
from localapp.store.leases import Forked, Lease, Origin
from localapp.store.sync_store import SyncStore
from localapp.store.welcoming import BeforeHello
from localapp.sync.conversation import Conversation, Refused
from localapp.sync.transport import Transport, TransportFailed

FORKED = "installation_forked"
HELLO = "/v1/sync/hello"


@dataclass(frozen=True)
class Greeting:
    """A session that has begun: its welcome, whether something waits to be sent, and whether nothing else is due."""

    welcome: Welcome
    waits: bool
    is_quiet: bool


def greet(store: SyncStore, conversation: Conversation, enrolment: Enrolment, *, renew: bool = False) -> Greeting:
    """Begin a session and keep what its welcome brings; if nothing waits it can only read, without ``renew``.

    Raises Refused, TransportFailed, MessageRefused, Forked.
    """
    with store.leases.speaking:
        before = store.before_hello(enrolment)
        waits = before.waiting > 0
        lease = store.leases.begin(enrolment, before.lease, renew=renew or waits)
        welcome = read_welcome(_ask_for(conversation, _hello(before, enrolment, lease)))
        conversation.session = welcome.session
        is_quiet = store.welcome(enrolment.id, welcome, ahead=clock_difference(welcome))
    return Greeting(welcome, waits, is_quiet)


def _ask_for(conversation: Conversation, hello: Hello) -> Any:  # noqa: ANN401 - JSON
    """The answer to a hello. What the insurer refuses as a fork is one: an older state, or a second copy of it."""
    try:
        return conversation.ask("POST", HELLO, hello.as_json())
    except Refused as refused:
        if refused.refusal.code != FORKED:
            raise
        raise Forked(Origin.RESTORED) from None


def _hello(before: BeforeHello, enrolment: Enrolment, lease: Lease) -> Hello:
    return Hello(
        cursor=enrolment.cursor,
        stream=enrolment.stream,
        waiting=before.waiting,
        numbers=before.numbers,
        version=__version__,
        lease_previous=lease.previous,
        lease_next=lease.next,
    )


def ask_apart(store: SyncStore, transport: Transport, enrolment: Enrolment, target: str, content: object) -> Any:  # noqa: ANN401 - JSON
    """The answer to a call apart from a synchronization, in a session of its own. Raises Refused, TransportFailed.

    A synchronization that begins meanwhile ends that session; then it is asked once more.
    """
    conversation = Conversation(transport, enrolment.installation, enrolment.private_key)
    for attempt in (1, 2):
        try:
            greet(store, conversation, store.enrolment_at(enrolment.id), renew=True)
            return conversation.ask("POST", target, content)
        except Refused as refused:
            if refused.refusal.code != "session_ended" or attempt == 2:
                raise
            conversation.session = ""
        except Forked:
            raise Refused(Refusal(FORKED, {}), 409) from None
        except MessageRefused:
            raise TransportFailed("endpoint_not_recognized") from None
    raise AssertionError("two attempts end above")


def clock_difference(welcome: Welcome) -> timedelta:
    """By how much this computer's clock is ahead of the server's. Only told, never used in a decision."""
    return clock.now() - datetime.fromisoformat(welcome.server_time)
