"""How a desk reaches its endpoint and where its components lie: made by the launcher, replaced by tests."""

import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Protocol

from localapp import __version__
from localapp.calculation.components import ComponentFolders, ComponentKind
from localapp.domain.sync.messages import Refusal
from localapp.sync.component_report import Told
from localapp.sync.components import Components
from localapp.sync.transport import HttpTransport, Transport, TransportFailed


class Connection(Protocol):
    """The way out of one desk."""

    @property
    def folders(self) -> ComponentFolders:
        """The installed components."""

    @property
    def is_ready(self) -> bool:
        """Whether the components that documents need are installed."""

    def transport(self, fixed: str | None) -> Transport:
        """The endpoint: the one fixed at activation, or the one given for it. Raises TransportFailed."""

    def update_components(self, transport: Transport, tell: Told) -> Refusal | None:
        """Bring the components up to date; why not, if not."""

    def close(self) -> None:
        """Give connections back."""


class ClosingTransport(Transport, Protocol):
    """A transport that keeps connections."""

    def close(self) -> None:
        """Give them back."""


class EndpointConnection:
    """The endpoint over the network, and the components kept beside the documents.

    ``given`` is the address asked for at this start and may wait until it is known; without one the address fixed at
    activation is used. ``root`` gives the first root of trust, which comes with the installation. ``follows`` lets a
    demonstration's endpoint move to another port.
    """

    def __init__(
        self,
        folder: Path,
        given: Callable[[], str | None],
        root: Callable[[], bytes | None],
        *,
        follows: bool = False,
        reach: Callable[[str], ClosingTransport] = HttpTransport,
    ) -> None:
        self._folder, self._root = folder, root
        self._given, self._follows, self._reach = given, follows, reach
        self._open: dict[str, ClosingTransport] = {}
        self._lock = threading.Lock()

    @property
    def folders(self) -> ComponentFolders:
        """The installed components."""
        return self._components

    @cached_property
    def _components(self) -> Components:
        return Components(self._folder, self._root() or b"", program=__version__)

    @property
    def is_ready(self) -> bool:
        """A form and a calculation library are there."""
        return all(self._components.active(kind) for kind in ComponentKind)

    def transport(self, fixed: str | None) -> Transport:
        """See ``Connection``; ``endpoint_other`` when this start asks for another endpoint than the fixed one."""
        given = self._given()
        if fixed and given and given != fixed and not self._follows:
            raise TransportFailed("endpoint_other", activated=fixed, asked=given)
        address = given if self._follows or not fixed else fixed
        if not address:
            raise TransportFailed("endpoint_unreachable")
        with self._lock:
            if address not in self._open:
                self._open[address] = self._reach(address)
            return self._open[address]

    def update_components(self, transport: Transport, tell: Told) -> Refusal | None:
        """See ``Connection``."""
        if self._root() is None:
            return Refusal("trust_root_missing", {})
        report = self._components.update(transport, tell)
        return report.refusal or next((each.refusal for each in report.refused), None)

    def close(self) -> None:
        """Close the kept connections."""
        for transport in self._open.values():
            transport.close()
