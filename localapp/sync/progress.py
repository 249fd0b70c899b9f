"""How a synchronization stands, for the pages that show it while it goes on."""

from dataclasses import dataclass, field
from datetime import datetime

from localapp.domain.sync.messages import Refusal
from localapp.sync.component_report import Progress


@dataclass(frozen=True)
class Standing:
    """How far it is: ``phase`` is ``idle``, ``hello``, ``push``, ``changes``, ``bodies`` or ``components``.

    ``retry_after`` are the seconds for which the endpoint asked to be left alone.
    """

    running: bool = False
    phase: str = "idle"
    began_at: datetime | None = None
    sent: int = 0
    received: int = 0
    components: tuple[Progress, ...] = field(default=())
    refusal: Refusal | None = None
    retry_after: float | None = None
