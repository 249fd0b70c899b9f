"""One round: start the desk, let writers edit, kill it with SIGKILL, look at what lies in its folder."""

import random
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path

from localapp import config
from localapp.app import demo_keys
from localapp.store.repairs import Repair
from localapp.store.store import Store
from tests.activating import put_activated_desk
from tests.asking import Asking, OverHttp, Page
from tests.chaos.harm import Harm, Harming, harm
from tests.chaos.standing import everything
from tests.chaos.writers import Writer, undisturbed
from tests.running import OFFLINE, RunningDesk, started

WRITERS = 2
_ORPHAN_PATIENCE = 10.0
_OPENING_PATIENCE = 60.0
REPAIR = re.compile(r'name="at" value="([^"]+)"')


@dataclass(frozen=True)
class Round:
    """What one kill did: seconds until it, acknowledged changes before it, moves in flight and those that got in."""

    after: float
    acknowledged: int
    in_flight: int
    got_in: int
    harm: Harm | None


class Chaos:
    """A desk folder that survives round after round, its writers, and the undisturbed desk to compare with."""

    def __init__(self, folder: Path, same: Asking, undisturbed_store: Store, chance: random.Random) -> None:
        self._folder, self._chance = folder, chance
        put_activated_desk(folder / "desk")
        self._keys = demo_keys(folder / "desk")
        self._was_told = False
        self._same, self._undisturbed_store = same, undisturbed_store
        today = date.today()  # noqa: DTZ011 - only for the ages of made-up people
        self._writers = [Writer(random.Random(chance.random()), today) for _ in range(WRITERS)]  # noqa: S311 - no secret

    def kill_once(self, harming: Harming | None = None) -> Round:
        """Kill the desk, damage its files if asked to, and compare.

        Raises AssertionError when an acknowledged change is lost, a file is not whole, damage is not told or told
        without need, or a worker is left behind.
        """
        after = self._chance.uniform(0.02, 1.5)
        with started(self._folder / "desk", *OFFLINE) as running:
            self._see_again(running)
            workers = self._edit_until(running, after)
        for writer in self._writers:
            if writer.failure:
                raise writer.failure
        _assert_gone(workers)
        done = None
        if harming is not None:
            done = harm(self._folder / "desk", self._keys.database, harming, self._chance)
        acknowledged = sum(len(writer.acknowledged) for writer in self._writers)
        in_flight = sum(writer.in_flight is not None for writer in self._writers)
        return Round(after, acknowledged, in_flight, self._settle(done), done)

    def see_at_last(self) -> None:
        """The desk starts once more and shows every document. Raises AssertionError."""
        with started(self._folder / "desk", *OFFLINE) as running:
            self._see_again(running)

    def _see_again(self, running: RunningDesk) -> None:
        """Every document, and what was repaired; the advisor reads that and presses Rozumím."""
        asking = OverHttp(running)
        page = _opened(asking).text
        for at in REPAIR.findall(page):
            assert asking.post("/repairs/readings", {"at": at}, fragments=False).acknowledged
        asking.close()
        assert bool(REPAIR.search(page)) == self._was_told, page
        for document in ["", *(each for writer in self._writers for each in writer.pairs)]:
            answer = running.ask("GET", f"/documents/{document}".rstrip("/"))
            assert answer.status in {200, 303, 404 if self._is_deleted(document) else 200}, (document, answer.status)

    def _is_deleted(self, document: str) -> bool:
        same = next((writer.pairs[document] for writer in self._writers if document in writer.pairs), "")
        record = self._undisturbed_store.document(same)
        return record is not None and record.facts.deleted_at is not None

    def _edit_until(self, running: RunningDesk, after: float) -> list[int]:
        """Let the writers write for so long, then kill; the process ids of the desk's children."""
        threads = [threading.Thread(target=writer.work, args=(running,)) for writer in self._writers]
        threads.append(threading.Thread(target=_back_up, args=(running, self._chance.uniform(0, 2 * after))))
        for thread in threads:
            thread.start()
        time.sleep(after)
        workers = _children(running.process.pid)
        running.process.kill()
        running.process.wait()
        for thread in threads:
            thread.join()
        return workers

    def _settle(self, done: Harm | None) -> int:
        """Compare with a copy of the folder, so that the next start finds it as the kill left it."""
        copy = self._folder / "copy"
        shutil.copytree(self._folder / "desk", copy)
        store = Store.open(copy / config.DATABASE, self._keys)
        try:
            assert store.integrity() == []
            self._was_told = bool(store.repairs())
            _assert_told(done, store.repairs())
            known = {each for writer in self._writers for each in writer.pairs}
            known |= {document for writer in self._writers for _, document in writer.acknowledged if document}
            strangers = everything(store) - known
            got_in = sum(
                writer.settle(self._same, self._undisturbed_store, store, strangers) for writer in self._writers
            )
            assert strangers == set(), "documents that nobody asked for"
            assert len(everything(store)) == len(everything(self._undisturbed_store))
        finally:
            store.close()
            shutil.rmtree(copy)
        return got_in


def _assert_told(done: Harm | None, repairs: list[Repair]) -> None:
    assert all(repair.missing == 0 for repair in repairs), f"{done}: {repairs}"
    if done is None:
        assert repairs == [], "told, though nothing was damaged"
    elif done.must_be_told:
        assert repairs, f"{done.name}: not told"


@contextmanager
def chaos(folder: Path, seed: int) -> Iterator[Chaos]:
    """Rounds on ``folder``, the same for the same seed but for the moment at which the kill meets the desk."""
    (folder / "undisturbed").mkdir(mode=0o700)
    with undisturbed(folder / "undisturbed") as (same, store):
        yield Chaos(folder, same, store, random.Random(seed))  # noqa: S311 - no secret


def _back_up(running: RunningDesk, after: float) -> None:
    """Zálohovat nyní, unless the desk is gone before."""
    asking = OverHttp(running)
    try:
        time.sleep(after)
        assert asking.post("/backups", {}, fragments=False).location.startswith("/settings?done=backed_up")
    except (OSError, HTTPException):
        pass
    finally:
        asking.close()


def _opened(asking: Asking) -> Page:
    """The list, once the desk has opened; on a busy computer its patience with a page may end before."""
    until = time.monotonic() + _OPENING_PATIENCE
    while (page := asking.get("/documents")).status == HTTPStatus.SERVICE_UNAVAILABLE:
        assert time.monotonic() < until, page.text
    return page


def _children(pid: int) -> list[int]:
    """The processes that a process has started (on Linux; none elsewhere)."""
    return [
        int(child)
        for listed in Path(f"/proc/{pid}/task").glob("*/children")
        for child in listed.read_text(encoding="ascii").split()
    ]


def _assert_gone(workers: list[int]) -> None:
    deadline = time.monotonic() + _ORPHAN_PATIENCE
    while any(_runs(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not [pid for pid in workers if _runs(pid)], "a worker outlived the desk"


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
