"""The ways out of a conflict. Each ends in an ordinary document or in an edit that can be brought back.

A way gives the address to go to instead of the history when it is closed; None when the conflict is resolved.
"""

from flask import request

from localapp.store.conflicting import Conflict
from localapp.store.conflicts import Way
from localapp.web.correcting import carried_over, corrects_in
from localapp.web.desk import Desk
from localapp.web.editing import ACTOR, copied

LONGEST_REASON = 1_000


def correct(desk: Desk, conflict: Conflict) -> str | None:
    """A document that corrects the exported one, with every answer of the edit. A document has one at a time."""
    record = desk.store.document(conflict.document)
    if record is None or desk.store.correcting(record.id) is not None:
        return f"/conflicts/{conflict.document}?row={conflict.id}"
    new = carried_over(desk, record, desk.store.content(record.id), corrects_in(conflict, record))
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
        return f"/conflicts/{conflict.document}?row={conflict.id}&lacks=reason"
    desk.store.conflicts.resolve(conflict, Way.WITHDRAWN, ACTOR, note=reason)
    return f"/conflicts/withdrawals/{conflict.id}"


def leave(desk: Desk, conflict: Conflict) -> str | None:
    """What the insurer has stands, and nothing was typed that could be lost."""
    desk.store.conflicts.resolve(conflict, Way.LEFT, ACTOR)
    return None


def discard(desk: Desk, conflict: Conflict) -> str | None:
    """What the insurer has stands."""
    desk.store.conflicts.resolve(conflict, Way.DISCARDED, ACTOR)
    return None
