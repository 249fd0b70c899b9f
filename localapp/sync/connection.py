"""How a desk reaches its endpoint and where its components lie: made by the launcher, replaced by tests."""

from typing import Protocol

from localapp.calculation.components import ComponentFolders
from localapp.domain.sync.messages import Refusal
from localapp.sync.component_report import Told
from localapp.sync.transport import Transport


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
