"""Sending what waits: while one batch is under way the next is frozen and packed, and the former one is settled.

Of a document only its oldest waiting operation is sent at a time, so two batches never hold the same document.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from localapp.domain.sync.messages import MOST_OPERATIONS, Refusal
from localapp.domain.sync.operations import Outcome
from localapp.domain.sync.parts import MessageRefused
from localapp.store.enrolments import Enrolment
from localapp.store.sending import Batch
from localapp.store.sync_store import SyncStore
from localapp.sync.conversation import Conversation, Refused
from localapp.sync.packing import Packed
from localapp.sync.push_answer import Pushed, answers, read_pushed
from localapp.sync.transport import TransportFailed

PUSH = "/v1/sync/push"
BATCH_BYTES = 704 * 1024
"""Less than the endpoint takes at once: a line that breaks costs the batch under way, less than 5 % of 2,000 documents,
and a save waits for shorter writes."""


@dataclass(frozen=True)
class _UnderWay:
    """A batch that is sent with the cursor of ``known``; ``answer`` waits for what is answered."""

    batch: "_Ready"
    known: Enrolment
    answer: Callable[[], Pushed]


class _Ready:
    """A frozen batch, packed but for the cursor, which only the answer to the one before it brings."""

    def __init__(self, batch: Batch) -> None:
        self.documents = batch.documents
        self.more = batch.more
        self.packed = Packed(b'{"operations":[' + batch.listed + b"]")

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(self.documents)


class Pushing:
    """One enrolment's push. ``step`` is told before each batch, ``settled`` how many operations have come to an end."""

    def __init__(
        self,
        store: SyncStore,
        conversation: Conversation,
        enrolment: Enrolment,
        step: Callable[[], None],
        settled: Callable[[int], None],
    ) -> None:
        self._store, self._conversation, self._enrolment = store, conversation, enrolment
        self._step, self._settled = step, settled
        self._deferred: frozenset[str] = frozenset()
        self._behind = False

    def run(self) -> bool:
        """Send until nothing waits or only deferred operations do; whether the feed may tell more than the answers.

        Raises Refused, TransportFailed, MessageRefused.
        """
        with ThreadPoolExecutor(1) as apart:  # its thread begins with the first of several batches
            under_way = self._first(apart)
            while under_way is not None:
                following = self._freeze(under_way.batch.operations) if under_way.batch.more else None
                pushed = self._answered(under_way, following)
                upcoming = self._go_on(under_way, following, pushed, apart)
                self._settle(under_way, pushed)
                under_way = upcoming or self._first(apart)
        return self._behind

    def _freeze(self, under_way: frozenset[str] = frozenset()) -> _Ready | None:
        left_out = self._deferred | under_way
        batch = self._store.freeze_batch(self._enrolment, MOST_OPERATIONS, BATCH_BYTES, leave_out=left_out)
        self._store.let_others_write()
        return _Ready(batch) if batch else None

    def _first(self, apart: ThreadPoolExecutor) -> _UnderWay | None:
        """Begin with what waits now. A single batch is sent when its answer is asked for."""
        batch = self._freeze()
        if batch is None:
            return None
        known = self._store.enrolment_at(self._enrolment.id)
        return self._begun(batch, known, apart) if batch.more else self._to_ask(batch, known)

    def _go_on(
        self, before: _UnderWay, following: _Ready | None, pushed: Pushed, apart: ThreadPoolExecutor
    ) -> _UnderWay | None:
        """Send the next batch before the answer of the former is stored; it goes on from the cursor of that answer."""
        if following is None or before.batch.operations - {each.operation for each in pushed.results}:
            return None
        cursor = before.known.cursor if pushed.next is None else pushed.next
        return self._begun(following, replace(before.known, cursor=cursor), apart)

    def _to_ask(self, batch: _Ready, known: Enrolment) -> _UnderWay:
        self._step()
        return _UnderWay(batch, known, partial(self._ask, batch, known))

    def _begun(self, batch: _Ready, known: Enrolment, apart: ThreadPoolExecutor) -> _UnderWay:
        asked = self._to_ask(batch, known)
        return replace(asked, answer=apart.submit(asked.answer).result)

    def _ask(self, batch: _Ready, known: Enrolment) -> Pushed:
        end = json.dumps({"cursor": known.cursor, "stream": known.stream})
        answer = self._conversation.post_packed(PUSH, batch.packed, f",{end[1:]}".encode())
        return read_pushed(answer if isinstance(answer, dict) else {})

    def _answered(self, under_way: _UnderWay, following: _Ready | None) -> Pushed:
        try:
            return under_way.answer()
        except (Refused, TransportFailed) as failed:
            frozen = [*under_way.batch.documents, *(following.documents if following else ())]
            self._store.note_failure(frozen, failed.refusal)
            raise

    def _settle(self, under_way: _UnderWay, pushed: Pushed) -> None:
        documents = under_way.batch.documents
        results = [each for each in pushed.results if answers(each, documents)]
        unanswered = documents.keys() - {each.operation for each in results}
        following = None if unanswered else pushed.next
        self._settled(self._store.settle(under_way.known, results, following))
        if unanswered:
            self._store.note_failure(sorted(unanswered), Refusal("endpoint_not_recognized", {}))
            raise MessageRefused("results")
        self._deferred |= {each.operation for each in results if each.outcome is Outcome.DEFERRED}
        self._behind = self._behind or following is None
