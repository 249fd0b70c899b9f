"""Rounds with three desks, the insurer, its export and a line that breaks; every process is killed in each round.

Afterwards all is opened in this process, and the invariants of the simulation are asked of the files.
"""

import random
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from localapp import clock
from tests.chaos import processes
from tests.chaos.cutting import CuttingLine
from tests.sim import ready
from tests.sim.checking import check
from tests.sim.invariants import ViolatedError
from tests.sim.quiet import come_to_rest, settle
from tests.sim.world import World

Message = tuple[str, str, int]
"""What a desk did or tries, with which document, which words."""
_PATIENCE = 60.0


@dataclass(frozen=True)
class Round:
    """What was told to users before the kills, connections that were cut, and what the insurer has by now."""

    saved: int
    completed: int
    cuts: int
    documents: int
    exported: int


class Three:
    """A world that survives round after round."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._chance = folder, random.Random(seed)  # noqa: S311 - no secret
        ready.put(folder)
        with closing(sqlite3.connect(folder / ready.INSURER / "endpoint.db")) as insurer:
            insurer.execute("UPDATE meta SET value = ? WHERE name = 'opened_at'", (clock.stamp(),))
            insurer.commit()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._port = int(listener.getsockname()[1])
        self._saved: dict[tuple[str, str], int] = {}
        self._completed: dict[tuple[str, str, int, str], int] = {}
        self._rounds = 0

    def kill_once(self) -> Round:
        """Raises ViolatedError when something is lost, doubled or hidden."""
        self._rounds += 1
        line = CuttingLine(self._port, self._chance)
        told = self._work(line)
        line.close()
        world = self._opened()
        try:
            completed = sum(self._believe(world, name, messages) for name, messages in told.items())
            check(world)
            come_to_rest(world)
            self._saved, self._completed = world.saved, world.completed
            insurer = world.at_insurer()
            saved = sum(len(messages) for messages in told.values())
            return Round(saved, completed, line.cuts, len(insurer.documents), len(insurer.items))
        finally:
            world.let_go()

    def end(self) -> None:
        """The last evening: everything goes. Raises ViolatedError."""
        world = self._opened()
        try:
            settle(world)
        finally:
            world.let_go()

    def _opened(self) -> World:
        world = World(folder=self._folder)
        world.now = clock.now()
        world.saved, world.completed = self._saved, self._completed
        return world

    def _work(self, line: CuttingLine) -> dict[str, list[Message]]:
        """All work until each is killed; what the desks have told."""
        insurer = self._insurer()
        told: dict[str, list[Message]] = {name: [] for name in ready.DESKS}
        desks, listeners = [], []
        for place, name in enumerate(ready.DESKS):
            hearing, telling = processes.pipe()
            seed = self._rounds * 10 + place
            desks.append(processes.start(processes.work, self._folder / name, name, line.port, seed, telling))
            telling.close()
            listeners.append(_Listener(hearing, told[name]))
        self._kill(insurer, desks, listeners)
        for listener in listeners:
            listener.thread.join()
        return told

    def _insurer(self) -> BaseProcess:
        """The endpoint, once it answers."""
        process = processes.start(processes.insure, self._folder / ready.INSURER, self._port)
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                assert time.monotonic() < until, "the endpoint does not begin"
                time.sleep(0.02)
            else:
                return process

    def _kill(self, insurer: BaseProcess, desks: list[BaseProcess], listeners: "list[_Listener]") -> None:
        """The insurer in the middle, and started again; an export; the desks one after the other; the rest.

        How far each has come is chosen, not how long it may take: the machine may have other things to do.
        """
        for listener in listeners:
            listener.wait_for(self._chance.randint(1, 12))
        _killed(insurer)
        insurer = self._insurer()
        export = processes.start(processes.export, self._folder / ready.INSURER)
        for desk, listener in zip(desks, listeners, strict=True):
            listener.wait_for(len(listener.told) + self._chance.randint(1, 20))
            time.sleep(self._chance.uniform(0, 0.1))
            _killed(desk)
        for each in (export, insurer):
            _killed(each)

    def _believe(self, world: World, name: str, messages: list[Message]) -> int:
        """Enter what the user was told into the ledger; what was under way may have got in. Completions told."""
        completed = 0
        for what, document, words in messages:
            if what != "tries":
                world.saved[name, document] = words
            completed += what == "completed"
        for document, shown in world.on(name).shown.items():
            under_way = (
                bool(messages)
                and messages[-1][0] == "tries"
                and messages[-1][1:]
                in {
                    (document, shown.answers),
                    ("", shown.answers),
                }
            )
            if under_way:
                world.saved[name, document] = shown.answers
        world.note_completed(name)
        return completed


class _Listener:
    """Hears a desk until it is dead; what it said last may be broken off."""

    def __init__(self, hearing: Connection, told: list[Message]) -> None:
        self._hearing, self.told = hearing, told
        self._news = threading.Condition()
        self.thread = threading.Thread(target=self._hear, name="listener")
        self.thread.start()

    def wait_for(self, count: int) -> None:
        """Until so much has been told."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.told) >= count, _PATIENCE), "a desk does not go on"

    def _hear(self) -> None:
        try:
            while True:
                message = self._hearing.recv()
                with self._news:
                    self.told.append(message)
                    self._news.notify_all()
        except (EOFError, OSError):
            self._hearing.close()


def _killed(process: BaseProcess) -> None:
    process.kill()
    process.join()
    process.close()


@contextmanager
def three(seed: int) -> Iterator[Three]:
    """Rounds on a folder of their own; where something is lost, doubled or hidden it stays, to be looked at."""
    folder = ready.place()
    try:
        yield Three(folder, seed)
    except ViolatedError as found:
        found.add_note(f"All files as they were left: {folder}")
        raise
    except BaseException:
        shutil.rmtree(folder)
        raise
    else:
        shutil.rmtree(folder)
