"""Taking back, doing again, restoring: each one transaction, judged and listed as any other change."""

from collections.abc import Callable

from localapp import clock
from localapp.calculation.assessment import Assessor
from localapp.domain.forms.answers import Tree, join_health
from localapp.store.edit import Edit
from localapp.store.steps import Cause, How, Move, State
from localapp.web.desk import Desk
from localapp.web.editing import ACTOR, list_row, quote_text

_WAYS: dict[Cause, Callable[[Edit], Move | None]] = {Cause.UNDONE: Edit.back, Cause.REDONE: Edit.again}


def go(desk: Desk, document: str, cause: Cause) -> int | None:
    """Take back the last change, or do it again; the line of the history that says so, None where there is nothing.

    Raises NotPermitted and the other failures of the store.
    """
    with desk.store.edit(document, ACTOR) as edit:
        move = _WAYS[cause](edit)
        if move is None:
            return None
        _save(desk, edit, move.answers, move.health, move.how)
    return desk.store.histories.moved_to(document)


def restore(desk: Desk, document: str, line: int, state: State) -> None:
    """Make an earlier state the present one, as a change that can be taken back. Raises NotPermitted."""
    with desk.store.edit(document, ACTOR) as edit:
        _save(desk, edit, state.answers, state.health, How(Cause.RESTORED, about=line))


def _save(desk: Desk, edit: Edit, answers: Tree, health: Tree, how: How) -> None:
    assessor: Assessor = desk.calculations.assessor(edit.record.form, edit.record.calculation)
    assessment = desk.calculations.assess(edit.record.id, assessor, join_health(answers, health), clock.today())
    quote = quote_text(assessment, edit.last_quote)
    edit.save(answers, health, row=list_row(assessor, assessment, quote), last_quote=quote, how=how)
