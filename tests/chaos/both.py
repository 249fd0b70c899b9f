"""One round with both programs: advisors complete, the desk synchronizes, the insurer exports; all are killed.

Then both start again, synchronize to the end, and what each knows is compared.
"""

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from localapp import clock
from tests import family
from tests.asking import Asking, OverHttp, Page
from tests.chaos.agreement import assert_agreement
from tests.chaos.pair import Pair, export
from tests.chaos.writers import opened

WRITERS = 2
READY = 2
"""Documents of each writer that can be completed at once: even the shortest round has something to lose."""
_SYNCHRONIZATIONS = 10


@dataclass(frozen=True)
class Round:
    """Seconds until desk and endpoint were killed, completions acknowledged before it, documents exported so far."""

    desk_after: float
    endpoint_after: float
    acknowledged: int
    exported: int


class Finisher:
    """An advisor who completes copies of one offer and edits them again; counts what the desk acknowledged."""

    def __init__(self, chance: random.Random, original: str, asking: Asking) -> None:
        self._chance, self._original = chance, original
        self._ready = [self._copied(asking) for _ in range(READY)]
        self.completed: Counter[str] = Counter()
        self.failure: BaseException | None = None

    def work(self, asking: Asking) -> None:
        """One document after the other until the desk is gone."""
        try:
            while True:
                again = self.completed and self._chance.random() < 0.4
                document = self._chance.choice(sorted(self.completed)) if again else self._fresh(asking)
                self._complete(asking, document)
                if self._chance.random() < 0.1:
                    _sent(asking.post(f"/documents/{document}/cancellation", {}, fragments=False))
        except (OSError, HTTPException):
            pass
        except BaseException as failure:  # noqa: BLE001 - the thread's failure is the round's
            self.failure = failure

    def _fresh(self, asking: Asking) -> str:
        return self._ready.pop() if self._ready else self._copied(asking)

    def _copied(self, asking: Asking) -> str:
        document = opened(asking.post(f"{self._original}/copies", {}, fragments=False))
        for step in family.asked_anew(clock.today()):
            assert asking.post(f"/documents/{document}{step.where}", step.form).acknowledged
        return document

    def _complete(self, asking: Asking, document: str) -> None:
        typed = {"policyholder.phone": f"777 {self._chance.randint(100, 999)} {self._chance.randint(100, 999)}"}
        if not _sent(asking.post(f"/documents/{document}/sections/policyholder", typed)):
            return
        page = asking.post(f"/documents/{document}/completion", {}, fragments=False)
        if _sent(page) and "told=completed" in page.location:  # what was exported meanwhile leads to its conflict
            self.completed[document] += 1


def _sent(page: Page) -> bool:
    """Whether the desk did it; what is exported or cancelled meanwhile it refuses."""
    assert page.status < 500, page.text
    return page.acknowledged


class Both:
    """A pair that survives round after round."""

    def __init__(self, pair: Pair, chance: random.Random) -> None:
        self.pair, self._chance = pair, chance
        asking = OverHttp(pair.start())
        original = family.write(asking, clock.today())
        chances = [random.Random(chance.random()) for _ in range(WRITERS)]  # noqa: S311 - no secret
        self._finishers = [Finisher(each, original, asking) for each in chances]
        asking.close()

    @property
    def completed(self) -> Counter[str]:
        """How often the desk acknowledged the completion of each document."""
        return sum((finisher.completed for finisher in self._finishers), Counter())

    def kill_once(self) -> Round:
        """Raises AssertionError when something acknowledged is lost, exported twice, or known otherwise on one side."""
        before = self.completed.total()
        moments = self._chance.uniform(0.1, 2.0), self._chance.uniform(0.1, 2.0)
        self._work_until(*moments)
        for finisher in self._finishers:
            if finisher.failure:
                raise finisher.failure
        acknowledged = self.completed.total() - before
        self.pair.start()
        return Round(*moments, acknowledged, self.settle())

    def settle(self) -> int:
        """Synchronize to the end, export, learn of it, compare; how many documents have been exported."""
        assert any(self.pair.synchronize() for _ in range(_SYNCHRONIZATIONS)), "something is never delivered"
        assert export(self.pair.endpoint).wait(60) == 0
        self.pair.synchronize()
        return assert_agreement(self.pair, self.completed)

    def _work_until(self, desk_after: float, endpoint_after: float) -> None:
        assert self.pair.running is not None
        connections = [OverHttp(self.pair.running) for _ in range(WRITERS + 1)]
        threads = [
            threading.Thread(target=finisher.work, args=(asking,))
            for finisher, asking in zip(self._finishers, connections[1:], strict=True)
        ]
        threads.append(threading.Thread(target=_synchronize_on, args=(connections[0],)))
        killers = [
            threading.Timer(desk_after, self.pair.kill_desk),
            threading.Timer(endpoint_after, self.pair.kill_endpoint),
        ]
        for thread in (*threads, *killers):
            thread.start()
        self._export_and_kill(max(desk_after, endpoint_after))
        for thread in (*threads, *killers):
            thread.join()
        for connection in connections:
            connection.close()

    def _export_and_kill(self, within: float) -> None:
        """An export that begins while all goes on and is killed between its start and its end."""
        time.sleep(self._chance.uniform(0, within / 2))
        exporting = export(self.pair.endpoint)
        try:
            exporting.wait(self._chance.uniform(0.5, 2.0))
        except subprocess.TimeoutExpired:
            exporting.kill()
            exporting.wait()


def _synchronize_on(asking: Asking) -> None:
    """Start one synchronization after the other until the desk is gone."""
    try:
        while True:
            asking.post("/sync-runs", {}, fragments=False)
            time.sleep(0.05)
    except (OSError, HTTPException):
        pass


@contextmanager
def both(folder: Path, seed: int) -> Iterator[Both]:
    """Rounds on ``folder``, the same for the same seed but for what the kills meet."""
    pair = Pair(folder)
    try:
        yield Both(pair, random.Random(seed))  # noqa: S311 - no secret
    finally:
        pair.kill_desk()
        pair.kill_endpoint()
