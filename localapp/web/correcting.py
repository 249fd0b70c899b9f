"""Correcting documents: what was exported, or edited over it, becomes a new document with all its answers."""

from dataclasses import dataclass

from localapp import clock
from localapp.domain.correction import Corrects
from localapp.domain.forms.answers import join_health
from localapp.domain.lifecycle import Kind
from localapp.store.conflicting import Conflict
from localapp.store.records import Content, DocumentRecord, NewDocument
from localapp.web.desk import Desk
from localapp.web.editing import ACTOR, list_row


@dataclass(frozen=True)
class Ties:
    """How a document hangs together with another: the number that it corrects (with the document's id where it is on
    this desk), and the document by which it is corrected; the illustration that an offer was filled in from, and the
    offers that were filled in from an illustration.
    """

    corrects: str | None = None
    corrected: str | None = None
    by: DocumentRecord | None = None
    illustration: DocumentRecord | None = None
    offers: tuple[DocumentRecord, ...] = ()


def ties_of(desk: Desk, record: DocumentRecord) -> Ties:
    """The ties of a document."""
    by = desk.store.correcting(record.id)
    offers = desk.store.offers_from(record.id) if record.facts.kind is Kind.ILLUSTRATION else []
    drawn_from = (_illustration(desk, record), tuple(offers))
    if record.corrects is None:
        return Ties(None, None, by, *drawn_from)
    is_here = desk.store.document(record.corrects.document) is not None
    return Ties(record.corrects.number, record.corrects.document if is_here else None, by, *drawn_from)


def _illustration(desk: Desk, record: DocumentRecord) -> DocumentRecord | None:
    """What an offer was filled in from, as long as it is here."""
    source = desk.store.document(record.prefilled_from) if record.prefilled_from else None
    return source if source and not source.facts.deleted_at else None


def correct(desk: Desk, document: str, *, presumed: bool = False) -> str | None:
    """The document that corrects this one, made now if there was none; None when there is no such document.

    ``presumed``: as in ``domain.correction.may_correct``. Raises NotPermitted.
    """
    record = desk.store.document(document)
    if record is None or record.facts.deleted_at:
        return None
    corrects = Corrects(document, record.number, record.revision or 0)
    new = carried_over(desk, record, desk.store.content(document), corrects)
    return desk.store.correct_document(new, presumed=presumed)


def carried_over(desk: Desk, record: DocumentRecord, content: Content, corrects: Corrects) -> NewDocument:
    """A new document with every answer of another: raw texts, removed rows and health too, with the same versions."""
    assessor = desk.calculations.assessor(record.form, record.calculation)
    assessment = assessor.assess(join_health(content.answers, content.health), clock.today())
    row = list_row(assessor, assessment, content.last_quote)
    return NewDocument(
        kind=record.kind,
        form=record.form,
        calculation=record.calculation,
        answers=content.answers,
        health=content.health,
        row=row,
        actor=ACTOR,
        corrects=corrects,
        last_quote=content.last_quote,
    )


def corrects_in(conflict: Conflict, record: DocumentRecord) -> Corrects:
    """The exported revision over which the edit of a conflict lies."""
    return Corrects(record.id, record.number, conflict.their_revision or record.revision or 0)
