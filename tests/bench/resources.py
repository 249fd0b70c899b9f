"""Memory and processor time of a desk that is open and not used: the process and its calculation worker, no window."""

import os
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.asking import OverHttp
from tests.bench.pages import prepare
from tests.bench.table import Row
from tests.bench.waking import first_touch, kept_awake
from tests.running import OFFLINE, started

MEMORY_TARGET, IDLE_TARGET = 150.0, 1.0
IDLE_SECONDS, POLL_EVERY = 30.0, 5.0
QUIET_AFTER = 15.0  # seconds: the first backup of the day and loading for the first document are done
_TICKS = os.sysconf("SC_CLK_TCK")


def rows() -> list[Row]:
    """Over 100,000 documents, after some pages of the list, searches and an offer; while idle an open page asks."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "desk"
        prepare(place)
        with started(place, *OFFLINE) as running, closing(OverHttp(running)) as asking:
            time.sleep(QUIET_AFTER)
            _use(asking)
            processes = _family(running.process.pid)
            memory = sum(map(_megabytes, processes))
            with kept_awake(processes):
                share = _idle_share(processes, asking)
            asleep = _idle_share(processes, asking)
    touch = first_touch(POLL_EVERY)
    return [
        Row("memory of the desk without window, MB (proportional set)", memory, memory, 1, MEMORY_TARGET),
        Row(f"processor while idle for {IDLE_SECONDS:.0f} s, % of one core", share, share, 1, IDLE_TARGET),
        Row("  the same where the machine puts memory to sleep", asleep, asleep, 1),
        Row(f"  touching a page that slept {POLL_EVERY:.0f} s on this machine, µs", touch, touch, 1),
    ]


def _use(asking: OverHttp) -> None:
    for _ in range(20):
        assert asking.get("/documents").status == 200
        assert asking.post("/documents/search", {"q": "nova"}).status == 200
    offer = asking.post("/documents", {"kind": "offer"}, fragments=False).location
    assert asking.get(f"{offer}/sections/cover").status == 200


def _idle_share(processes: list[int], asking: OverHttp) -> float:
    before, began = sum(map(_seconds, processes)), time.monotonic()
    while time.monotonic() - began < IDLE_SECONDS:
        time.sleep(POLL_EVERY)
        assert asking.get("/ruler").status == 200
    return (sum(map(_seconds, processes)) - before) / (time.monotonic() - began) * 100


def _family(pid: int) -> list[int]:
    children = [(task / "children").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()]
    return [pid, *sorted({int(child) for of_task in children for child in of_task})]


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _seconds(pid: int) -> float:
    """Processor time so far, of the process itself."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS
