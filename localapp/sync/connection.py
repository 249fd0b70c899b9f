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
from localapp.sync.proxy import Proxy
from localapp.sync.tls import Authorities, is_authority
from localapp.sync.transport import HttpTransport, Transport, TransportFailed


class Connection(Protocol):
    """The way out of one desk."""

    @property
    def folders(self) -> ComponentFolders:
        """The installed components."""

    @property
    def is_ready(self) -> bool:
        """Whether the components that documents need are installed."""

    @property
    def authority(self) -> str:
        """The certificate of the insurer's authority that came with the installation, as PEM; empty without one."""

    def transport(self, fixed: str | None, pinned: str = "", proxy: Proxy | None = None) -> Transport:
        """The endpoint: the one fixed at activation, or the one given for it. Raises TransportFailed.

        ``pinned`` is the authority that was kept at activation; before it the installation's is believed.
        """

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
    activation is used. ``root`` gives the first root of trust and ``authority`` the certificate of the insurer's
    authority, which come with the installation. ``follows`` lets a demonstration's endpoint move to another port.
    """

    def __init__(
        self,
        folder: Path,
        given: Callable[[], str | None],
        root: Callable[[], bytes | None],
        *,
        authority: Callable[[], bytes | None] = lambda: None,
        follows: bool = False,
        reach: Callable[[str, Authorities, Proxy | None], ClosingTransport] = HttpTransport,
    ) -> None:
        self._folder, self._root, self._authority = folder, root, authority
        self._given, self._follows, self._reach = given, follows, reach
        self._open: dict[tuple[str, Authorities, Proxy | None], ClosingTransport] = {}
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

    @cached_property
    def authority(self) -> str:
        """See ``Connection``; read once, so that what was believed at activation is what is kept."""
        found = (self._authority() or b"").decode("ascii", "replace")
        return found if is_authority(found) else ""

    def transport(self, fixed: str | None, pinned: str = "", proxy: Proxy | None = None) -> Transport:
        """See ``Connection``; ``endpoint_other`` when this start asks for another endpoint than the fixed one."""
        given = self._given()
        if fixed and given and given != fixed and not self._follows:
            raise TransportFailed("endpoint_other", activated=fixed, asked=given)
        address = given if self._follows or not fixed else fixed
        if not address:
            raise TransportFailed("endpoint_unreachable")
        authorities = Authorities()
        if address.startswith("https:"):
            authorities = Authorities(pinned or self.authority, self.authority)
            if not authorities.pinned:
                raise TransportFailed("tls_authority_missing")
        way = (address, authorities, proxy)
        with self._lock:
            if way not in self._open:
                self._open[way] = self._reach(*way)
            return self._open[way]

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
