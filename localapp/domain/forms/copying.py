"""What Kopírovat takes into a new document, decided by the kind of each field. Source: DOMAIN.md, "Actions".

A correcting document is no copy: it carries every answer (``domain.correction``).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from localapp.domain.forms.answers import Place, Tree, kept_rows, walk
from localapp.domain.forms.definition import Field, FormDefinition, Group, Sensitive
from localapp.domain.forms.editing import empty_answers, final_answers
from localapp.domain.forms.evaluator import Evaluation


@dataclass(frozen=True)
class Copied:
    """A new document's answers, and the places of the old one's answers that are not in them."""

    tree: Tree
    left: tuple[Place, ...]


def _never(_fields: tuple[Field, ...], _owner: Mapping[str, Any], _today: date) -> bool:
    return False


def _always(_fields: tuple[Field, ...], _owner: Mapping[str, Any], _today: date) -> bool:
    return True


def _while_valid(fields: tuple[Field, ...], owner: Mapping[str, Any], today: date) -> bool:
    """Whether the document that an owner is identified by is not known to have expired."""
    ends = (owner.get(field.id) for field in fields if field.ends_validity)
    return all(not isinstance(end, str) or date.fromisoformat(end) >= today for end in ends)


MATRIX: Mapping[Sensitive | None, Callable[[tuple[Field, ...], Mapping[str, Any], date], bool]] = {
    None: _always,
    Sensitive.RATING: _always,
    Sensitive.IDENTITY_DOCUMENT: _while_valid,
    Sensitive.HEALTH: _never,
    Sensitive.SIGNATURE: _never,
    Sensitive.CONSENT: _never,
    Sensitive.AML: _never,
    Sensitive.OCCASION: _never,
    Sensitive.OCCASION_DATE: _never,
}
"""For each kind of field: whether its answer is copied, given the answers of its section or row and the day."""


def copied_answers(definition: FormDefinition, tree: Tree, today: date) -> Copied:
    """The answers of a new document: what the matrix lets through; everything else starts as in an empty one.

    Removed rows stay behind, and so does a row of which nothing is copied.
    """
    source = final_answers(definition, tree)
    kept, empty = final_answers(definition, tree), empty_answers(definition, today)
    for section in definition.sections:
        if section.fields:
            _keep_fields(section.fields, kept.setdefault(section.id, {}), empty[section.id], today)
    for group in definition.groups:
        _keep_rows(group, kept, today)
        if len(kept[group.id]) < group.minimum:
            kept[group.id] = empty[group.id]
    found = {place.path: place.owner.get(place.field.id) for place in walk(definition, kept)}
    left = [place for place in walk(definition, source) if _is_left(place, found)]
    return Copied(kept, tuple(left))


def not_copied(copied: Copied, evaluation: Evaluation) -> Iterator[Place]:
    """What a list may name of the answers left behind. ``evaluation`` is of the new document.

    Of health it names only what the new document asks for: that a follow-up question was answered would say how the
    question before it was.
    """
    for place in copied.left:
        state = evaluation.fields.get(place.path)
        if state is not None and state.computed:
            continue
        if not place.field.is_health or (state is not None and state.visible):
            yield place


def _is_left(place: Place, found: Mapping[str, Any]) -> bool:
    old = place.owner.get(place.field.id)
    return old is not None and found.get(place.path) != old


def _keep_fields(fields: tuple[Field, ...], owner: Tree, empty: Mapping[str, Any], today: date) -> None:
    dropped = [field for field in fields if not MATRIX[field.sensitive](fields, owner, today)]
    for field in dropped:
        owner.pop(field.id, None)
    for field in dropped:
        if empty.get(field.id) is not None:
            owner[field.id] = empty[field.id]


def _keep_rows(group: Group, owner: Tree, today: date) -> None:
    empty = {field.id: field.default for field in group.fields}
    for row in owner.get(group.id, []):
        for inner in group.groups:
            _keep_rows(inner, row, today)
    owner[group.id] = [row for row in kept_rows(owner, group.id) if _survives(group, row, today)]
    for row in owner[group.id]:
        _keep_fields(group.fields, row, empty, today)


def _survives(group: Group, row: Tree, today: date) -> bool:
    if any(row.get(inner.id) for inner in group.groups):
        return True
    return any(MATRIX[field.sensitive](group.fields, row, today) for field in group.fields)
