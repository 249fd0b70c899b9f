"""The steps of a working copy: what was saved, one after another, so that it can be taken back and done again.

A step names its lines in the journal, which hold what changed, and the state of health after it. The steps form a
tree: taking back leads to the parent, doing again to the newest child. ``working_copy.at_step`` says where one stands;
whatever else writes the working copy forgets it, and the next change begins a tree of its own, from which nothing
leads back. Where one begins, and every ``SNAPSHOT_EVERY`` steps, the whole answers are kept: what a document said is
computed from there. Why it is built so: docs/adr/0020.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select

from localapp import clock
from localapp.domain.canonical import Pinned, canonical_text
from localapp.domain.history import FieldChange, Stroke, changes_between, continues, made, taken_back
from localapp.store import journal, schema
from localapp.store.health import HealthTables
from localapp.store.moments import as_moment
from localapp.store.records import Answers, Content

_step = schema.step.c
_ADD = insert(schema.step)
_BY_ID = select(schema.step).where(_step.id == bindparam("step"))
_NEWEST_CHILD = select(schema.step).where(_step.parent == bindparam("step")).order_by(_step.id.desc()).limit(1)
_child_of = schema.step.alias("child")
_WAYS = select(_step.cause, exists().where(_child_of.c.parent == _step.id)).where(_step.id == bindparam("step"))
SNAPSHOT_EVERY = 200


class Cause(StrEnum):
    """Why the working copy says something else."""

    BEGUN = "begun"
    CHANGED = "changed"
    UNDONE = "undone"
    REDONE = "redone"
    RESTORED = "restored"


_MOVES = (Cause.UNDONE, Cause.REDONE)


@dataclass(frozen=True)
class How:
    """What a save is: a change, by default. ``to`` is the step that taking back or doing again leads to; ``about`` the
    line of the journal whose state is restored.
    """

    cause: Cause = Cause.CHANGED
    to: int | None = None
    about: int | None = None


CHANGED = How()


@dataclass(frozen=True)
class State:
    """What a document said at some time."""

    answers: Answers
    health: Answers = field(repr=False)
    form: Pinned


@dataclass(frozen=True)
class Move:
    """What taking back or doing again makes of the working copy."""

    how: How
    answers: Answers
    health: Answers = field(repr=False)


@dataclass(frozen=True)
class Saved:
    """One save: what it was made over, with the sequences of health before and after."""

    before: Content
    answers: Answers
    health_before: int
    health_after: int
    form: Pinned

    @property
    def health_changed(self) -> bool:
        """Whether health says something else now."""
        return self.health_before != self.health_after


class Steps:
    """The steps of one document, inside a transaction."""

    def __init__(self, connection: Connection, health: HealthTables, row: int, document: str) -> None:
        self._connection = connection
        self._health = health
        self._row = row
        self._document = document
        self._found: dict[int, Row[Any]] = {}

    def note(self, saved: Saved, how: How, actor: str) -> int | None:
        """Write what a save changed into the journal, and its step; where the working copy stands then."""
        changes = changes_between(saved.before.answers, saved.answers)
        if not changes and not saved.health_changed:
            return saved.before.at_step
        parent = saved.before.at_step or self._begin(saved, actor)
        if saved.health_changed:
            first = last = journal.note(self._connection, self._row, actor, "health_changed")
        if changes:
            ids = journal.note_changes(self._connection, self._row, actor, changes)
            first, last = (first if saved.health_changed else ids[0]), ids[-1]
        is_move = how.cause in _MOVES
        burst = self._burst(parent, changes, saved) if how.cause is Cause.CHANGED else None
        kept = {} if is_move else self._kept(parent, saved)
        step = self._insert(
            actor=actor, cause=how.cause, parent=None if is_move else parent, leads_to=how.to, about=how.about,
            burst=burst, health=saved.health_after, first_line=first, last_line=last, **kept,
        )  # fmt: skip
        return how.to if is_move else step

    def back(self, at: int | None, answers: Answers) -> Move | None:
        """Take back the last stroke that changed something; None where nothing leads further back."""
        before, now = at, answers
        while strokes := self._strokes_back(at):
            for each in strokes:
                now = taken_back(now, self.changes(each))
            at = strokes[-1].parent
            if changes_between(answers, now) or self._differs(before, at):
                return Move(How(Cause.UNDONE, at), now, self._health_at(self._find(at)))
        return None

    def again(self, at: int | None, answers: Answers) -> Move | None:
        """Do the next stroke again that was taken back and changed something; None without one."""
        before, now = at, answers
        while strokes := self._strokes_again(at):
            for each in strokes:
                now = made(now, self.changes(each))
            at = strokes[-1].id
            if changes_between(answers, now) or self._differs(before, at):
                return Move(How(Cause.REDONE, at), now, self._health_at(strokes[-1]))
        return None

    def _differs(self, before: int | None, after: int) -> bool:
        """Whether health says something else at another step."""
        return before is None or bool(self._health_between(self._find(before).health, self._find(after).health))

    def ways_after(self, before: Content, step: int | None, how: How) -> tuple[bool, bool]:
        """Whether the working copy leads back, and whether something can be done again, once ``how`` was noted."""
        if step == before.at_step:
            return before.can_go_back, before.can_go_again
        return ways(self._connection, step) if how.cause in _MOVES else (True, False)

    def state(self, step: int) -> State:
        """What the working copy said after a step."""
        way = [self._find(self._find(step).leads_to or step)]
        health = way[0]
        while way[-1].snapshot is None:
            way.append(self._find(way[-1].parent))
        begun = json.loads(way.pop().snapshot)
        lines: dict[int, FieldChange] = {}
        if way:
            lines = journal.changes_of(self._connection, self._row, way[-1].first_line, way[0].last_line)
        steps = (range(each.first_line, each.last_line + 1) for each in reversed(way))
        changes = [lines[line] for step_lines in steps for line in step_lines if line in lines]
        return State(made(begun["answers"], changes), self._health_at(health), Pinned(*begun["form"]))

    def changes(self, step: Row[Any]) -> list[FieldChange]:
        """What a step changed outside health."""
        return journal.changes_within(self._connection, step.first_line, step.last_line)

    def _begin(self, saved: Saved, actor: str) -> int:
        """What the working copy said before its first change: nothing leads back behind it."""
        snapshot = _snapshot(saved.form, saved.before.answers)
        return self._insert(actor=actor, cause=Cause.BEGUN, health=saved.health_before, snapshot=snapshot)

    def _kept(self, parent: int, saved: Saved) -> dict[str, Any]:
        """How many steps it is to the snapshot before, or a new one, so that no state is far from the next one."""
        after = self._find(parent).after_snapshot + 1
        if after < SNAPSHOT_EVERY:
            return {"after_snapshot": after}
        return {"snapshot": _snapshot(saved.form, saved.answers)}

    def _insert(self, **values: Any) -> int:  # noqa: ANN401 - columns of the step
        done = self._connection.execute(_ADD, {"document_id": self._row, "at": clock.stamp(), **values})
        made_: int = done.inserted_primary_key[0]  # type: ignore[index]
        return made_

    def _burst(self, parent: int, changes: Sequence[FieldChange], saved: Saved) -> int | None:
        """The first step of the stroke that this one goes on with; None where it begins one."""
        last = self._find(parent)
        if last.cause != Cause.CHANGED:
            return None
        new = Stroke(frozenset(self._touched(changes, saved)), clock.now())
        goes_on = continues(Stroke(frozenset(self._touched_by(last)), as_moment(last.at)), new)
        return (last.burst or last.id) if goes_on else None

    def _touched(self, changes: Sequence[FieldChange], saved: Saved) -> list[str]:
        return [change.path for change in changes] + self._health_between(saved.health_before, saved.health_after)

    def _touched_by(self, step: Row[Any]) -> list[str]:
        before = self._find(step.parent).health
        return [change.path for change in self.changes(step)] + self._health_between(before, step.health)

    def _health_between(self, before: int, after: int) -> list[str]:
        """The places of health that changed; they are told to nobody."""
        if before == after:
            return []
        states = (self._health.state(self._connection, self._row, self._document, each) for each in (before, after))
        return [f"~{change.path}" for change in changes_between(*states)]

    def _strokes_back(self, at: int | None) -> list[Row[Any]]:
        """The steps of the stroke that ends here, last first."""
        if at is None:
            return []
        strokes = []
        now = self._find(at)
        burst = now.burst or now.id
        while now.cause != Cause.BEGUN and (now.burst or now.id) == burst:
            strokes.append(now)
            now = self._find(now.parent)
        return strokes

    def _strokes_again(self, at: int | None) -> list[Row[Any]]:
        """The steps of the stroke that was taken back to here, first first."""
        strokes: list[Row[Any]] = []
        now = None if at is None else _child(self._connection, at)
        burst = now and (now.burst or now.id)
        while now is not None and (now.burst or now.id) == burst:
            strokes.append(now)
            now = _child(self._connection, now.id)
        return strokes

    def _find(self, step: int) -> Row[Any]:
        """A step, which never changes once it is written."""
        if step not in self._found:
            self._found[step] = _find(self._connection, step)
        return self._found[step]

    def _health_at(self, step: Row[Any]) -> Answers:
        return self._health.state(self._connection, self._row, self._document, step.health)


def _snapshot(form: Pinned, answers: Answers) -> str:
    return canonical_text({"form": [form.name, form.version], "answers": answers})


def ways(connection: Connection, at: int | None) -> tuple[bool, bool]:
    """Whether a working copy that stands at this step leads back, and whether something can be done again."""
    if at is None:
        return False, False
    cause, again = connection.execute(_WAYS, {"step": at}).one()
    return cause != Cause.BEGUN, bool(again)


def _find(connection: Connection, step: int) -> Row[Any]:
    return connection.execute(_BY_ID, {"step": step}).one()


def _child(connection: Connection, step: int) -> Row[Any] | None:
    return connection.execute(_NEWEST_CHILD, {"step": step}).first()


def first_snapshot(connection: Connection, row: int) -> int | None:
    """The step that holds what a document said before it was changed at all."""
    return connection.execute(select(func.min(_step.id)).where(_step.document_id == row)).scalar()
