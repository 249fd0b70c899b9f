"""The ways out of a conflict. Each ends in an ordinary document or in an edit that can be brought back.

A way gives the address to go to instead of the history when it is closed or leads on; None when the conflict is
resolved and the history says how.
"""

from urllib.parse import urlencode

from flask import request

from localapp import clock
from localapp.domain.forms.answers import split_health
from localapp.domain.history import FieldChange
from localapp.domain.lifecycle import Action, permitted
from localapp.domain.merge import Difference, Side
from localapp.store.conflicting import Conflict
from localapp.store.conflicts import Way
from localapp.store.records import Content, ListRow
from localapp.web.correcting import carried_over, corrects_in
from localapp.web.desk import Desk
from localapp.web.editing import ACTOR, copied, list_row, quote_text
from localapp.web.merging import Three, three_of

LONGEST_REASON = 1_000
CHOICE = "choice:"  # before the path, in the name of a field of the form


def chosen() -> dict[str, Side]:
    """What was chosen on the page, by path."""
    typed = {name.removeprefix(CHOICE): text for name, text in request.values.items() if name.startswith(CHOICE)}
    return {path: Side(text) for path, text in typed.items() if text in set(Side)}


def merge(desk: Desk, conflict: Conflict) -> str | None:
    """The working copy becomes mine and theirs together, over theirs; it is completed as any other."""
    sides = desk.store.conflicts.sides(conflict.document)
    three, record = three_of(desk, sides), desk.store.document(conflict.document)
    if sides is None or sides.theirs is None or three is None or record is None:
        return _back(conflict)
    if _lacks_a_choice(three):
        return _back(conflict, lacks="choice")
    content, row, taken = _merged(three, sides.theirs.revision)
    desk.store.conflicts.merge(conflict, ACTOR, content, row, taken)
    return None


def correct(desk: Desk, conflict: Conflict) -> str | None:
    """A document that corrects the exported one, with every answer of the edit – merged with what another computer
    changed, where that was exported. A document has one correction at a time.
    """
    record = desk.store.document(conflict.document)
    is_corrected = record is not None and desk.store.correcting(record.id) is not None
    if record is None or is_corrected or Action.CORRECT not in permitted(record.facts):
        return _back(conflict)
    three, content = three_of(desk, desk.store.conflicts.sides(record.id)), desk.store.content(record.id)
    if three is not None:
        if _lacks_a_choice(three):
            return _back(conflict, lacks="choice")
        content, _, _ = _merged(three, None)
    new = carried_over(desk, record, content, corrects_in(conflict, record))
    desk.store.conflicts.resolve(conflict, Way.CORRECTED, ACTOR, new)
    return None


def copy(desk: Desk, conflict: Conflict) -> str | None:
    """A document of its own, made by the rules of Kopírovat."""
    desk.store.conflicts.resolve(conflict, Way.COPIED, ACTOR, copied(desk, conflict.document))
    return None


def withdraw(desk: Desk, conflict: Conflict) -> str | None:
    """A request for withdrawal, to be printed and sent; nothing is cancelled by it."""
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        return _back(conflict, lacks="reason")
    desk.store.conflicts.resolve(conflict, Way.WITHDRAWN, ACTOR, note=reason)
    return f"/conflicts/withdrawals/{conflict.id}"


def leave(desk: Desk, conflict: Conflict) -> str | None:
    """What the insurer has stands, and nothing was typed that could be lost."""
    desk.store.conflicts.resolve(conflict, Way.LEFT, ACTOR)
    return None


def cancel_newer(desk: Desk, conflict: Conflict) -> str | None:
    """The newer version is looked at and cancelled as any other document, which asks first."""
    desk.store.conflicts.resolve(conflict, Way.LEFT, ACTOR)
    return f"/documents/{conflict.document}/cancellation"


def sign_newer(desk: Desk, conflict: Conflict) -> str | None:
    """The newer version is looked at, to be signed as any other; what was signed stays with the document."""
    desk.store.conflicts.resolve(conflict, Way.LEFT, ACTOR)
    return f"/documents/{conflict.document}"


def discard(desk: Desk, conflict: Conflict) -> str | None:
    """What the insurer has stands."""
    desk.store.conflicts.resolve(conflict, Way.DISCARDED, ACTOR)
    return None


def _back(conflict: Conflict, **more: str) -> str:
    return f"/conflicts/{conflict.document}?{urlencode({'row': conflict.id, **more})}"


def _lacks_a_choice(three: Three) -> bool:
    """What both changed is decided by nobody but the advisor."""
    made = chosen()
    return any(each.path not in made for each in three.merged().overlapping if three.is_shown(each))


def _merged(three: Three, base: int | None) -> tuple[Content, ListRow, list[FieldChange]]:
    """The merged answers over ``base``, what the list shows of them, and what was taken from the other computer."""
    merged, made = three.merged(chosen()), chosen()
    assessment = three.assessor.assess(merged.tree, clock.today())
    answers, health = split_health(three.assessor.form.definition, merged.tree)
    quote = quote_text(assessment, None)
    taken = [each for each in merged.differences if made.get(each.path, each.changed_by) is not Side.MINE]
    content = Content(answers, health, base, None, quote)
    return (
        content,
        list_row(three.assessor, assessment, quote),
        [_line(each) for each in taken if not _health(each, three)],
    )


def _line(taken: Difference) -> FieldChange:
    """Of a row only that it came or went: it may hold health."""
    if taken.is_row:
        return FieldChange(taken.path, *("removed" if row is None else "kept" for row in (taken.mine, taken.theirs)))
    return FieldChange(taken.path, taken.mine, taken.theirs)


def _health(taken: Difference, three: Three) -> bool:
    state = three.theirs.assessment.evaluation.fields.get(taken.path)
    state = state or three.mine.assessment.evaluation.fields.get(taken.path)
    return state is not None and state.field.is_health
