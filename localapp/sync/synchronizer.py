"""The one synchronization of a desk: documents, then components; at most one at a time, and told while it goes on."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from localapp import clock
from localapp.domain.sync.line_refusals import NO_CONNECTION
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.timing import BY_HAND, COMPLETION
from localapp.store.sync_store import SyncStore
from localapp.sync.checking import Checked, check
from localapp.sync.component_report import Progress, Told
from localapp.sync.conversation import Refused
from localapp.sync.progress import Standing
from localapp.sync.session import Report, synchronize
from localapp.sync.transport import Transport, TransportFailed, busy

_LOG = logging.getLogger("smartclient.synchronization")
_FOLLOWS = frozenset({BY_HAND, COMPLETION})
_SAYS_NOTHING = NO_CONNECTION | {"components_busy"}
"""Refusals of an update that say nothing of the components themselves."""

UpdateComponents = Callable[[Transport, Told], Refusal | None]


class Synchronizer:
    """Runs synchronizations of one store. ``transport`` may take a while to be had; it raises TransportFailed."""

    def __init__(
        self,
        store: SyncStore,
        transport: Callable[[], Transport],
        update_components: UpdateComponents,
        ended: Callable[[Standing], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._transport = transport
        self._update_components = update_components
        self._ended = ended
        self._going_on = threading.Lock()
        self._settling = threading.Lock()  # held for the moment in which one ends and the next may be asked for
        self._asked_again = ""  # the cause of the one that follows
        self._standing = Standing()
        self._thread: threading.Thread | None = None
        self._paused_until = 0.0  # by ``clock.elapsed``, which nobody sets
        store.end_interrupted_runs()

    def standing(self) -> Standing:
        """How it stands now, or how the last one ended."""
        return self._standing

    def start(self, cause: str) -> bool:
        """Begin in the background; False when one goes on already, or as long as the endpoint asked to be left alone.

        One asked for by a person or a completion follows it: what was completed since may have missed this one.
        """
        if self._is_paused():
            return False
        with self._settling:
            if not self._going_on.acquire(blocking=False):
                self._asked_again = cause if cause in _FOLLOWS else self._asked_again
                return False
        self._begin()
        thread = threading.Thread(target=self._run_and_release, args=(cause,), name="synchronization", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # no thread can be had: nothing goes on, and the next one may try
            self._asked_again, self._standing = "", Standing(refusal=Refusal("synchronization_failed", {}))
            self._going_on.release()
            return False
        self._thread = thread
        return True

    def run(self, cause: str) -> Standing:
        """Synchronize now and wait for its end; when one goes on already, wait for that one's end instead."""
        if self._is_paused():
            return self._standing
        if self._going_on.acquire(blocking=False):
            self._begin()
            self._run_and_release(cause)
        else:
            with self._going_on:
                pass
        return self._standing

    def _is_paused(self) -> bool:
        """Whether the endpoint asked to be left alone until later; whoever asks is told until when."""
        left = self._paused_until - clock.elapsed()
        if left > 0 and not self._standing.running:
            self._standing = replace(self._standing, refusal=busy(left))
        return left > 0

    def check(self, document: str) -> Checked | Refusal:
        """Ask the insurer for one document's state; ``LATER`` when a synchronization goes on, which tells it anyway.

        As long as the endpoint asked to be left alone nothing is asked, and the answer says until when.
        """
        if self._is_paused():
            return self._standing.refusal or busy(self._paused_until - clock.elapsed())
        if not self._going_on.acquire(blocking=False):
            return Checked.LATER
        try:
            return self._checked(document)
        finally:
            if again := self._asked_meanwhile():
                self._begin()
                self._thread = threading.Thread(target=self._run_and_release, args=(again,), daemon=True)
                self._thread.start()

    def _checked(self, document: str) -> Checked | Refusal:
        enrolment = self._store.speaks_for(document)
        if enrolment is None or enrolment.confirmed_at is None:
            return Checked.UNKNOWN
        try:
            return check(self._store, self._transport(), enrolment, document)
        except TransportFailed as failed:
            self._pause(failed.retry_after)
            return failed.refusal
        except Refused as refused:
            self._pause(refused.retry_after)
            return refused.refusal

    def _pause(self, seconds: float | None) -> None:
        if seconds is not None:
            self._paused_until = clock.elapsed() + seconds

    def wait(self, seconds: float) -> None:
        """Wait for a synchronization that goes on, so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _begin(self) -> None:
        self._standing = Standing(running=True, phase="hello", began_at=clock.now())

    def _run_and_release(self, cause: str) -> None:
        self._run_to_its_end(cause)
        while again := self._asked_meanwhile():
            self._begin()
            self._run_to_its_end(again)
        self._ended(self._standing)

    def _asked_meanwhile(self) -> str:
        """The cause of one that was asked for; without one it has ended, and the next may begin."""
        with self._settling:
            again, self._asked_again = self._asked_again, ""
            if not again:
                self._standing = replace(self._standing, running=False, phase="idle")
                self._going_on.release()
            return again

    def _run_to_its_end(self, cause: str) -> None:
        refusal: Refusal | None = Refusal("synchronization_failed", {})
        try:
            refusal = self._run(cause)
        except Exception as failure:  # noqa: BLE001 - told on the page; its message may hold a client's data
            _LOG.error("synchronization failed: %s", type(failure).__name__)
        finally:
            self._standing = replace(self._standing, refusal=refusal)

    def _run(self, cause: str) -> Refusal | None:
        try:
            transport = self._transport()
        except TransportFailed as failed:
            self._store.note_run(cause, clock.now(), failed.refusal)
            return failed.refusal
        report = synchronize(self._store, transport, cause=cause, step=self._step)
        self._standing = replace(self._standing, retry_after=report.retry_after)
        if report.retry_after is not None:
            self._pause(report.retry_after)
            return report.refusal
        self._step("components", report)
        refusal = self._update_components(transport, self._tell)
        self._keep_component_refusals(refusal)
        return refusal or report.refusal

    def _keep_component_refusals(self, refusal: Refusal | None) -> None:
        """What the pages tell until the next update: each component that was not taken, and why."""
        if refusal is not None and refusal.code in _SAYS_NOTHING:
            return
        found = [each.refusal for each in self._standing.components if each.refusal is not None]
        if refusal is not None and refusal not in found:
            found.append(refusal)
        self._store.keep_component_refusals(found)

    def _step(self, phase: str, report: Report) -> None:
        self._standing = replace(self._standing, phase=phase, sent=report.sent, received=report.received)

    def _tell(self, progress: Progress) -> None:
        kept = {each.component: each for each in self._standing.components}
        kept[progress.component] = progress
        self._standing = replace(self._standing, components=tuple(kept.values()))
