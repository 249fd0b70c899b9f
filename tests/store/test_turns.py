"""Who writes next: whoever has waited longest, however quickly the last one comes again."""

import threading
from collections import deque

from localapp.store.turns import Turns


class _Queue(deque[threading.Lock]):
    """Those who wait; tells when another one has come."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Semaphore(0)

    def append(self, mine: threading.Lock) -> None:
        super().append(mine)
        self.came.release()


def _waits(turns: Turns, order: list[str], name: str) -> threading.Thread:
    if not isinstance(turns._waiting, _Queue):
        turns._waiting = _Queue()
    thread = threading.Thread(target=_take, args=(turns, order, name))
    thread.start()
    turns._waiting.came.acquire()
    return thread


def _take(turns: Turns, order: list[str], name: str) -> None:
    assert turns.take(60)
    order.append(name)
    turns.give()


def test_a_save_that_waits_comes_before_the_next_batch_of_a_synchronization() -> None:
    turns, order = Turns(), list[str]()
    assert turns.take(60)  # the batch that is being written
    threads = [_waits(turns, order, name) for name in ("save of Alena", "backup", "save of Bořek")]
    turns.give()
    _take(turns, order, "next batch")
    for thread in threads:
        thread.join()
    assert order == ["save of Alena", "backup", "save of Bořek", "next batch"]


def test_who_has_waited_too_long_goes_away_and_holds_nobody_up() -> None:
    turns, order = Turns(), list[str]()
    assert turns.take(60)
    assert not turns.take(0)
    thread = _waits(turns, order, "save")
    turns.give()
    thread.join()
    assert order == ["save"]
    assert turns.take(0)


def test_who_writes_knows_that_somebody_waits() -> None:
    turns, order = Turns(), list[str]()
    assert turns.take(60)
    assert not turns.is_waited_for
    thread = _waits(turns, order, "save")
    assert turns.is_waited_for
    turns.give()
    thread.join()
    assert not turns.is_waited_for
