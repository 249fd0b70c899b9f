"""Předvyplnit do nabídky: what the answers of an illustration become in a new offer. Source: DOMAIN.md, "Actions"."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from localapp.domain.forms.answers import Tree
from localapp.domain.forms.definition import FILLED_BEFOREHAND, Field, FormDefinition, Group, Sensitive
from localapp.domain.forms.editing import empty_answers, final_answers


def prefilled_answers(source: FormDefinition, tree: Mapping[str, Any], target: FormDefinition, today: date) -> Tree:
    """The answers of a new document of ``target``: each answer at the place of its own name, or at its ``prefill``.

    What the target asks besides starts as in an empty document. Rows keep their ids, removed ones stay behind. The
    start of cover comes along while it lies ahead, because ages and so the premium hang on it.
    """
    kept, found = final_answers(source, dict(tree)), empty_answers(target, today)
    for section in source.sections:
        for field in section.fields:
            value = kept.get(section.id, {}).get(field.id)
            if value is not None and _goes(field, value, today):
                _put(target, found, field.prefill or f"{section.id}.{field.id}", value)
    for group in source.groups:
        own = target.group(group.id)
        if own is not None:
            found[group.id] = [_row(group, own, row, today) for row in kept.get(group.id, [])]
    return found


def _put(target: FormDefinition, found: Tree, place: str, value: Any) -> None:  # noqa: ANN401 - any answer
    section_id, _, name = place.partition(".")
    section = target.section(section_id)
    if section is not None and any(field.id == name for field in section.fields):
        found[section_id][name] = value


def _row(source: Group, target: Group, row: Mapping[str, Any], today: date) -> Tree:
    asked = {field.id: field for field in source.fields}
    made: Tree = {"_id": row["_id"]}
    for field in target.fields:
        value = row.get(field.id) if field.id in asked else field.default
        if value is not None and (field.id not in asked or _goes(field, value, today)):
            made[field.id] = value
    inner = {each.id: each for each in source.groups}
    for each in target.groups:
        rows = row.get(each.id, []) if each.id in inner else []
        made[each.id] = [_row(inner[each.id], each, below, today) for below in rows]
    return made


def _goes(field: Field, value: object, today: date) -> bool:
    if field.sensitive is Sensitive.OCCASION_DATE:
        return isinstance(value, str) and value > today.isoformat()
    return field.sensitive in FILLED_BEFOREHAND
