"""The update of the components: refresh the trust, fetch what is missing, check it here, switch (docs/components.md).

Nothing that is in use is ever touched. What cannot be verified, or fails its check on this machine, is told and left.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from localapp.calculation.components import Component, ComponentKind
from localapp.calculation.library import ENGINE
from localapp.domain.sync.messages import Refusal
from localapp.sync.component_report import Report, Told, UpdateRefused
from localapp.sync.component_state import State
from localapp.sync.component_store import ComponentStore, Step
from localapp.sync.transport import Transport, TransportFailed

if TYPE_CHECKING:
    from localapp.sync.component_trust import Trust
    from localapp.sync.component_update import Update

PATIENCE = 3.0
"""Seconds for each metadata file. The first that does not come ends the update, so a dead network costs this once."""


class Components:
    """The components of one desk, at ``folder``; a ComponentFolders for ``Calculations``. Thread-safe.

    ``root`` is the first root, as delivered with the installation. ``program`` is the program's version: what this
    version refused, another one tries again.
    """

    def __init__(
        self,
        folder: Path,
        root: bytes,
        *,
        program: str = "",
        patience: float = PATIENCE,
        step: Step = lambda _name: None,
    ) -> None:
        self._store = ComponentStore(folder, step)
        self._trust_folder, self._root = folder / "trust", root
        self._program = f"{ENGINE} {program}".strip()
        self._patience = patience
        self._step = step
        with self._store.alone() as alone:
            if alone:
                self._store.sweep()

    @property
    def state(self) -> State:
        """What is installed since when, what was refused and why, and when the list was last verified."""
        return self._store.state

    def active(self, kind: ComponentKind) -> Mapping[str, str]:
        """By name the version that new documents take."""
        return self._store.active(kind)

    def folder_of(self, kind: ComponentKind, name: str, version: str) -> Path:
        """A version's folder, its files compared with their record. Raises KeyError, ComponentRefused."""
        return self._store.folder_of(kind, name, version)

    def update(
        self,
        transport: Transport,
        progress: Told = lambda _progress: None,
        *,
        pinned: Collection[Component] = (),
        again: bool = False,
    ) -> Report:
        """Fetch, check, activate; the report names each component. Networks and disks that fail raise nothing.

        ``pinned`` are versions that documents need: they are fetched although withdrawn. ``again`` tries even what
        this program has refused before.
        """
        from localapp.sync.component_trust import Trust  # noqa: PLC0415 - TUF is heavy, and no page waits for it
        from localapp.sync.component_update import Update  # noqa: PLC0415 - as above

        run = Update(self._store, transport, progress, self._patience, self._program, self._step)
        trust = Trust(self._trust_folder, self._root)
        try:
            refusal = self._update(run, trust, transport, set(pinned), again=again)
        except (UpdateRefused, TransportFailed) as refused:
            refusal = refused.refusal
        except OSError as error:
            refusal = Refusal("components_not_stored", {"reason": error.strerror or type(error).__name__})
        return Report(tuple(run.results), refusal)

    def _update(
        self, run: "Update", trust: "Trust", transport: Transport, pinned: set[Component], *, again: bool
    ) -> Refusal | None:
        with self._store.alone() as alone:
            if not alone:
                return Refusal("components_busy", {})
            self._store.sweep()
            offers = trust.offers(transport, self._patience)
            self._step("refreshed")
            run.take(offers, pinned, again=again)
        return None
