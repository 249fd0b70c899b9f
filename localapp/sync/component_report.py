"""What an update of the components says while it runs and when it has ended: codes and numbers, no words."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from localapp.calculation.components import Component
from localapp.domain.sync.messages import Refusal


class Phase(StrEnum):
    """Where a component is. ``DOWNLOAD`` counts bytes, ``GOLDEN`` golden cases, the others nothing."""

    DOWNLOAD = "download"
    CHECK = "check"
    GOLDEN = "golden"
    READY = "ready"
    REFUSED = "refused"


@dataclass(frozen=True)
class Progress:
    """One step of one component: ``done`` of ``total`` bytes or cases; ``refusal`` says why it is not taken."""

    component: Component
    phase: Phase
    done: int = 0
    total: int = 0
    refusal: Refusal | None = None


Told = Callable[[Progress], None]


class Outcome(StrEnum):
    """What became of a component in one update."""

    INSTALLED = "installed"
    PRESENT = "present"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True)
class ComponentResult:
    """One component of the insurer's list. ``target`` is its path; ``component`` is None for a path that is none."""

    target: str
    outcome: Outcome
    component: Component | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Report:
    """What an update found. With a ``refusal`` it did not get through to the end; what is installed stays in use."""

    components: tuple[ComponentResult, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_verified(self) -> bool:
        """Whether the insurer's list was read to its end, signed and up to date."""
        return self.refusal is None

    @property
    def installed(self) -> tuple[Component, ...]:
        """What is new on this desk."""
        return tuple(each.component for each in self.components if each.outcome is Outcome.INSTALLED and each.component)

    @property
    def refused(self) -> tuple[ComponentResult, ...]:
        """What the insurer lists and this desk does not take, each with its reason."""
        return tuple(each for each in self.components if each.outcome is Outcome.REFUSED)


class UpdateRefused(Exception):  # noqa: N818 - a refusal
    """The update, or one component of it, cannot go on; ``refusal`` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)
