"""Checks that everything a form definition names exists."""

from collections.abc import Iterator

from localapp.domain.forms.definition import Check, Field, FormDefinition, Group, Section
from localapp.domain.forms.expressions import ExpressionRefused, Scope, compile_expression
from localapp.domain.forms.located import DefinitionRefused

_ROW_NAMES = ("_id", "_number")


def root_scope(definition: FormDefinition) -> Scope:
    """What an expression outside any group may name."""
    names: dict[str, frozenset[str] | None] = {
        section.id: frozenset(field.id for field in section.fields) for section in definition.sections if section.fields
    }
    names["today"] = None
    return Scope(names, {group.id: row_names(group) for group in definition.groups})


def row_names(group: Group) -> frozenset[str]:
    """The names below ``row`` in this group."""
    return frozenset([*(field.id for field in group.fields), *_ROW_NAMES])


def row_scope(definition: FormDefinition, group: Group, outer: Group | None = None) -> Scope:
    """What an expression of the group's fields may name."""
    root = root_scope(definition)
    names = {**root.names, "row": row_names(group)}
    if outer:
        names["parent"] = row_names(outer)
    inner = {each.id: row_names(each) for each in group.groups}
    return Scope(names, {**root.lists, **inner})


def check_references(definition: FormDefinition, file: str) -> None:
    """Raises DefinitionRefused for the first name that stands for nothing, or stands for two things."""
    _check_names(definition, file)
    root = root_scope(definition)
    for section in definition.sections:
        _check_fields(section.fields, root, file)
        for shown in section.shows:
            if definition.group(shown) is None:
                raise DefinitionRefused(file, section.line, f"there is no group {shown!r}")
    _check_checks(definition.checks, root, {f"{s.id}.{f.id}" for s in definition.sections for f in s.fields}, file)
    for group, outer in _groups(definition):
        scope = row_scope(definition, group, outer)
        _check_fields(group.fields, scope, file)
        _check_checks(group.checks, scope, {field.id for field in group.fields}, file)


def _groups(definition: FormDefinition) -> Iterator[tuple[Group, Group | None]]:
    for group in definition.groups:
        yield group, None
        for inner in group.groups:
            yield inner, group


def _check_names(definition: FormDefinition, file: str) -> None:
    tops = [(each.id, each.line) for each in definition.sections if each.fields]
    tops += [(each.id, each.line) for each in definition.groups]
    named = dict(definition.all_groups())
    seen: set[str] = set()
    for name, line in tops:
        if name in seen or name in {"row", "parent", "today", "out", "d", "path", "inner"}:
            raise DefinitionRefused(file, line, f"{name!r} stands for two things")
        seen.add(name)
    owners: list[Section | Group] = [*definition.sections, *named.values()]
    for owner in owners:
        ids = [field.id for field in owner.fields]
        for field in owner.fields:
            if ids.count(field.id) > 1:
                raise DefinitionRefused(file, field.line, f"the field {field.id!r} stands twice")


def _check_fields(fields: tuple[Field, ...], scope: Scope, file: str) -> None:
    for field in fields:
        for name in ("visible_if", "required_if", "computed", "computed_if", "default_from"):
            text = getattr(field, name)
            if text is not None:
                _check_expression(text, scope, file, field.line, f"{field.id}.{name}")


def _check_checks(checks: tuple[Check, ...], scope: Scope, places: set[str], file: str) -> None:
    for check in checks:
        _check_expression(check.when, scope, file, check.line, check.id)
        if check.at not in places:
            raise DefinitionRefused(file, check.line, f"{check.id}: there is no field {check.at!r}")


def _check_expression(text: str, scope: Scope, file: str, line: int, where: str) -> None:
    try:
        compile_expression(text, scope)
    except ExpressionRefused as error:
        raise DefinitionRefused(file, line, f"{where}: {error}") from error
