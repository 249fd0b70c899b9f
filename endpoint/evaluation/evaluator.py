"""The only place where health is open: one revision at a time, in memory, for as long as its evaluation takes."""

import logging
import threading

from endpoint.evaluation import records
from endpoint.evaluation.judgement import impossible, judge
from endpoint.evaluation.records import Evaluated, Waiting
from endpoint.evaluation.versions import VersionMissing, Versions
from endpoint.parts import Parts
from localapp.calculation.failures import CalculationError, CalculationUnavailable, DeadlineExceeded
from localapp.calculation.sandbox import Sandbox
from localapp.domain.canonical import digest_of
from localapp.domain.cutoff import PRAGUE
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import Completion, Envelope, health_context, read_envelope
from localapp.output.sealing import SealBroken, open_sealed, seal_to

_BATCH = 20
"""Judgements of one commit."""

_TRIES = 3
_log = logging.getLogger("endpoint.evaluation")


class Evaluator:
    """Evaluates what waits, with a worker process of its own that starts with the first revision. Thread-safe."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sandbox = Sandbox()
        self._versions = Versions(parts.layout.versions, self._sandbox)
        self._running = threading.Lock()

    def evaluate_waiting(self) -> int:
        """Evaluate all that waits; how many. What cannot be evaluated at present waits on."""
        count = 0
        with self._running:
            while done := self._evaluate_once():
                count += done
        return count

    def close(self) -> None:
        """Stop the worker process."""
        self._sandbox.close()

    def _evaluate_once(self) -> int:
        """One pass over what waits now."""
        count = after = 0
        while True:
            with self._parts.database.read() as connection:
                batch = records.waiting(connection, after=after, limit=_BATCH)
            evaluated, stopped = self._judged(batch)
            if evaluated:
                with self._parts.database.write() as connection:
                    records.record(connection, evaluated)
            count += len(evaluated)
            if stopped or not batch:
                return count
            after = batch[-1].document_id

    def _judged(self, batch: list[Waiting]) -> tuple[list[Evaluated], bool]:
        """The judgements, and whether the worker process has failed meanwhile."""
        evaluated: list[Evaluated] = []
        for waiting in batch:
            try:
                evaluated.append(self._evaluate(waiting))
            except CalculationUnavailable:
                _log.warning("the calculation worker is not available; what waits is evaluated later")
                return evaluated, True
        return evaluated, False

    def _evaluate(self, waiting: Waiting) -> Evaluated:
        envelope = read_envelope(waiting.envelope)
        completion = envelope.completion
        if completion is None:  # a cancellation makes no revision
            raise AssertionError(envelope.operation)
        context = health_context(envelope.document, envelope.revision)
        try:
            health = open_sealed(self._parts.keys.intake_private, completion.sealed_health, context)
        except SealBroken:
            return Evaluated(waiting, impossible(completion), None)
        if digest_of(health) != completion.health_digest:
            return Evaluated(waiting, impossible(completion), None)
        returned = self._judge(envelope, completion, health, waiting)
        sealed = None if returned else seal_to(self._parts.keys.core_public, health, context)
        return Evaluated(waiting, returned, sealed)

    def _judge(self, envelope: Envelope, completion: Completion, health: str, waiting: Waiting) -> Refusal | None:
        today = waiting.acknowledged.astimezone(PRAGUE).date()
        for _ in range(_TRIES):
            try:
                assessor = self._versions.assessor(completion.form, completion.calculation)
                return judge(assessor, envelope.document_kind, completion, health, today)
            except CalculationUnavailable:
                raise
            except DeadlineExceeded:  # once may be the machine, three times is the revision
                continue
            except (CalculationError, VersionMissing):
                break
            except Exception as failure:  # noqa: BLE001 - a revision that breaks the rules must not stop the others
                _log.error("%s in the evaluation of a revision", type(failure).__name__)
                break
        return impossible(completion)
