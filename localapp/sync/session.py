"""One synchronization of documents: hello, push until nothing waits, changes, contents that are not here.

Push first, so that a lock learned from the pull cannot turn a still good edit into a conflict. What each step has
brought is in the store before the next one begins: a broken line costs one batch at most.
"""

from collections.abc import Callable
from dataclasses import dataclass

from localapp import clock
from localapp.domain.sync.messages import Refusal, Welcome, read_changes
from localapp.domain.sync.parts import MessageRefused
from localapp.store.enrolments import Enrolment
from localapp.store.leases import Forked, Origin
from localapp.store.sync_store import SyncStore
from localapp.sync.attaching import deliver_files
from localapp.sync.auditing import audit
from localapp.sync.conversation import Conversation, Refused
from localapp.sync.enrolling import enrol_again, succeed
from localapp.sync.fetching import fetch_bodies
from localapp.sync.greeting import FORKED, Greeting, clock_difference, greet
from localapp.sync.pushing import Pushing
from localapp.sync.transport import Transport, TransportFailed

_UNKNOWN = "installation_unknown"
_INTERRUPTIBLE = frozenset({"push", "bodies"})
_MENDED = frozenset({FORKED, _UNKNOWN, "session_ended"})
CHANGES = "/v1/sync/changes"


@dataclass
class Report:
    """What a synchronization did: operations settled, documents told of, and what ended it early."""

    sent: int = 0
    received: int = 0
    refusal: Refusal | None = None
    welcome: Welcome | None = None
    retry_after: float | None = None
    """Seconds for which the endpoint asked to be left alone."""


Step = Callable[[str, Report], None]


def synchronize(store: SyncStore, transport: Transport, *, cause: str, step: Step = lambda *_: None) -> Report:
    """Synchronize all enrolments of this endpoint; never raises for what the network or the endpoint does.

    ``step`` is told ``hello``, ``push``, ``changes`` or ``bodies`` with the report so far.
    """
    report, run = Report(), _Run(store, cause)

    def noting(phase: str, so_far: Report) -> None:
        if phase in _INTERRUPTIBLE or so_far.received:
            run.moves_something()
        step(phase, so_far)

    ended: Refusal | None = Refusal("synchronization_failed", {})
    try:
        for enrolment in store.to_speak_for():
            if enrolment.endpoint == transport.address and report.retry_after is None:
                report.refusal = _one(store, transport, enrolment, report, noting) or report.refusal
        ended = report.refusal
    finally:
        run.ended(ended, report)
    return report


class _Run:
    """One line of Poslední synchronizace, written before anything is sent or contents are fetched.

    One page of the feed, or nothing at all, is told in a single write when it has ended: most runs are such.
    """

    def __init__(self, store: SyncStore, cause: str) -> None:
        self._store, self._cause, self._began_at = store, cause, clock.now()
        self._row: int | None = None

    def moves_something(self) -> None:
        if self._row is None:
            self._row = self._store.begin_run(self._cause, self._began_at)

    def ended(self, refusal: Refusal | None, report: Report) -> None:
        if self._row is None:
            self._store.note_run(self._cause, self._began_at, refusal, received=report.received)
        else:
            self._store.end_run(self._row, refusal=refusal, sent=report.sent, received=report.received)
        self._store.let_others_write()


def _one(store: SyncStore, transport: Transport, enrolment: Enrolment, report: Report, step: Step) -> Refusal | None:
    """One enrolment; once more after what it can mend by itself."""
    mended: set[str] = set()
    while True:
        try:
            _Session(store, transport, enrolment, report, step).run()
        except (Refused, Forked) as met:
            refusal = met.refusal if isinstance(met, Refused) else Refusal(FORKED, {})
            report.retry_after = met.retry_after if isinstance(met, Refused) else None
            if refusal.code in mended or refusal.code not in _MENDED:
                return refusal
            mended.add(refusal.code)
            origin = met.origin if isinstance(met, Forked) else None
            failed = _mend(store, transport, enrolment, origin, refusal)
            if failed is not None:
                return failed
            enrolment = store.enrolment_at(enrolment.id)
        except TransportFailed as failure:
            report.retry_after = failure.retry_after
            return failure.refusal
        except MessageRefused:
            return Refusal("endpoint_not_recognized", {})
        else:
            return None


