"""What runs in the killed processes: a desk without pages that works and synchronizes, the insurer, its export.

They are forked from a process that has everything loaded, so that a round costs a second and not ten.
"""

import multiprocessing
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from endpoint.application import create_endpoint
from endpoint.evaluation.evaluator import Evaluator
from endpoint.serving import Place, serve
from localapp.domain.lifecycle import Action
from localapp.store.failures import StoreFailure
from localapp.sync.session import synchronize
from localapp.sync.transport import HttpTransport
from tests.sim.desk import Desk
from tests.sim.insurer import ADDRESS, Insurer

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__])


class _Through(HttpTransport):
    """The endpoint that the desk was activated at, behind another port."""

    @property
    def address(self) -> str:
        return ADDRESS


def start(target: Callable[..., None], *given: object) -> BaseProcess:
    """A process of its own."""
    process = _FORKING.Process(target=target, args=given, daemon=True)
    process.start()
    return process


def pipe() -> tuple[Connection, Connection]:
    """Where a desk tells what its user was told: to be read from, to be told to."""
    return _FORKING.Pipe(duplex=False)


def work(folder: Path, name: str, port: int, seed: int, telling: Connection) -> None:
    """Type, complete, cancel, synchronize without end; each command is told before and after it."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    desk = Desk.alone(name, folder)
    line = _Through(f"http://127.0.0.1:{port}", seconds=2.0)
    words = seed * 1000
    while True:
        words += 1
        with suppress(StoreFailure):
            _do_something(desk, chance, words, telling)
        if chance.random() < 0.5:
            synchronize(desk.store.sync, line, cause="by_hand")


def _do_something(desk: Desk, chance: random.Random, words: int, telling: Connection) -> None:
    documents = desk.documents()[-12:]
    document = chance.choice(documents) if documents and chance.random() < 0.6 else ""
    if not document:
        telling.send(("tries", "", words))
        document = desk.new(words)
    elif desk.permits(document, Action.EDIT):
        telling.send(("tries", document, words))
        desk.type_in(document, words)
    else:
        return
    telling.send(("saved", document, words))
    if chance.random() < 0.7:
        desk.complete(document)
        telling.send(("completed", document, words))
    if chance.random() < 0.1 and desk.permits(document, Action.CANCEL):
        desk.cancel(document)


def insure(folder: Path, port: int) -> None:
    """The insurer's endpoint on its port."""
    _quietly()
    serve(folder, Place(port))


def export(folder: Path) -> None:
    """An export by hand."""
    _quietly()
    endpoint = create_endpoint(folder)
    endpoint.run_export()
    endpoint.close()


def _quietly() -> None:
    judge: Any = staticmethod(Insurer._judge)
    Evaluator._judge = judge  # type: ignore[method-assign]  # nothing is calculated
    sys.stdout = sys.stderr = Path("/dev/null").open("w", encoding="utf-8")  # noqa: SIM115 - until it is killed
