"""A new document: its row, its working copy and the first line of its journal, in one transaction."""

from sqlalchemy import Connection

from localapp.domain.correction import may_correct
from localapp.domain.lifecycle import Action, state
from localapp.store import contents, documents, journal, left_behind
from localapp.store.failures import NotPermitted
from localapp.store.health import HealthTables
from localapp.store.records import NewDocument


def create(connection: Connection, health: HealthTables, new: NewDocument) -> str:
    """Add a draft with the next number of its kind, if one is left; its id."""
    stored = documents.add(connection, new)
    contents.put_working(connection, stored.row, new.answers, None, new.last_quote)
    health.put_working(connection, stored.row, stored.record.id, new.health, new.actor)
    left_behind.keep(connection, stored.row, new.left_behind)
    journal.note(connection, stored.row, new.actor, _event(new))
    return stored.record.id


def correct(connection: Connection, health: HealthTables, new: NewDocument, *, presumed: bool) -> str:
    """Add a correcting document, or give the one that there is: a document has one at a time.

    ``presumed``: the corrected one may have been exported, and nobody can be asked; what is permitted then is decided
    by ``correction.may_correct``. Raises NotPermitted, UnknownDocument.
    """
    if new.corrects is None:
        raise AssertionError(new.kind)
    corrected = documents.find(connection, new.corrects.document)
    if not may_correct(corrected.record.facts, presumed=presumed):
        raise NotPermitted(Action.CORRECT, state(corrected.record.facts))
    return documents.correcting(connection, corrected.record.id) or create(connection, health, new)


def _event(new: NewDocument) -> str:
    if new.corrects is not None:
        return f"corrects:{new.corrects.number}"
    if new.prefilled_from is not None:
        return "prefilled"
    return "copied" if new.copied_from else "created"
