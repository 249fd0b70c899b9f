"""The answer to a push, as far as it can be read and belongs to what was sent."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from localapp.domain.sync.messages import PushResult, read_result
from localapp.domain.sync.operations import Outcome
from localapp.domain.sync.parts import MessageRefused


@dataclass(frozen=True)
class Pushed:
    """What was answered. What one result says holds, whatever the others are.

    ``next`` is the cursor behind it, if the desk had read all before and the answer tells all that came since.
    """

    results: tuple[PushResult, ...]
    next: int | None


def read_pushed(answer: Mapping[str, Any]) -> Pushed:
    """Read the answer to a push; what cannot be read of it is left out."""
    results, found = [], answer.get("results")
    for each in found if isinstance(found, list) else []:
        with suppress(MessageRefused):
            results.append(read_result(each))
    following = answer.get("next")
    return Pushed(tuple(results), following if type(following) is int and following >= 0 else None)


def answers(result: PushResult, documents: Mapping[str, str]) -> bool:
    """Whether a result is one of what was sent, by operation; what is accepted has to be told with its document."""
    document = documents.get(result.operation)
    if document is None or result.outcome is not Outcome.ACCEPTED:
        return document is not None
    return result.facts is not None and result.facts.document == document
