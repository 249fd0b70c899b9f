"""One change of one document: everything a command does to it, in one immediate transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from localapp import clock
from localapp.domain.canonical import FrozenRevision, canonical_text
from localapp.domain.lifecycle import Action
from localapp.store import contents, document_columns, documents, journal, outbox
from localapp.store.health import HealthTables
from localapp.store.moments import as_text
from localapp.store.records import Answers, Content, DocumentRecord, FieldChange, ListRow


class Edit:
    """A document inside its transaction. Each command raises NotPermitted, before it writes, if the facts forbid it.

    ``answers`` and ``health`` are fresh copies of the working copy or of the newest revision.
    """

    answers: Answers
    health: Answers
    last_quote: str | None

    def __init__(self, connection: Connection, health: HealthTables, document: str, actor: str) -> None:
        self._connection = connection
        self._health = health
        self._actor = actor
        self.queued = False  # whether something was put into the outbox
        self._stored = documents.find(connection, document)
        self._shelf_at_first = self._stored.shelf
        self._take(contents.read(connection, health, self._stored))

    @property
    def record(self) -> DocumentRecord:
        """The document as read inside this transaction, after the commands given so far."""
        return self._stored.record

    @property
    def moved(self) -> bool:
        """Whether the document now stands on another shelf."""
        return self._stored.shelf is not self._shelf_at_first

    def save(
        self,
        answers: Answers,
        health: Answers,
        *,
        journal: Sequence[FieldChange],
        health_changed: bool,
        row: ListRow,
        last_quote: str | None,
    ) -> None:
        """Write the working copy; the first save over a completed revision makes one with that revision as its base."""
        began = self.record.facts.working_copy_at
        self._change(
            Action.EDIT,
            working_copy_at=as_text(began) if began else clock.stamp(),
            **document_columns.row_values(row),
        )
        contents.put_working(self._connection, self._stored.row, answers, self._base, last_quote)
        self._save_health(health, health_changed=health_changed, first=began is None)
        self._note_changes(journal)
        self._take(contents.read(self._connection, self._health, self._stored))

    def complete(self, frozen: FrozenRevision, row: ListRow, last_quote: str | None) -> int:
        """Freeze the next revision, drop the working copy and queue the revision for the insurer; its number."""
        number = contents.next_revision(self._connection, self._stored)
        self._change(
            Action.COMPLETE,
            revision=number,
            completed_at=clock.stamp(),
            working_copy_at=None,
            **document_columns.row_values(row),
        )
        connection, stored = self._connection, self._stored
        contents.add_revision(connection, stored, frozen, self._base, last_quote, self._actor)
        self._health.put_frozen(connection, stored.row, self.record.id, number, frozen.health)
        outbox.queue_completion(connection, stored)
        self.queued = True
        self._drop_working_copy("completed")
        return number

    def discard(self) -> None:
        """Drop the working copy over a completed revision; the list shows that revision's row again."""
        documents.require(self.record.facts, Action.DISCARD)
        shown = contents.shown_values(self._connection, self._stored)
        self._change(Action.DISCARD, working_copy_at=None, **shown)
        self._drop_working_copy("discarded")

    def cancel(self) -> None:
        """Cancel a completed document: what still waits never leaves, what was sent is followed by a cancellation."""
        self._change(Action.CANCEL, cancelled_at=clock.stamp())
        outbox.queue_cancellation(self._connection, self._stored)
        self.queued = True
        self._note("cancelled")

    def delete(self) -> None:
        """Put a draft that was never completed into Smazané."""
        self._change(Action.DELETE, deleted_at=clock.stamp())
        self._note("deleted")

    def restore(self) -> None:
        """Take it back out of Smazané, with all it held."""
        self._change(Action.RESTORE, deleted_at=None)
        self._note("restored")

    def _change(self, action: Action, **values: Any) -> None:  # noqa: ANN401 - columns of the document
        self._stored = documents.change(self._connection, self._stored, action, values)

    def _save_health(self, health: Answers, *, health_changed: bool, first: bool) -> None:
        changed = health_changed or canonical_text(health) != self._health_text
        if changed or first:
            self._health.put_working(self._connection, self._stored.row, self.record.id, health, self._actor)
        if changed:
            self._note("health_changed")

    def _drop_working_copy(self, event: str) -> None:
        contents.drop_working(self._connection, self._health, self._stored.row)
        self._note(event)
        self._take(contents.read(self._connection, self._health, self._stored))

    def _note(self, event: str) -> None:
        journal.note(self._connection, self._stored.row, self._actor, event)

    def _note_changes(self, changes: Sequence[FieldChange]) -> None:
        journal.note_changes(self._connection, self._stored.row, self._actor, changes)

    def _take(self, content: Content) -> None:
        self._base = content.base_revision
        self._health_text = canonical_text(content.health)
        self.answers = content.answers
        self.health = content.health
        self.last_quote = content.last_quote
