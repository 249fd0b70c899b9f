"""The steps of activation, computed from what has been done, so that a reload or a crash goes on where it was."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """Where activation stands. Source: DOMAIN.md, "First start"."""

    PARTNER = "partner"
    USER = "user"
    FIRST_SYNCHRONIZATION = "first_synchronization"
    DONE = "done"


@dataclass(frozen=True)
class Activated:
    """What has been done. ``again`` means that the advisor asked to change the way of activation."""

    verified: bool = False
    confirmed: bool = False
    components_ready: bool = False
    again: bool = False


def next_step(done: Activated) -> Step:
    """The step that comes next. A changed activation begins with the partner, whatever was confirmed before."""
    if done.confirmed and not done.again:
        return Step.DONE if done.components_ready else Step.FIRST_SYNCHRONIZATION
    return Step.USER if done.verified else Step.PARTNER
