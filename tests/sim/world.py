"""Three desks and the insurer, a clock, and a ledger of what each user has been told is saved.

Every step of a simulation is one method. ``dies_at`` is the point at which the process that works dies; 0: it lives.
"""

import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

from localapp import clock
from localapp.domain.lifecycle import Action
from localapp.store.conflicts import Way
from localapp.sync.session import Report
from localapp.sync.transport import Reply, TransportFailed
from tests.sim import ready
from tests.sim.copies import Copies, original_of
from tests.sim.desk import Desk
from tests.sim.insurer import Insurer
from tests.sim.line import Letter, Trouble
from tests.sim.seen import AtInsurer, OnDesk, Row

MOMENT = timedelta(seconds=1)


class World:
    """All of it, on a folder of its own."""

    def __init__(self, names: Iterable[str] = ready.DESKS, folder: Path | None = None) -> None:
        """``folder`` holds the desks and the insurer already; without one a fresh world is made."""
        self.folder = folder or ready.place()
        if folder is None:
            ready.put(self.folder)
        self.now = ready.START + timedelta(minutes=5)
        self.letters: list[Letter] = []
        self.read: list[tuple[str, bytes]] = []
        self.typed = 0
        self.saved: dict[tuple[str, str], int] = {}
        self.completed: dict[tuple[str, str, int, str], int] = {}
        self.pulled: set[str] = set()
        self.aside: dict[tuple[str, int], int] = {}
        self.is_copied = self.was_restored = False
        self.behind: set[str] = set()  # desks of an older state, or with a busy copy, that have not synchronized since
        self.healing: set[str] = set()  # desks that have not brought back yet what the insurer has lost
        self.copies = Copies(self)
        self._seen: dict[str, tuple[object, OnDesk]] = {}
        self._at_insurer: tuple[object, AtInsurer] | None = None
        with clock.moved_to(self.now):
            self.insurer = Insurer(self.folder / ready.INSURER)
        self.desks = {name: Desk(self, name, self.folder / name) for name in names}

    def close(self) -> None:
        """Let go of everything and remove it."""
        self.let_go()
        shutil.rmtree(self.folder)

    def let_go(self) -> None:
        """Let go of the files."""
        for desk in self.desks.values():
            desk.close()
        self.insurer.close()

    # What lies where

    def at_insurer(self) -> AtInsurer:
        """The endpoint's tables as they are now."""
        if self._at_insurer is None or self._at_insurer[0] != self.insurer.changes:
            self._at_insurer = self.insurer.changes, AtInsurer(self.insurer)
        return self._at_insurer[1]

    def on(self, name: str) -> OnDesk:
        """A desk's tables as they are now."""
        desk = self.desks[name]
        state = desk.lives, desk.store._database.commits
        if name not in self._seen or self._seen[name][0] != state:
            self._seen[name] = state, OnDesk(desk)
        return self._seen[name][1]

    def deliver(self, letter: Letter, *, dies_at: int = 0) -> Reply:
        """The endpoint's answer, at its own time."""
        with clock.moved_to(self.now):
            return self.insurer.answer(letter.method, letter.target, letter.headers, letter.body, dies_at=dies_at)

    # What a user does

    def new(self, name: str, *, wrong: bool = False, dies_at: int = 0) -> str | None:
        """A new offer; its id if the user has been told that it is there."""
        return self._opens(name, lambda words: self.desks[name].new(words, wrong=wrong), dies_at)

    def copy(self, name: str, document: str, dies_at: int = 0) -> str | None:
        """Kopírovat; the copy's id if the user has been told that it is there."""
        return self._opens(name, lambda words: self.desks[name].copy(document, words), dies_at)

    def correct(self, name: str, document: str, dies_at: int = 0) -> str | None:
        """A correcting document of one that was exported, if it is new: the user has been told that it is there."""
        desk = self.desks[name]
        if not desk.permits(document, Action.CORRECT) or desk.store.correcting(document) is not None:
            return None
        return self._opens(name, lambda words: desk.correct(document, words), dies_at)

    def resolve(self, name: str, document: str, way: Way, dies_at: int = 0) -> None:
        """End the conflict of a document. The document then shows what was exported; a new one may hold the edit."""
        desk = self.desks[name]
        conflict = next((each for each in desk.store.conflicts.open() if each.document == document), None)
        if conflict is None or (way is Way.CORRECTED and desk.store.correcting(document) is not None):
            return
        before = desk.words(document)[0]
        self._opens(name, lambda words: desk.resolve(document, way, words) or document, dies_at)
        after = self.saved[name, document] = desk.words(document)[0]
        if after != before and way is not Way.CORRECTED:
            self.aside[name, conflict.id] = before

    def merge(self, name: str, document: str, dies_at: int = 0) -> None:
        """End the conflict of a document by bringing both sides together."""
        words, desk = self._fresh_words(), self.desks[name]
        desk.does(partial(desk.merge, document, words), dies_at)
        if desk.words(document)[0] == words:
            self.saved[name, document] = words

    def bring_back(self, name: str, document: str, dies_at: int = 0) -> None:
        """Take back how a conflict ended: what was thrown away is there again."""
        desk = self.desks[name]
        found = next((each for each in desk.store.conflicts.resolved() if each.document == document), None)
        if found is None or found.until is None or self.on(name).documents[document]["working_copy_at"]:
            return
        if desk.does(partial(desk.bring_back, document), dies_at) or self.on(name).shown[document].is_working_copy:
            self.saved[name, document] = self.aside[name, found.id]

    def _opens(self, name: str, make: Callable[[int], str], dies_at: int) -> str | None:
        words, made = self._fresh_words(), list[str]()
        before = set(self.desks[name].documents())
        if self.desks[name].does(lambda: made.append(make(words)), dies_at):
            self.saved[name, made[0]] = words
            return made[0]
        for document in set(self.desks[name].documents()) - before:  # it got in, and nobody was told
            self.saved[name, document] = words
        return None

    def type_in(self, name: str, document: str, *, wrong: bool = False, dies_at: int = 0) -> bool:
        """Other words in every field, if the document may be edited."""
        words, desk = self._fresh_words(), self.desks[name]
        command = partial(desk.type_in, document, words, wrong=wrong)
        done = self._commands(name, document, Action.EDIT, command, dies_at)
        if done or desk.words(document)[0] == words:
            self.saved[name, document] = words
        return done

    def complete(self, name: str, document: str, dies_at: int = 0) -> bool:
        """Dokončit."""
        return self._commands(name, document, Action.COMPLETE, partial(self.desks[name].complete, document), dies_at)

    def discard(self, name: str, document: str, dies_at: int = 0) -> bool:
        """Zahodit změny: what was saved is the newest completed revision again."""
        desk = self.desks[name]
        done = self._commands(name, document, Action.DISCARD, partial(desk.discard, document), dies_at)
        if done or not self.on(name).shown[document].is_working_copy:
            self.saved[name, document] = self.on(name).shown[document].answers
        return done

    def cancel(self, name: str, document: str, dies_at: int = 0) -> bool:
        """Stornovat."""
        return self._commands(name, document, Action.CANCEL, partial(self.desks[name].cancel, document), dies_at)

    def sign(self, name: str, document: str, dies_at: int = 0, *, files: int = 1) -> bool:
        """The client signs the completed text, with so many sealed files, of one part and of more."""
        known = self.on(name)
        if known.documents[document]["revision"] is None or document in known.working:
            return False
        sealed = [b"%d of %d sealed. " % (number, self._fresh_words()) * number for number in range(1, files + 1)]
        return self._commands(name, document, Action.EDIT, partial(self.desks[name].sign, document, sealed), dies_at)

    def _commands(self, name: str, document: str, action: Action, command: Callable[[], object], dies_at: int) -> bool:
        desk = self.desks[name]
        if not desk.permits(document, action):
            return False
        done = desk.does(command, dies_at)
        self.note_completed(name)
        return done

    def leave(self, name: str, dies_at: int = 0) -> tuple[OnDesk, dict[str, Row]]:
        """What is over leaves a desk; the desk before it, and each document that left."""
        before = self.on(name)
        self.desks[name].does(self.desks[name].let_go, dies_at)
        gone = {document: row for document, row in before.documents.items() if document not in self.on(name).documents}
        for what in (self.saved, self.completed):
            for place in [place for place in what if place[0] == name and place[1] in gone]:
                del what[place]  # type: ignore[arg-type]  # both begin with the desk and the document
        if gone:
            self.insurer.drop_copy()  # nobody puts back a database of half a year ago
        return before, gone

    def note_completed(self, name: str) -> None:
        """What lies completed on a desk stays there from now on."""
        desk = self.on(name)
        for place in desk.completed:
            self.completed.setdefault((name, *place), desk.own_words(place))

    def _fresh_words(self) -> int:
        self.typed += 1
        self.now += MOMENT
        return self.typed

    def identity(self, name: str) -> str:
        """The advisor of a desk."""
        return ready.DESKS[original_of(name)].identity

    # What the machines do

    def synchronize(self, name: str, trouble: Trouble | None = None, dies_at: int = 0) -> Report | None:
        """One synchronization of a desk."""
        self.now += MOMENT
        self.pulled.discard(name)
        report = self.desks[name].synchronize(trouble, dies_at)
        if report is None or report.sent or report.refusal:
            self.copies.leave_twin_behind(name)
        if report is not None and report.refusal is None:
            self.pulled.add(name)
            self.behind.discard(name)
            if not any(row["offered_again_at"] for row in self.on(name).waiting):
                self.healing.discard(name)
        return report

    @property
    def is_healing(self) -> bool:
        """Whether a restored insurer does not know yet everything that it had."""
        return bool(self.healing)

    def arrive_late(self, letter: Letter) -> None:
        """A letter of whenever arrives once more, or for the first time; its answer reaches nobody."""
        self.now += MOMENT
        self.pulled.clear()
        try:
            self.deliver(letter)
        except TransportFailed:
            return

    def export(self, *, by_hand: bool, dies_at: int = 0) -> None:
        """The insurer's export."""
        self.now += MOMENT
        self.pulled.clear()
        with clock.moved_to(self.now):
            self.insurer.export(by_hand=by_hand, dies_at=dies_at)

    def evaluate(self) -> None:
        """The insurer evaluates what waits."""
        self.now += MOMENT
        self.pulled.clear()
        self.insurer.changes += 1
        with clock.moved_to(self.now):
            self.insurer.endpoint.evaluate_waiting()

    def restore_insurer(self) -> None:
        """The insurer's database is put back from its backup and made ready."""
        self.now += MOMENT
        self.pulled.clear()
        self.was_restored = True
        self.healing = set(self.desks)
        with clock.moved_to(self.now):
            self.insurer.restore()

    def crash_insurer(self) -> None:
        """The endpoint dies and is started again; an export that is overdue begins at once."""
        self.pulled.clear()
        with clock.moved_to(self.now):
            self.insurer.crash()
