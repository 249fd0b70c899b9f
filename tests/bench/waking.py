"""Memory that a machine puts to sleep: what touching it again costs, and how to keep it awake from beside.

A virtual machine may make the first touch of a page that was left alone for some seconds a hundred times dearer, and
the guest counts that as processor time of whoever touches. It is the machine's cost, not the program's, so idle work
is measured with the pages read from beside, on the account of the benchmark.
"""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAGE = 4096
_PAGES, _TOUCHED = 10_000, 2_000
_READ_EVERY = 0.5  # seconds
_PIECE = 1024 * 1024


def first_touch(after: float) -> float:
    """Microseconds that the first touch of a page costs after it was left alone for so many seconds."""
    memory = bytearray(_PAGES * PAGE)
    places = random.sample(range(0, len(memory), PAGE), _TOUCHED)
    for place in range(0, len(memory), PAGE):
        memory[place] = 1
    time.sleep(after)
    began = time.thread_time()
    for place in places:
        memory[place] += 1
    return (time.thread_time() - began) / _TOUCHED * 1e6


@contextmanager
def kept_awake(processes: list[int]) -> Iterator[None]:
    """Within the block the memory of the processes is read over and over."""
    ends = threading.Event()
    reading = threading.Thread(target=_read_on, args=(processes, ends))
    reading.start()
    try:
        yield
    finally:
        ends.set()
        reading.join()


def _read_on(processes: list[int], ends: threading.Event) -> None:
    while not ends.wait(_READ_EVERY):
        for process in processes:
            with suppress(OSError):  # it has ended
                _read(process)


def _read(process: int) -> None:
    places = Path(f"/proc/{process}")
    with (places / "mem").open("rb", buffering=0) as memory:
        for line in (places / "maps").read_text().splitlines():
            place, rights = line.split()[:2]
            if rights.startswith("r"):
                first, end = (int(each, 16) for each in place.split("-"))
                _read_between(memory.fileno(), first, end)


def _read_between(memory: int, first: int, end: int) -> None:
    with suppress(OSError):  # what the kernel lends is no memory of the process
        for place in range(first, end, _PIECE):
            os.pread(memory, min(_PIECE, end - place), place)
