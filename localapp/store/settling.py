"""What became of the operations of a batch, noted in short transactions where somebody else writes meanwhile."""

from collections import deque
from collections.abc import Sequence

from sqlalchemy import Connection

from localapp.domain.sync.messages import DocumentFacts, PushResult, Refusal
from localapp.domain.sync.operations import Outcome
from localapp.store import enrolments, outbox, receiving
from localapp.store.engine import Database
from localapp.store.enrolments import Enrolment
from localapp.store.health import HealthTables
from localapp.store.renumbering import renumber

SETTLED_AT_ONCE = 25  # answers between two looks whether somebody waits to write
BESIDE_OTHERS = 10  # while others write too; a transaction takes four times as many at most


class Settling:
    """The answers to a push, on one store."""

    def __init__(self, database: Database, health: HealthTables) -> None:
        self._database = database
        self._health = health

    def settle(self, enrolment: Enrolment, results: Sequence[PushResult], following: int | None = None) -> int:
        """Note what became of the operations; how many are settled now. A late repeat of an answer changes nothing.

        ``following`` is the cursor behind the answer if that tells all that the feed would have told; ``enrolment`` is
        as it was when it was asked for. Where somebody else waits to write, it is done in several transactions: each
        result stands for itself, and the cursor moves with the last of them.
        """
        settled, left, is_done = 0, deque(results), False
        while not is_done:
            with self._database.write() as connection:
                settled += self._settle_some(connection, enrolment, left)
                is_done = not left
                if is_done:
                    _move_cursor(connection, enrolment, following)
        return settled

    def _settle_some(self, connection: Connection, enrolment: Enrolment, left: deque[PushResult]) -> int:
        """All that are left, but for those whose turn comes later because somebody else writes; how many settled."""
        is_shared, settled = self._database.is_shared, 0
        at_once = BESIDE_OTHERS if is_shared else SETTLED_AT_ONCE
        until = max(0, len(left) - 4 * BESIDE_OTHERS) if is_shared else 0
        while True:
            some = [left.popleft() for _ in range(min(at_once, len(left)))]
            settled += self._settle(connection, enrolment, some)
            if len(left) <= until or self._database.is_waited_for:
                return settled

    def _settle(self, connection: Connection, enrolment: Enrolment, results: Sequence[PushResult]) -> int:
        told: list[DocumentFacts] = []
        accepted: list[str] = []
        settled = 0
        waiting = outbox.documents_of(connection, [result.operation for result in results])
        for result in results:
            document = waiting.pop(result.operation, None)
            facts = result.facts if result.facts is not None and result.facts.document == document else None
            if document is None or (result.outcome is Outcome.ACCEPTED and facts is None):
                continue  # settled already, or an acknowledgement of nothing
            if result.outcome is Outcome.ACCEPTED:
                accepted.append(result.operation)
            elif not self._keep_back(connection, result, document, facts):
                continue
            settled += 1
            told += [facts] if facts is not None else []
        outbox.acknowledge(connection, accepted)
        receiving.receive_all(connection, self._health, enrolment.id, told)
        return settled

    def _keep_back(
        self, connection: Connection, result: PushResult, document: str, facts: DocumentFacts | None
    ) -> bool:
        """Note why an operation was not taken; whether it is settled by that."""
        refusal = result.refusal or Refusal("endpoint_failed", {"status": result.outcome})
        if result.outcome is Outcome.DEFERRED:
            outbox.note_refusal(connection, [result.operation], refusal)
            return False
        if not renumber(connection, result.operation, document, refusal, facts):
            receiving.refuse_change(connection, self._health, result.operation, document, refusal, facts)
        return True


def _move_cursor(connection: Connection, enrolment: Enrolment, following: int | None) -> None:
    """Move it if nobody else has moved it since ``enrolment`` was read."""
    now = enrolments.by_id(connection, enrolment.id)
    if following is not None and (now.cursor, now.stream) == (enrolment.cursor, enrolment.stream):
        enrolments.change(connection, enrolment.id, cursor=following)
