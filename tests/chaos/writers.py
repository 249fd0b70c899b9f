"""Writers that edit at the same time, and the undisturbed desk in this process that does what was acknowledged."""

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.client import HTTPException
from pathlib import Path

from localapp.store.records import Keys
from localapp.store.store import Store
from localapp.web.application import create_app
from localapp.web.guard import Guard
from tests.asking import Asking, InProcess, OverHttp, Page
from tests.chaos.script import Move, day
from tests.chaos.standing import standing
from tests.conftest import AUTHORITY, client_of
from tests.connecting import enrolled_desk
from tests.running import RunningDesk

_ID = re.compile(r"(?:selected=|/documents/)([0-9a-f-]{36})")


@contextmanager
def undisturbed(folder: Path) -> Iterator[tuple[Asking, Store]]:
    """A desk in this process that nobody kills."""
    desk = enrolled_desk(folder, Keys(secrets.token_bytes(32), secrets.token_bytes(32)))
    guard = Guard(AUTHORITY)
    try:
        yield InProcess(client_of(create_app(desk, guard), guard)), desk.store
    finally:
        desk.close()


class RefusedError(AssertionError):
    """The desk refused a move that it must not refuse."""


def carry_out(asking: Asking, document: str, move: Move) -> Page:
    """Send one move. Raises RefusedError."""
    target = f"/documents/{document}{move.where}" if document and move.where else "/documents"
    page = asking.get(target) if move.form is None else asking.post(target, move.form, fragments=move.fragments)
    if not page.acknowledged:
        raise RefusedError(f"{target} {move.form}: {page.status} {page.text.partition('<main')[2][:1000]}")
    return page


def opened(page: Page) -> str:
    """The document that an answer leads to."""
    found = _ID.search(page.location)
    assert found, page
    return found[1]


class Writer:
    """One person at the desk. After a kill ``settle`` finds out whether the last move got in."""

    def __init__(self, chance: random.Random, today: date) -> None:
        self._script = day(chance, today)
        self._next = next(self._script)
        self.document = self._same = ""  # the current document in the killed desk, and in the undisturbed one
        self.acknowledged: list[tuple[Move, str]] = []
        self.in_flight: Move | None = None
        self.pairs: dict[str, str] = {}
        self.failure: BaseException | None = None

    def work(self, running: RunningDesk) -> None:
        """Do one move after the other until the desk is gone."""
        asking = OverHttp(running)
        try:
            while True:
                self.in_flight = self._next
                page = carry_out(asking, self.document, self._next)
                self._was_done(page, opened(page) if self._next.opens else self.document)
        except (OSError, HTTPException):
            pass
        except BaseException as failure:  # noqa: BLE001 - the thread's failure is the round's
            self.failure = failure
        finally:
            asking.close()

    def _was_done(self, page: Page | None, document: str) -> None:
        self.acknowledged.append((self._next, document))
        self.document, self.in_flight = document, None
        self._next = self._script.send(page)

    def settle(self, same: Asking, undisturbed_store: Store, store: Store, strangers: set[str]) -> bool:
        """Repeat what was acknowledged on the undisturbed desk and compare. Whether the move in flight got in.

        Raises AssertionError when a document stands otherwise than with or without the move in flight.
        """
        for move, document in self.acknowledged:
            self._repeat(same, move, document)
        self.acknowledged.clear()
        last, self.in_flight = self.in_flight, None
        got_in = last is not None and last.form is not None and self._got_in(last, store, undisturbed_store, strangers)
        if last is not None and got_in:
            document = strangers.pop() if last.opens else self.document
            self._was_done(None, document)
            self.acknowledged.clear()
            self._repeat(same, last, document)
        self._compare(store, undisturbed_store)
        return got_in

    def _got_in(self, move: Move, store: Store, undisturbed_store: Store, strangers: set[str]) -> bool:
        if move.opens:
            return bool(strangers)
        return standing(store, self.document) != standing(undisturbed_store, self._same)

    def _repeat(self, same: Asking, move: Move, document: str) -> None:
        page = carry_out(same, self._same, move)
        if move.opens:
            self._same = opened(page)
            self.pairs[document] = self._same

    def _compare(self, store: Store, undisturbed_store: Store) -> None:
        for document, same in self.pairs.items():
            found, expected = standing(store, document), standing(undisturbed_store, same)
            wrong = {name: (found[name], expected[name]) for name in found if found[name] != expected[name]}
            assert not wrong, f"document {document} (found, expected): {wrong}"
