"""One change of one document: everything a command does to it, in one immediate transaction."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from localapp import clock
from localapp.domain.canonical import FrozenRevision, canonical_text
from localapp.domain.lifecycle import Action
from localapp.store import contents, document_columns, documents, envelopes, journal, outbox
from localapp.store.health import HealthTables
from localapp.store.moments import as_moment, as_text
from localapp.store.records import Answers, Content, DocumentRecord, ListRow
from localapp.store.steps import CHANGED, How, Move, Saved, Steps


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
        self._steps = Steps(connection, health, self._stored.row, document)
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
        row: ListRow,
        last_quote: str | None,
        how: How = CHANGED,
    ) -> None:
        """Write the working copy; the first save over a completed revision makes one with that revision as its base.

        What changed goes into the journal, and is a step that can be taken back.
        """
        began = self.record.facts.working_copy_at
        self._change(
            Action.EDIT,
            working_copy_at=as_text(began) if began else clock.stamp(),
            **document_columns.row_values(row),
        )
        connection, document = self._connection, self._stored.row
        saved = self._saved(answers, health)
        step = self._steps.note(saved, how, self._actor)
        text, base = canonical_text(answers), self._content.base_revision
        at = contents.write_working(connection, document, text, base, last_quote, step)
        back, again = self._steps.ways_after(self._content, step, how)
        self._take(
            Content(
                answers=json.loads(text), health=json.loads(canonical_text(health)), base_revision=base,
                changed_at=as_moment(at), last_quote=last_quote, at_step=step, health_sequence=saved.health_after,
                can_go_back=back, can_go_again=again,
            )
        )  # fmt: skip

    @property
    def can_go_back(self) -> bool:
        """Whether a change can be taken back."""
        return self._content.can_go_back

    @property
    def can_go_again(self) -> bool:
        """Whether a change that was taken back can be done again."""
        return self._content.can_go_again

    def back(self) -> Move | None:
        """What taking back the last change would make of the document; None where nothing leads further back."""
        return self._steps.back(self._content.at_step, self._before())

    def again(self) -> Move | None:
        """What doing again would make of it; None where nothing was taken back."""
        return self._steps.again(self._content.at_step, self._before())

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
        contents.add_revision(connection, stored, frozen, self._content.base_revision, last_quote, self._actor)
        self._health.put_frozen(connection, stored.row, self.record.id, number, frozen.health)
        place = outbox.queue_completion(connection, stored)
        envelopes.prepare(connection, stored, place, frozen, last_quote)
        self.queued = True
        self._drop_working_copy("completed", number)
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

    def _saved(self, answers: Answers, health: Answers) -> Saved:
        """Write health, where it changed or there is no working copy yet: then what it said before is kept too."""
        before = self._content.health_sequence
        after = before = self._put_health(json.loads(self._health_text)) if before is None else before
        if canonical_text(health) != self._health_text:
            after = self._put_health(health)
        return Saved(replace(self._content, answers=self._before()), answers, before, after, self.record.form)

    def _put_health(self, health: Answers) -> int:
        return self._health.put_working(self._connection, self._stored.row, self.record.id, health, self._actor)

    def _before(self) -> Answers:
        """The answers as they were read: those of ``answers`` may have been changed in place."""
        found: Answers = json.loads(self._answers_text)
        return found

    def _drop_working_copy(self, event: str, revision: int | None = None) -> None:
        contents.drop_working(self._connection, self._health, self._stored.row)
        self._note(event, revision)
        self._take(contents.read(self._connection, self._health, self._stored))

    def _note(self, event: str, revision: int | None = None) -> None:
        journal.note(self._connection, self._stored.row, self._actor, event, revision)

    def _take(self, content: Content) -> None:
        self._content = content
        self._health_text, self._answers_text = canonical_text(content.health), canonical_text(content.answers)
        self.answers = content.answers
        self.health = content.health
        self.last_quote = content.last_quote