def _mend(
    store: SyncStore, transport: Transport, enrolment: Enrolment, origin: Origin | None, refusal: Refusal
) -> Refusal | None:
    """After a fork go on as a new installation; enrol again where the insurer does not know us any more.

    A session that ended needs nothing but another one. Returned is why it could not be mended.
    """
    try:
        if origin is not None:
            _succeed(store, transport, enrolment, origin)
        elif refusal.code == _UNKNOWN:
            enrol_again(store, transport, enrolment)
    except (Refused, TransportFailed) as failed:
        return failed.refusal
    return None


def _succeed(store: SyncStore, transport: Transport, enrolment: Enrolment, origin: Origin) -> None:
    """A restored insurer may not know the ancestor any more; it is enrolled again then, so that it has a successor."""
    try:
        succeed(store, transport, enrolment, origin)
    except Refused as refused:
        if refused.refusal.code != _UNKNOWN:
            raise
        enrol_again(store, transport, enrolment)
        succeed(store, transport, enrolment, origin)


class _Session:
    """One conversation of one enrolment."""

    def __init__(
        self, store: SyncStore, transport: Transport, enrolment: Enrolment, report: Report, step: Step
    ) -> None:
        self._store, self._enrolment, self._report, self._step = store, enrolment, report, step
        self._conversation = Conversation(transport, enrolment.installation, enrolment.private_key)

    def run(self) -> None:
        self._step("hello", self._report)
        begun = self._hello()
        if begun.is_quiet and not (begun.waits or begun.welcome.changed):
            return
        welcome, waits = begun.welcome, begun.waits
        if not begun.is_quiet and audit(self._store, self._conversation, self._enrolment, welcome) and not waits:
            begun = self._hello(renew=True)
            welcome, waits = begun.welcome, True
        begins = welcome.changed and self._enrolment.cursor == 0
        if begins:  # what an older or another state of this database has sent is known before anything is made over it
            self._pull()
        behind = waits and self._push()  # what is completed from now on needs a renewed lease: the next run brings it
        if behind or (welcome.changed and not begins):
            self._pull()
        self._close(welcome, is_quiet=begun.is_quiet)

    def _close(self, welcome: Welcome, *, is_quiet: bool) -> None:
        """What comes after the documents; of a quiet session only contents can have become due."""
        if self._enrolment.ended_at is None and not is_quiet:
            self._store.note_night(welcome, ahead=clock_difference(welcome))
        fetch_bodies(
            self._store.bodies, self._conversation, self._enrolment.id, lambda: self._step("bodies", self._report)
        )
        if not is_quiet:
            deliver_files(self._store.attachments, self._conversation, self._enrolment.id)

    def _hello(self, *, renew: bool = False) -> Greeting:
        self._conversation.session = ""
        begun = greet(self._store, self._conversation, self._enrolment, renew=renew)
        if self._enrolment.ended_at is None:
            self._report.welcome = begun.welcome
        return begun

    def _push(self) -> bool:
        """Send what waits; whether the feed may tell more than the answers."""

        def settled(count: int) -> None:
            self._report.sent += count

        def step() -> None:
            self._step("push", self._report)

        return Pushing(self._store, self._conversation, self._enrolment, step, settled).run()

    def _pull(self) -> None:
        more, begun_again = True, False
        while more:
            self._step("changes", self._report)
            known = self._store.enrolment_at(self._enrolment.id)
            asked = {"cursor": known.cursor, "stream": known.stream}
            changes = read_changes(self._conversation.ask("POST", CHANGES, asked))
            stands_still = changes.more and changes.next <= known.cursor
            if (changes.resync and begun_again) or (stands_still and not changes.resync):
                raise MessageRefused("next")  # it would never end
            begun_again = begun_again or changes.resync
            if not self._store.apply_changes(known, known.cursor, changes):
                return
            self._report.received += len(changes.documents)
            more = changes.more or changes.resync
