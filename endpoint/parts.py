"""What the routes and jobs of one endpoint share."""

import threading
from dataclasses import dataclass, field

from endpoint.keys import SealingKeys
from endpoint.layout import Layout
from endpoint.store.engine import Database


@dataclass(frozen=True)
class Parts:
    """The open file, the keys, the folder, and the bell that wakes whoever evaluates."""

    layout: Layout
    database: Database
    keys: SealingKeys
    bell: threading.Event = field(default_factory=threading.Event)

    def received(self) -> None:
        """Something was acknowledged and waits for its evaluation."""
        self.bell.set()
