"""Whether the parts of a revision are answers of their form at all; what desks send may be anything. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any

from localapp.domain.canonical import canonical_text
from localapp.domain.forms.definition import Field, FormDefinition, Group

_ROW = re.compile(r"[a-z0-9]{1,20}", re.ASCII)
_SALT = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ShapeRefused(Exception):  # noqa: N818 - a refusal
    """The text is not a frozen part of this form."""


def read_part(definition: FormDefinition, text: str) -> dict[str, Any]:
    """The values of a frozen part: canonical text of a salt and a tree of this form. Raises ShapeRefused."""
    try:
        content = json.loads(text)
        is_canonical = isinstance(content, dict) and canonical_text(content) == text
    except (ValueError, TypeError, RecursionError):
        raise ShapeRefused from None
    if not is_canonical or content.keys() != {"salt", "values"}:
        raise ShapeRefused
    values = content["values"]
    if not (isinstance(content["salt"], str) and _SALT.fullmatch(content["salt"]) and isinstance(values, dict)):
        raise ShapeRefused
    _check_tree(definition, values)
    return values


def _check_tree(definition: FormDefinition, tree: Mapping[str, Any]) -> None:
    sections = {section.id: section.fields for section in definition.sections}
    groups = {group.id: group for group in definition.groups}
    for name, found in tree.items():
        if name in groups:
            _check_rows(groups[name], found)
        elif name in sections and isinstance(found, dict):
            _check_values(sections[name], found)
        else:
            raise ShapeRefused


def _check_rows(group: Group, rows: object) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ShapeRefused
    ids = [row.get("_id") for row in rows]
    if not all(isinstance(each, str) and _ROW.fullmatch(each) for each in ids) or len(set(ids)) < len(ids):
        raise ShapeRefused
    inner = {each.id: each for each in group.groups}
    for row in rows:
        _check_values(group.fields, {name: found for name, found in row.items() if name not in {"_id", *inner}})
        for name in row.keys() & inner.keys():
            _check_rows(inner[name], row[name])


def _check_values(fields: tuple[Field, ...], values: Mapping[str, Any]) -> None:
    if not values.keys() <= {field.id for field in fields}:
        raise ShapeRefused
    if not all(isinstance(found, str | int) for found in values.values()):
        raise ShapeRefused
