"""What an advisor does to a document: each command is one transaction of the store around the pure rules."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from localapp import clock
from localapp.calculation.assessment import Assessment, Assessor
from localapp.calculation.forms import Form
from localapp.domain.canonical import Pinned, freeze
from localapp.domain.clients import search_words
from localapp.domain.forms import editing
from localapp.domain.forms.answers import Tree, join_health, split_health
from localapp.domain.forms.copying import copied_answers, not_copied
from localapp.domain.forms.editing import Change, Changed
from localapp.domain.forms.prefilling import prefilled_answers
from localapp.domain.lifecycle import Action, Kind, permitted, state
from localapp.store.edit import Edit
from localapp.store.failures import NotPermitted
from localapp.store.left_behind import SIGNED
from localapp.store.records import DocumentRecord, ListRow, NewDocument
from localapp.store.store import Store
from localapp.web.desk import Desk

ACTOR = "advisor"  # the one person of this installation, until activation names the advisor


@dataclass(frozen=True)
class Opened:
    """A document as it stands: its answers in one tree, and their assessment."""

    record: DocumentRecord
    assessor: Assessor
    tree: Tree
    assessment: Assessment
    last_quote: Mapping[str, Any] | None
    can_go_back: bool = False
    can_go_again: bool = False

    @property
    def may_edit(self) -> bool:
        """Whether the document's state permits typing."""
        return Action.EDIT in permitted(self.record.facts)


@dataclass(frozen=True)
class Done:
    """A document before and after a change."""

    before: Opened
    after: Opened
    changes: tuple[Change, ...]


class Incomplete(Exception):  # noqa: N818 - a refusal
    """The document cannot be completed yet; the page says what is missing and wrong."""


def open_document(desk: Desk, document: str) -> Opened | None:
    """The document, or None when there is none of that id (or it is deleted)."""
    record = desk.store.document(document)
    if record is None or record.facts.deleted_at:
        return None
    content = desk.store.content(document)
    opened = _opened(desk, record, join_health(content.answers, content.health), content.last_quote)
    return replace(opened, can_go_back=content.can_go_back, can_go_again=content.can_go_again)


def _opened(desk: Desk, record: DocumentRecord, tree: Tree, last_quote: str | None) -> Opened:
    calculations = desk.calculations
    assessor = calculations.assessor(record.form, record.calculation)
    assessment = calculations.assess(record.id, assessor, tree, clock.today())
    return Opened(record, assessor, tree, assessment, json.loads(last_quote) if last_quote else None)


def create_document(desk: Desk, kind: Kind) -> str:
    """A new empty document of this kind; its id."""
    form = desk.calculations.forms.newest(kind)
    tree = editing.empty_answers(form.definition, clock.today())
    return desk.store.create_document(_new(desk, form.pinned, _library(desk, form), tree, None))


def prefill_offer(desk: Desk, document: str) -> str | None:
    """A new offer with the answers of an illustration; its id, None without a document. Raises NotPermitted."""
    source = open_document(desk, document)
    if source is None:
        return None
    if Action.PREFILL not in permitted(source.record.facts):
        raise NotPermitted(Action.PREFILL, state(source.record.facts))
    form = desk.calculations.forms.newest(Kind.OFFER)
    definition = source.assessor.form.definition
    tree = prefilled_answers(definition, source.tree, form.definition, clock.today())
    new = _new(desk, form.pinned, _library(desk, form), tree, None)
    return desk.store.create_document(replace(new, prefilled_from=document))


def _library(desk: Desk, form: Form) -> Pinned:
    library = desk.calculations.calculator_for(form).library
    return Pinned(library.name, library.version)


def copy_document(desk: Desk, document: str) -> str | None:
    """A new draft with the answers that the form's copy rules let through; its id."""
    new = copied(desk, document)
    return None if new is None else desk.store.create_document(new)


def copied(desk: Desk, document: str) -> NewDocument | None:
    """The draft that Kopírovat makes; None when there is no such document."""
    source = open_document(desk, document)
    if source is None:
        return None
    copy = copied_answers(source.assessor.form.definition, source.tree, clock.today())
    new = _new(desk, source.record.form, source.record.calculation, copy.tree, document)
    evaluation = source.assessor.assess(copy.tree, clock.today()).evaluation
    signed = (SIGNED,) if source.record.facts.signed_at else ()
    return replace(new, left_behind=(*(place.path for place in not_copied(copy, evaluation)), *signed))


