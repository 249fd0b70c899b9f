"""How a synchronization stands, for the pages that show it while it goes on."""

from dataclasses import dataclass, field
from datetime import datetime

from localapp.domain.sync.messages import Refusal


@dataclass(frozen=True)
class ComponentStanding:
    """One component: ``phase`` is ``waiting``, ``download``, ``check``, ``ready`` or ``refused``; sizes in bytes.

    ``done`` of ``total`` are bytes while it is downloaded, golden cases while it is checked.
    """

    kind: str
    name: str
    version: str
    phase: str
    done: int = 0
    total: int = 0
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Progress:
    """A synchronization that goes on or has ended. ``phase``: ``idle``, ``hello``, ``push``, ``changes``, ``components``."""

    running: bool = False
    phase: str = "idle"
    began_at: datetime | None = None
    waiting: int = 0
    sent: int = 0
    received: int = 0
    components: tuple[ComponentStanding, ...] = field(default=())
    refusal: Refusal | None = None
