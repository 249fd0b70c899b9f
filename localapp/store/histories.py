"""The history of a document, read: its journal line by line with the steps, and what it said at a line."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, select

from localapp.store import contents, documents, schema
from localapp.store.documents import StoredDocument
from localapp.store.engine import Database
from localapp.store.health import HealthTables
from localapp.store.moments import as_moment, as_moment_or_none
from localapp.store.records import HistoryLine
from localapp.store.steps import Cause, State, Steps, first_snapshot

_journal = schema.journal.c
_step = schema.step.c
BEGINNINGS = ("created", "copied", "prefilled")


class Histories:
    """The histories of one store. Each method is one transaction."""

    def __init__(self, database: Database, health: HealthTables) -> None:
        self._database = database
        self._health = health

    def lines(self, document: str, before: int | None, limit: int) -> list[HistoryLine]:
        """Lines of the journal, newest first, older than the line ``before``. Raises UnknownDocument."""
        with self._database.read() as connection:
            row = documents.find(connection, document).row
            chosen = select(schema.journal).where(_journal.document_id == row)
            if before is not None:
                chosen = chosen.where(_journal.id < before)
            found = connection.execute(chosen.order_by(_journal.id.desc()).limit(limit)).all()
            steps = _steps_over(connection, row, found)
        return [_line(each, steps.get(each.id)) for each in found]

    def state(self, document: str, line: int) -> State | None:
        """What the document said after a line; None where the line tells of no content. Raises UnknownDocument."""
        with self._database.read() as connection:
            stored = documents.find(connection, document)
            found = connection.execute(
                select(schema.journal).where(_journal.document_id == stored.row, _journal.id == line)
            ).one_or_none()
            return None if found is None else self._state(connection, stored, found)

    def changes(self, document: str, line: int) -> Sequence[HistoryLine]:
        """The lines of the step that a line belongs to, in their order."""
        with self._database.read() as connection:
            row = documents.find(connection, document).row
            step = _step_at(connection, row, line)
            if step is None:
                return []
            chosen = select(schema.journal).where(_journal.id.between(step.first_line, step.last_line))
            return [_line(each, step) for each in connection.execute(chosen.order_by(_journal.id))]

    def time_of(self, document: str, line: int) -> datetime | None:
        """When a line was written; None when the document has no such line. Raises UnknownDocument."""
        with self._database.read() as connection:
            row = documents.find(connection, document).row
            chosen = select(_journal.at).where(_journal.document_id == row, _journal.id == line)
            return as_moment_or_none(connection.execute(chosen).scalar())

    def moved_to(self, document: str) -> int | None:
        """The last line of the newest step of the working copy."""
        with self._database.read() as connection:
            row = documents.find(connection, document).row
            chosen = select(_step.last_line).where(_step.document_id == row, _step.last_line.is_not(None))
            return connection.execute(chosen.order_by(_step.id.desc()).limit(1)).scalar()

    def _state(self, connection: Connection, stored: StoredDocument, line: Row[tuple[object, ...]]) -> State | None:
        step = _step_at(connection, stored.row, line.id)
        if line.event == "completed" and line.new:
            return self._of_revision(connection, stored, int(line.new))
        known = step.id if step else None
        if line.event in BEGINNINGS:
            known = first_snapshot(connection, stored.row)
        if known is None:
            return None
        return Steps(connection, self._health, stored.row, stored.record.id).state(known)

    def _of_revision(self, connection: Connection, stored: StoredDocument, number: int) -> State | None:
        if not contents.has_revision(connection, stored.row, number):
            return None  # it made way for another computer's
        content = contents.of_revision(connection, self._health, stored, number)
        return State(content.answers, content.health, stored.record.form)


def _step_at(connection: Connection, row: int, line: int) -> Row[tuple[object, ...]] | None:
    chosen = select(schema.step).where(_step.document_id == row, _step.last_line >= line, _step.first_line <= line)
    return connection.execute(chosen.order_by(_step.last_line).limit(1)).first()


def _steps_over(
    connection: Connection, row: int, lines: Sequence[Row[tuple[object, ...]]]
) -> dict[int, Row[tuple[object, ...]]]:
    """The steps of the lines, by line."""
    if not lines:
        return {}
    newest, oldest = lines[0].id, lines[-1].id
    chosen = select(schema.step).where(_step.document_id == row, _step.last_line >= oldest, _step.first_line <= newest)
    found = connection.execute(chosen)
    return {line: step for step in found for line in range(step.first_line, step.last_line + 1)}


def _line(row: Row[tuple[object, ...]], step: Row[tuple[object, ...]] | None) -> HistoryLine:
    return HistoryLine(
        id=row.id,
        at=as_moment(row.at),
        actor=row.actor,
        event=row.event,
        path=row.path,
        old=row.old and json.loads(row.old),
        new=row.new and json.loads(row.new),
        cause=None if step is None else str(Cause(step.cause)),
        stroke=None if step is None else step.burst or step.id,
        about=None if step is None else step.about,
    )