def _new(desk: Desk, form: Pinned, calculation: Pinned, tree: Tree, copied_from: str | None) -> NewDocument:
    assessor = desk.calculations.assessor(form, calculation)
    assessment = assessor.assess(tree, clock.today())
    answers, health = split_health(assessor.form.definition, tree)
    row = list_row(assessor, assessment, None)
    kind = Kind(assessor.form.definition.kind)
    return NewDocument(kind, form, calculation, answers, health, row, ACTOR, copied_from)


def change(desk: Desk, document: str, how: Callable[[Opened], Changed]) -> Done:
    """Change the answers of a document. ``how`` is pure; nothing is written when nothing changes.

    Raises NotPermitted and the other failures of the store, and what ``how`` raises.
    """
    with desk.store.edit(document, ACTOR) as edit:
        before = _opened(desk, edit.record, join_health(edit.answers, edit.health), edit.last_quote)
        before = replace(before, can_go_back=edit.can_go_back, can_go_again=edit.can_go_again)
        changed = how(before)
        if not changed.changes:
            return Done(before, before, ())
        assessment = desk.calculations.assess(document, before.assessor, changed.tree, clock.today())
        kept = editing.with_calculated(before.assessor.form.definition, changed.tree, assessment.evaluation)
        if kept != changed.tree:
            changed = Changed(kept, changed.changes)
            assessment = desk.calculations.assess(document, before.assessor, kept, clock.today())
        last_quote = quote_text(assessment, edit.last_quote)
        _save(edit, before.assessor, changed, assessment, last_quote)
        after = _opened(desk, edit.record, changed.tree, last_quote)
        after = replace(after, can_go_back=edit.can_go_back, can_go_again=edit.can_go_again)
    return Done(before, after, changed.changes)


def _save(edit: Edit, assessor: Assessor, changed: Changed, assessment: Assessment, last_quote: str | None) -> None:
    answers, health = split_health(assessor.form.definition, changed.tree)
    edit.save(
        answers,
        health,
        row=list_row(assessor, assessment, last_quote),
        last_quote=last_quote,
    )


def quote_text(assessment: Assessment, before: str | None) -> str | None:
    """What is kept of a premium that was shown; ``before`` where none could be calculated now."""
    if assessment.output is None:
        return before
    asked = assessment.mapped.input
    quote = {
        "at": clock.stamp(),
        "output": assessment.output,
        "payments_per_year": asked["payments_per_year"],
        "payment_method": asked.get("payment_method"),
    }
    return json.dumps(quote, ensure_ascii=False)


def complete(desk: Desk, document: str) -> None:
    """Freeze the next revision. Raises Incomplete, NotPermitted."""
    with desk.store.edit(document, ACTOR) as edit:
        opened = _opened(desk, edit.record, join_health(edit.answers, edit.health), edit.last_quote)
        assessment = opened.assessment
        if not assessment.is_complete:
            raise Incomplete
        definition = opened.assessor.form.definition
        final = editing.final_answers(definition, opened.tree, assessment.evaluation)
        answers, health = split_health(definition, final)
        salts = (secrets.token_hex(32), secrets.token_hex(32))
        record = edit.record
        frozen = freeze(answers, health, record.form, record.calculation, salts, record.corrects)
        quote = quote_text(assessment, edit.last_quote)
        edit.complete(frozen, list_row(opened.assessor, assessment, quote), quote)


def act(store: Store, document: str, command: Callable[[Edit], None]) -> None:
    """Cancel, discard, delete or restore. Raises NotPermitted, UnknownDocument."""
    with store.edit(document, ACTOR) as edit:
        command(edit)


def list_row(assessor: Assessor, assessment: Assessment, last_quote: str | None) -> ListRow:
    """What the list shows of the answers: never a health answer."""
    evaluation, client = assessment.evaluation, assessor.form.definition.client

    def answer(name: str) -> str:
        return str(evaluation.value(client[name]) or "") if name in client else ""

    quote = json.loads(last_quote) if last_quote and assessment.output is None else None
    output = quote["output"] if quote else assessment.output
    payments = quote["payments_per_year"] if quote else evaluation.value("payment.payments_per_year")
    return ListRow(
        client_last_name=answer("last_name"),
        client_first_name=answer("first_name"),
        client_title=answer("title"),
        premium=output["total_instalment"] if output else None,
        payments_per_year=_whole(payments),
        search=search_words(evaluation.tree),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
