"""The advisor's documents in one encrypted file. Everything above the store speaks to this class only."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from localapp.domain.lifecycle import Kind, Shelf
from localapp.store import (
    client_index,
    conflicts,
    contents,
    creation,
    deletion,
    documents,
    integrity,
    journal,
    left_behind,
    listing,
    outbox,
    repairs,
    schema,
)
from localapp.store.backups import BACKUPS, Backups
from localapp.store.clients import Clients
from localapp.store.conflicts import Conflicts
from localapp.store.delivery import Delivery
from localapp.store.edit import Edit
from localapp.store.engine import Database
from localapp.store.failures import StoreFull, UnknownDocument
from localapp.store.health import HealthTables, Sealer
from localapp.store.histories import Histories
from localapp.store.kept import Kept
from localapp.store.left_behind import LeftBehind
from localapp.store.moments import as_text
from localapp.store.opening import open_database
from localapp.store.records import (
    Answers,
    Content,
    DocumentRecord,
    JournalLine,
    Keys,
    ListedDocument,
    NewDocument,
    Operation,
    Page,
)
from localapp.store.repairs import Repair
from localapp.store.retaining import Retaining
from localapp.store.sync_store import SyncStore


class Store:
    """One open file. Safe for many threads: readers never wait, writers queue. Any call may raise a StoreFailure."""

    def __init__(self, database: Database, health: HealthTables, *, urgent: bool = False) -> None:
        self._database = database
        self._health = health
        self.backups = Backups(database, database.path.parent / BACKUPS, urgent=urgent)
        database.before_commit = client_index.refresh
        self.clients = Clients(database)
        self._counts = listing.Counts(database)
        self._kept = Kept(database)
        self.retaining = Retaining(database, self.backups, self._kept, self._counts)
        self.sync = SyncStore(database, health, self._counts)
        self.delivery = Delivery(database, self._counts, self.sync.history)
        self.when_queued: Callable[[], None] = lambda: None  # told after the commit that put something into the outbox
        self.conflicts = Conflicts(database, health, self._counts)
        self.histories = Histories(database, health)

    @classmethod
    def open(cls, path: Path, keys: Keys, *, rotated: bool = False, thoroughly: bool = False) -> "Store":
        """Open the file; make, migrate or repair it first. What was repaired waits in ``repairs``.

        ``rotated``: the file has got these keys in place of others, and backups and log begin anew under them
        (``Backups.start_over``). ``thoroughly``: prove the whole file first.
        Raises CannotOpen (wrong key or damage: ``CannotOpen.decided`` names which), LostStore, NewerStore,
        MigrationFailed, NotWritable, StoreFull.
        """
        opened = open_database(path, keys.database, rotated=rotated, thoroughly=thoroughly)
        store = cls(opened.database, HealthTables(Sealer(keys.health)), urgent=opened.urgent)
        if opened.repair is not None:
            repairs.note(opened.database, opened.repair)
            with suppress(StoreFull):  # it stays due then
                store.backups.make()
        if thoroughly and store.clients.faults():
            store.clients.rebuild()
        if rotated:
            store.backups.start_over()
        return store

    def close(self) -> None:
        """Close all connections and empty the write-ahead log."""
        self.sync.history.close()
        self._database.close()

    def retire(self) -> None:
        """Let nobody write with this store any more, and close it as it is: its file is about to be replaced."""
        self.backups.end()
        self._database.retire()

    def reopened(self) -> "Store":
        """Another store in the place of this one, which nobody can write with any more: the file proved and, where it
        is not whole, repaired. Raises as ``open`` does.
        """
        self.retire()
        keys = Keys(self._database.key, self._health.key)
        return Store.open(self._database.path, keys, thoroughly=True)

    def repairs(self) -> list[Repair]:
        """What was repaired and not read yet, newest first."""
        return self._kept.of("repairs", lambda: repairs.read(self._database))

    def forget_repair(self, at: str) -> None:
        """The advisor has read about a repair."""
        repairs.forget(self._database, at)

    def create_document(self, new: NewDocument) -> str:
        """Add a draft with a working copy and the next number of its kind, if one is left; its id."""
        with self._database.write() as connection:
            made = creation.create(connection, self._health, new)
        self._counts.forget()
        return made

    def correct_document(self, new: NewDocument, *, presumed: bool = False) -> str:
        """Add a document that corrects another one, or find the one that does already; its id.

        ``presumed`` as in ``creation.correct``. Raises NotPermitted, UnknownDocument.
        """
        with self._database.write() as connection:
            made = creation.correct(connection, self._health, new, presumed=presumed)
        self._counts.forget()
        return made

    def correcting(self, document_id: str) -> DocumentRecord | None:
        """The document that corrects this one and is neither cancelled nor deleted."""
        with self._database.read() as connection:
            found = documents.correcting(connection, document_id)
            return None if found is None else documents.find(connection, found).record

    def offers_from(self, document_id: str) -> list[DocumentRecord]:
        """The offers that were filled in from this illustration, oldest first."""
        with self._database.read() as connection:
            return [each.record for each in documents.offers_from(connection, document_id)]

    def document(self, document_id: str) -> DocumentRecord | None:
        """The document without its answers; None if there is none. A deleted one is found until it is purged."""
        with self._database.read() as connection:
            try:
                return documents.find(connection, document_id).record
            except UnknownDocument:
                return None

    @contextmanager
    def edit(self, document_id: str, actor: str) -> Iterator[Edit]:
        """One immediate transaction on one document: committed on normal exit, rolled back whole on an exception.

        Not to be nested. Raises UnknownDocument, StoreBusy, StoreFull.
        """
        with self._database.write() as connection:
            edit = Edit(connection, self._health, document_id, actor)
            yield edit
        if edit.moved:
            self._counts.forget()
        if edit.queued:
            self.when_queued()

    def content(self, document_id: str) -> Content:
        """The working copy or, without one, the newest revision. Raises UnknownDocument."""
        with self._database.read() as connection:
            return contents.read(connection, self._health, documents.find(connection, document_id))

    def revision(self, document_id: str, number: int) -> Content:
        """What one completed revision says. Raises UnknownDocument."""
        with self._database.read() as connection:
            return contents.of_revision(connection, self._health, documents.find(connection, document_id), number)

    def health_history(self, document_id: str) -> list[Answers]:
        """Every state that the working copy's health has had, oldest first. Raises UnknownDocument."""
        with self._database.read() as connection:
            row = documents.find(connection, document_id).row
            return self._health.history(connection, row, document_id)

    def page(self, *, shelf: Shelf | None, kind: Kind | None, before: int | None, limit: int = 50) -> Page:
        """One page of the list, newest change first; ``before`` is the previous page's ``next``; at most 200 rows."""
        if before is None:  # the pages that are opened again and again
            return self._kept.of(("page", shelf, kind, limit), lambda: self._read_page(shelf, kind, None, limit))
        return self._read_page(shelf, kind, before, limit)

    def _read_page(self, shelf: Shelf | None, kind: Kind | None, before: int | None, limit: int) -> Page:
        with self._database.read() as connection:
            return listing.page(connection, shelf, kind, before, limit)

    def search(
        self,
        text: str,
        *,
        shelf: Shelf | None = None,
        kind: Kind | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> Page:
        """The documents that hold a word beginning with each word of ``text``, whatever their diacritics and case.

        Blank text finds all; text without a letter or digit finds nothing.
        """
        if not text.strip():
            return self.page(shelf=shelf, kind=kind, before=before, limit=limit)
        with self._database.read() as connection:
            return listing.search(connection, text, shelf, kind, before, limit)

    def counts(self, kind: Kind | None) -> dict[Shelf | None, int]:
        """Documents on each shelf, of one kind or of all; under None all that are not deleted."""
        return self._counts.of(kind)

    def deleted(self) -> list[ListedDocument]:
        """What lies in Smazané, last deleted first."""
        with self._database.read() as connection:
            return listing.deleted(connection)

    def purge_deleted(self, before: datetime) -> int:
        """Remove for good what was deleted before this moment; how many documents. An audit line stays for each."""
        with self._database.write() as connection:
            purged = deletion.purge(connection, as_text(before))
        if purged:
            self._database.truncate_log()
        return purged

    def purge_discarded(self, now: datetime) -> int:
        """Remove for good the edits that can be brought back no longer; how many."""
        with self._database.write() as connection:
            purged = conflicts.purge(connection, as_text(now - conflicts.KEPT_FOR))
        if purged:
            self._database.truncate_log()
        return purged

    def left_behind(self, document_id: str) -> LeftBehind | None:
        """What a copy lacks of the document that it was made of. Raises UnknownDocument."""
        with self._database.read() as connection:
            return left_behind.of(connection, documents.find(connection, document_id).row)

    def mark_left_behind_read(self, document_id: str) -> None:
        """The advisor has read of it. Raises UnknownDocument."""
        with self._database.write() as connection:
            left_behind.mark_read(connection, documents.find(connection, document_id).row)

    def journal(self, document_id: str) -> list[JournalLine]:
        """All that was done to the document, oldest first."""
        with self._database.read() as connection:
            return journal.lines_of(connection, document_id)

    def outbox(self) -> list[Operation]:
        """What waits to be told to the insurer, oldest first."""
        with self._database.read() as connection:
            return outbox.waiting(connection)

    def setting(self, name: str) -> str | None:
        """The value of a setting, None if it was never set."""
        return self._kept.of(("setting", name), lambda: self._read_setting(name))

    def _read_setting(self, name: str) -> str | None:
        with self._database.read() as connection:
            chosen = select(schema.setting.c.value).where(schema.setting.c.name == name)
            return connection.execute(chosen).scalar()

    def settings(self, prefix: str) -> Mapping[str, str]:
        """All settings whose names begin with ``prefix``."""
        return self._kept.of(("settings", prefix), lambda: MappingProxyType(self._read_settings(prefix)))

    def _read_settings(self, prefix: str) -> dict[str, str]:
        table = schema.setting.c
        with self._database.read() as connection:
            found = connection.execute(
                select(table.name, table.value).where(table.name.startswith(prefix, autoescape=True))
            )
            return {row.name: row.value for row in found}

    def set_setting(self, name: str, value: str) -> None:
        """Keep the value of a setting."""
        table = schema.setting
        with self._database.write() as connection:
            connection.execute(
                insert(table)
                .values(name=name, value=value)
                .on_conflict_do_update(index_elements=[table.c.name], set_={"value": value})
            )

    def integrity(self) -> list[str]:
        """What is wrong with the file: authentication of pages, structure, references, clients. Empty if nothing."""
        return integrity.faults(self._database, client_index.faults)
