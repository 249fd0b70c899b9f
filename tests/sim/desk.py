"""One advisor's computer: the real store on its files, commands as its pages give them, crashes and a full disk."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import event

from localapp import clock
from localapp.domain import retention
from localapp.domain.canonical import Pinned, canonical_text, freeze
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import Action, Kind, State, permitted, state
from localapp.store import retaining, signatures
from localapp.store.conflicting import Reason
from localapp.store.conflicts import Way
from localapp.store.edit import Edit
from localapp.store.failures import StoreFailure
from localapp.store.records import Content, ListRow, NewDocument
from localapp.store.store import Store
from localapp.sync import attaching
from localapp.sync.session import Report, synchronize
from tests.sim.crashing import CrashedError, Crashing, share_compiled
from tests.sim.line import Line, Trouble
from tests.sim.seen import plainly
from tests.store.made_up import CALCULATION, FORM, KEYS

if TYPE_CHECKING:
    from tests.sim.world import World

QUOTE = canonical_text({"output": {"total_instalment": "1234.00"}, "payments_per_year": 12})
PART = 16  # bytes of a file that go at once
FAST: dict[str, Any] = {"MONTHS": 0, "NOTICE": timedelta(hours=20)}  # 200 exports a run would take too long
NO_ROOM, ROOM = 1, 1 << 30  # pages that the file may have; SQLite takes the present size for less


class Desk:
    """A desk that is opened again after each crash. ``ahead`` is by how much its clock is wrong."""

    def __init__(self, world: "World", name: str, folder: Path) -> None:
        self._world, self.name, self.folder = world, name, folder
        self.ahead = timedelta()
        self.is_full = False
        self._heard: Callable[[Crashing], object] = lambda _: None
        self.doom = 0  # points left until it dies, counted through all that it does; 0: it lives
        self.lives = 0
        self.line = Line(world, name)
        self._open()

    def _open(self) -> None:
        self.lives += 1
        self.crashing = Crashing(self.folder)
        self.crashing.heard = self._heard
        with self.at_its_time():
            self.store = Store.open(self.folder / "documents.db", KEYS)
        database = self.store._database
        share_compiled("desk", database._engine, database._reader)
        self.crashing.watch(database._engine)
        assert database.log is not None
        self.crashing.after(database.log, "append")
        event.listen(database._engine, "checkout", self._limit)

    @classmethod
    def alone(cls, name: str, folder: Path) -> "Desk":
        """A desk in a process of its own, by the computer's clock."""
        desk = cls.__new__(cls)
        desk.name, desk.folder, desk.store = name, folder, Store.open(folder / "documents.db", KEYS)
        return desk

    def _limit(self, connection: Any, record: Any, _: object) -> None:  # noqa: ANN401 - the driver's and the pool's
        if record.info.get("is_full", False) != self.is_full:
            connection.execute(f"PRAGMA max_page_count = {NO_ROOM if self.is_full else ROOM}").close()
            record.info["is_full"] = self.is_full

    @contextmanager
    def at_its_time(self) -> Iterator[None]:
        """Within the block the present is what this computer's clock says."""
        with clock.moved_to(self._world.now + self.ahead):
            yield

    def does(self, command: Callable[[], object], dies_at: int = 0) -> bool:
        """Whether the user is told that it is done. A crash or a full disk is told otherwise, if at all."""
        crashing = self.crashing
        try:
            with self.at_its_time(), crashing.counting(dies_at or self.doom):
                command()
        except CrashedError:
            self.open_again()
            return False
        except StoreFailure:
            return False
        finally:
            self.doom = max(0, self.doom - len(crashing.passed))
        return True

    def synchronize(self, trouble: Trouble | None = None, dies_at: int = 0) -> Report | None:
        """One synchronization; None when this computer dies within."""
        reports: list[Report] = []
        self.line.begin(trouble)
        with patch.multiple(attaching, MOST_PART=PART, MOST_OF_A_RUN=3 * PART):  # many parts, and more than one run
            self.does(lambda: reports.append(synchronize(self.store.sync, self.line, cause="by_hand")), dies_at)
        return reports[0] if reports else None

    def new(self, words: int, *, wrong: bool = False, form: Pinned = FORM) -> str:
        """A fresh draft that says ``words``; the insurer returns what is ``wrong``."""
        answers: dict[str, Any] = {"words": words} | ({"wrong": True} if wrong else {})
        row = _row(words)
        return self.store.create_document(
            NewDocument(Kind.OFFER, form, CALCULATION, answers, {"words": words}, row, self.name)
        )

    def copy(self, document: str, words: int) -> str:
        """Kopírovat."""
        answers = {**self.store.content(document).answers, "words": words}
        return self.store.create_document(
            NewDocument(
                Kind.OFFER, FORM, CALCULATION, answers, {"words": words}, _row(words), self.name, copied_from=document
            )
        )

    def correct(self, document: str, words: int) -> str:
        """Opravný dokument of what was exported, or the one that there is already."""
        record, content = self.store.document(document), self.store.content(document)
        assert record is not None
        corrects = Corrects(document, record.number, record.revision or 0)
        answers = {**content.answers, "words": words}
        new = NewDocument(
            Kind.OFFER, FORM, CALCULATION, answers, {"words": words}, _row(words), self.name, corrects=corrects
        )
        return self.store.correct_document(new)

    def resolve(self, document: str, way: Way, words: int) -> str | None:
        """End the open conflict of a document in one of its ways; the new document, if the way makes one."""
        conflict = next(each for each in self.store.conflicts.open() if each.document == document)
        record, content = self.store.document(document), self.store.content(document)
        assert record is not None
        answers = {**content.answers, "words": words}
        of_way: dict[Way, dict[str, Any]] = {
            Way.CORRECTED: {"corrects": Corrects(document, record.number, conflict.their_revision or 0)},
            Way.COPIED: {"copied_from": document},
        }
        ties = of_way.get(way, {})
        new = NewDocument(Kind.OFFER, FORM, CALCULATION, answers, {"words": words}, _row(words), self.name, **ties)
        return self.store.conflicts.resolve(conflict, way, self.name, new if ties else None)

    def merge(self, document: str, words: int) -> None:
        """Bring what two computers made of a document together, where its conflict shows all three sides."""
        sides = self.store.conflicts.sides(document)
        if sides is None or sides.conflict.reason is not Reason.STALE_EDIT or not (sides.base and sides.mine):
            return
        if sides.theirs is not None and sides.theirs.revision != sides.base.revision:
            answers, health = {**sides.theirs.answers, "words": words}, {"words": words}
            merged = Content(answers, health, sides.theirs.revision, None, None)
            self.store.conflicts.merge(sides.conflict, self.name, merged, _row(words), [])

    def bring_back(self, document: str) -> str | None:
        """Take back the newest resolution of a document's conflict."""
        found = next(each for each in self.store.conflicts.resolved() if each.document == document)
        return self.store.conflicts.bring_back(found.id, self.name)

    def type_in(self, document: str, words: int, *, wrong: bool = False) -> None:
        """Type other words into every field, health too."""
        with self.store.edit(document, self.name) as edit:
            answers = {**edit.answers, "words": words, "wrong": wrong}
            health = {"words": words}
            edit.save(answers, health, row=_row(words), last_quote=QUOTE)

    def complete(self, document: str) -> None:
        """Dokončit."""
        with self.store.edit(document, self.name) as edit:
            edit.complete(_frozen(edit), edit.record.row, QUOTE)

    def discard(self, document: str) -> None:
        """Zahodit změny."""
        with self.store.edit(document, self.name) as edit:
            edit.discard()

    def cancel(self, document: str) -> None:
        """Stornovat."""
        with self.store.edit(document, self.name) as edit:
            edit.cancel()

    def sign(self, document: str, files: Sequence[bytes]) -> None:
        """The client signs what was completed; ``files`` are sealed and travel on their own."""
        with self.store._database.write() as connection:
            signatures.sign(connection, document, files, self.name)

    def let_go(self) -> None:
        """Announce what comes to its end and remove what is over, by the insurer's time, which runs faster here."""
        with patch.multiple(retention, **FAST), patch.multiple(retaining, **FAST):
            self.store.retaining.announce(self._world.now)
            self.store.retaining.let_go(self._world.now)

    def permits(self, document: str, action: Action) -> bool:
        """Whether the toolbar offers it."""
        record = self.store.document(document)
        return record is not None and action in permitted(record.facts)

    def state(self, document: str) -> State:
        """The word for where a document stands."""
        record = self.store.document(document)
        assert record is not None
        return state(record.facts)

    def documents(self) -> list[str]:
        """All documents of this computer, oldest first."""
        return [row["uuid"] for row in self.rows("SELECT uuid FROM document ORDER BY id")]

    def rows(self, query: str) -> list[Mapping[str, Any]]:
        """What a query finds."""
        with self.store._database.read() as connection:
            return plainly(connection, query)

    def words(self, document: str) -> tuple[int, int]:
        """What the screen shows of a document: its answers' words and its health's."""
        content = self.store.content(document)
        return content.answers["words"], content.health["words"]

    def hear(self, heard: Callable[[Crashing], object]) -> None:
        """Tell of each point that is passed from now on, in whatever life."""
        self._heard = self.crashing.heard = heard

    def crash(self) -> None:
        """Die between two commands."""
        self.crashing.die()
        self.open_again()

    def stopped(self, do: Callable[[], object]) -> None:
        """Do something with the folder while the desk is not running."""
        self.store.close()
        do()
        self._open()

    def open_again(self) -> None:
        """Start on what the dead process has left."""
        self.close()
        self.crashing.bury()
        self._open()
        assert self.store.integrity() == [], f"{self.name} is damaged by a crash"
        spoilt = [each for each in self.store.repairs() if each.kept]  # the others tell what came back
        assert spoilt == [], f"{self.name} had to be repaired after a crash"

    def close(self) -> None:
        """Let go of the files as they are."""
        with suppress(CrashedError, StoreFailure):
            self.store._database._let_go()


def _row(words: int) -> ListRow:
    return ListRow(f"Novák {words}", "Jiří", "", "1234.00", 12, f"Jiří Novák {words}")


def _frozen(edit: Edit) -> Any:  # noqa: ANN401 - a FrozenRevision
    salts = (secrets.token_hex(32), secrets.token_hex(32))
    return freeze(edit.answers, edit.health, edit.record.form, edit.record.calculation, salts)
