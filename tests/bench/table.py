"""One row of the benchmark table."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, in milliseconds, beside its target."""

    what: str
    p50: float
    p95: float
    count: int
    target_p95: float | None = None
    target_p50: float | None = None
    missing: str = ""
    """Why there are no figures."""

    @property
    def met(self) -> bool:
        """Whether the targets were met, or there are none."""
        within = ((self.p50, self.target_p50), (self.p95, self.target_p95))
        return all(target is None or taken <= target for taken, target in within)


def measured(what: str, work: Callable[[], object], *, count: int, target_p95: float | None = None) -> Row:
    """Run ``work`` once to warm up, then ``count`` times."""
    work()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return Row(what, statistics.median(times), statistics.quantiles(times, n=20)[-1], count, target_p95)
