"""One update of the components: every offer fetched, checked here and placed, or left with its reason.

Kept apart from ``components`` because TUF and the checks are heavy and the first page needs none of them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from localapp import clock
from localapp.calculation.acceptance import GoldenFailed, accept
from localapp.calculation.archives import unpack
from localapp.calculation.components import Component
from localapp.calculation.failures import CalculationUnavailable, ComponentRefused
from localapp.calculation.sandbox import Sandbox
from localapp.domain.sync.messages import Refusal
from localapp.sync.component_download import download
from localapp.sync.component_report import ComponentResult, Outcome, Phase, Progress, Told, UpdateRefused
from localapp.sync.component_state import Installed, Refused
from localapp.sync.component_store import ComponentStore, Step
from localapp.sync.component_trust import Offer, Offers
from localapp.sync.transport import Transport

_NOTED_EVERY = timedelta(hours=1)
_TRIED_AGAIN_AFTER = timedelta(days=1)


class Update:
    """One update, after the trust was refreshed."""

    def __init__(
        self, store: ComponentStore, transport: Transport, progress: Told, patience: float, program: str, step: Step
    ) -> None:
        self._store, self._transport, self._progress = store, transport, progress
        self._patience, self._program, self._step = patience, program, step
        self.results: list[ComponentResult] = []

    def take(self, offers: Offers, pinned: set[Component], *, again: bool) -> None:
        """Every offer in turn. Raises TransportFailed and OSError, which would befall the next one too."""
        for path, refusal in offers.refused:
            self.results.append(ComponentResult(path, Outcome.REFUSED, refusal=refusal))
        try:
            for offer in offers.offers:
                result = self._one(offer, wanted=not offer.withdrawn or offer.component in pinned, again=again)
                self.results.append(result)
        finally:  # a version is withdrawn after its successor has come, or although it could not come
            self._note(offers)
        self._forget_parts(offers)

    def _one(self, offer: Offer, *, wanted: bool, again: bool) -> ComponentResult:
        component = offer.component
        if self._store.holds(component, offer.digest):
            outcome = Outcome.WITHDRAWN if offer.withdrawn else Outcome.PRESENT
            return ComponentResult(component.target, outcome, component)
        if not wanted:
            return ComponentResult(component.target, Outcome.WITHDRAWN, component)
        before = self._store.state.refused.get(component)
        if before and not again and self._still_holds(before, offer):
            return self._refused(component, before.refusal)
        try:
            self._install(offer)
        except UpdateRefused as refused:
            return self._refused(component, refused.refusal)
        self._progress(Progress(component, Phase.READY))
        return ComponentResult(component.target, Outcome.INSTALLED, component)

    def _still_holds(self, refused: Refused, offer: Offer) -> bool:
        """A day later it is tried again: what was too slow on a busy or sleeping computer is no verdict for good."""
        same = (refused.sha256, refused.program) == (offer.digest, self._program)
        return same and abs(clock.now() - datetime.fromisoformat(refused.refused_at)) < _TRIED_AGAIN_AFTER

    def _install(self, offer: Offer) -> None:
        """Raises UpdateRefused for this component alone; then it is as if it had not been offered."""
        component = offer.component
        self._refuse_change(offer)
        part = self._store.staging / f"{offer.digest}.part"
        packed = download(self._transport, offer.target, part, self._patience, self._counted(component, Phase.DOWNLOAD))
        self._step("downloaded")
        staged = self._store.staging / f"{component.name}-{component.version}"
        try:
            files = unpack(packed, staged)
            self._step("unpacked")
            golden, needs = self._check(component, staged)
        except ComponentRefused as why:
            self._store.discard(staged, part)
            raise self._remembered(offer, why) from None
        self._step("checked")
        record = Installed(offer.digest, files, clock.stamp(), golden, needs, offer.withdrawn)
        self._store.place(component, staged, record)
        part.unlink()

    def _check(self, component: Component, staged: Path) -> tuple[int, Component | None]:
        """The golden cases that passed, the library that a form needs.

        Raises ComponentRefused; UpdateRefused when it cannot be tried now.
        """
        cases = 0

        def counted(done: int, total: int) -> None:
            nonlocal cases
            cases = done
            self._progress(Progress(component, Phase.GOLDEN, done, total))

        self._progress(Progress(component, Phase.CHECK))
        with Sandbox() as sandbox:
            try:
                needs = accept(component, staged, sandbox, counted)
            except CalculationUnavailable as error:
                raise UpdateRefused("component_unusable", component=_shown(component), reason=str(error)) from None
        return cases, needs

    def _refuse_change(self, offer: Offer) -> None:
        record = self._store.state.installed.get(offer.component)
        if record is not None and record.sha256 != offer.digest:
            raise UpdateRefused(
                "component_not_permitted",
                component=_shown(offer.component),
                role=offer.component.kind.role,
                reason="another content under a version that is in use",
            )

    def _remembered(self, offer: Offer, why: ComponentRefused) -> UpdateRefused:
        shown = _shown(offer.component)
        if isinstance(why, GoldenFailed):
            passed, total = str(why.passed), str(why.total)
            refused = UpdateRefused(
                "component_golden_failed", component=shown, case=why.case, place=why.place, passed=passed, total=total
            )
        else:
            refused = UpdateRefused("component_unusable", component=shown, reason=str(why)[:300])
        record = Refused(offer.digest, self._program, clock.stamp(), refused.refusal)
        self._store.switch(self._store.state.with_refused(offer.component, record))
        return refused

    def _refused(self, component: Component, refusal: Refusal) -> ComponentResult:
        self._progress(Progress(component, Phase.REFUSED, refusal=refusal))
        return ComponentResult(component.target, Outcome.REFUSED, component, refusal)

    def _counted(self, component: Component, phase: Phase) -> Callable[[int, int], None]:
        return lambda done, total: self._progress(Progress(component, phase, done, total))

    def _note(self, offers: Offers) -> None:
        """What the list says of installed versions, and that it was read; the latter at most once an hour."""
        state, now = self._store.state, clock.now()
        withdrawn = {offer.component: offer.withdrawn for offer in offers.offers}
        installed = {
            each: replace(record, withdrawn=withdrawn.get(each, record.withdrawn))
            for each, record in state.installed.items()
        }
        noted = state.verified_at and abs(now - datetime.fromisoformat(state.verified_at)) < _NOTED_EVERY
        if installed != state.installed or not noted:
            self._store.switch(replace(state, installed=installed, verified_at=clock.stamp()))

    def _forget_parts(self, offers: Offers) -> None:
        missing = [offer for offer in offers.offers if not self._store.holds(offer.component, offer.digest)]
        wanted = {f"{offer.digest}.part" for offer in missing}
        for part in self._store.staging.glob("*.part"):
            if part.name not in wanted:
                part.unlink()


def _shown(component: Component) -> str:
    return f"{component.name} {component.version}"
