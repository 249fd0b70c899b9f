"""The thread that evaluates what was acknowledged, soon after it was."""

import logging
import threading

from endpoint.evaluation.evaluator import Evaluator
from endpoint.parts import Parts

_SECONDS = 2.0
"""It also looks by itself: another process may have taken something in, or the worker process was not available."""

_log = logging.getLogger("endpoint.evaluation")


class Worker:
    """One thread, from ``start`` to ``stop``."""

    def __init__(self, parts: Parts, evaluator: Evaluator) -> None:
        self._bell = parts.bell
        self._evaluator = evaluator
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="evaluation", daemon=True)

    def start(self) -> None:
        """Evaluate from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the present revision."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                self._evaluator.evaluate_waiting()
            except Exception as failure:  # noqa: BLE001 - whatever it was, what waits has to be tried again
                _log.error("evaluation stopped: %s", type(failure).__name__)
            self._bell.wait(_SECONDS)
