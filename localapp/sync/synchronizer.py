"""The one synchronization of a desk: documents, then components; at most one at a time, and told while it goes on."""

import threading
from collections.abc import Callable
from dataclasses import replace

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.store.sync_store import SyncStore
from localapp.sync.component_report import Progress, Told
from localapp.sync.progress import Standing
from localapp.sync.session import Report, synchronize
from localapp.sync.transport import Transport, TransportFailed

UpdateComponents = Callable[[Transport, Told], Refusal | None]


class Synchronizer:
    """Runs synchronizations of one store. ``transport`` may take a while to be had; it raises TransportFailed."""

    def __init__(
        self, store: SyncStore, transport: Callable[[], Transport], update_components: UpdateComponents
    ) -> None:
        self._store = store
        self._transport = transport
        self._update_components = update_components
        self._going_on = threading.Lock()
        self._standing = Standing()
        self._thread: threading.Thread | None = None

    def standing(self) -> Standing:
        """How it stands now, or how the last one ended."""
        return self._standing

    def start(self, cause: str) -> bool:
        """Begin in the background; False when one goes on already."""
        if not self._going_on.acquire(blocking=False):
            return False
        self._begin()
        self._thread = threading.Thread(
            target=self._run_and_release, args=(cause,), name="synchronization", daemon=True
        )
        self._thread.start()
        return True

    def run(self, cause: str) -> Standing:
        """Synchronize now and wait for its end; when one goes on already, wait for that one's end instead."""
        if self._going_on.acquire(blocking=False):
            self._begin()
            self._run_and_release(cause)
        else:
            with self._going_on:
                pass
        return self._standing

    def wait(self, seconds: float) -> None:
        """Wait for a synchronization that goes on, so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _begin(self) -> None:
        self._standing = Standing(running=True, phase="hello", began_at=clock.now())

    def _run_and_release(self, cause: str) -> None:
        refusal: Refusal | None = Refusal("endpoint_failed", {"status": "0"})
        try:
            refusal = self._run(cause)
        finally:
            self._standing = replace(self._standing, running=False, phase="idle", refusal=refusal)
            self._going_on.release()

    def _run(self, cause: str) -> Refusal | None:
        try:
            transport = self._transport()
        except TransportFailed as failed:
            run = self._store.begin_run(cause)
            self._store.end_run(run, refusal=failed.refusal, sent=0, received=0)
            return failed.refusal
        report = synchronize(self._store, transport, cause=cause, step=self._step)
        self._step("components", report)
        return self._update_components(transport, self._tell) or report.refusal

    def _step(self, phase: str, report: Report) -> None:
        self._standing = replace(self._standing, phase=phase, sent=report.sent, received=report.received)

    def _tell(self, progress: Progress) -> None:
        kept = {each.component: each for each in self._standing.components}
        kept[progress.component] = progress
        self._standing = replace(self._standing, components=tuple(kept.values()))
