"""Checks that everything a form definition names exists, and that nothing has two meanings."""

from collections.abc import Iterable

from localapp.domain.forms.agreement import PAIRS
from localapp.domain.forms.calculation_rules import check_calculation
from localapp.domain.forms.definition import Check, Field, FieldType, FormDefinition, Group, Section, Sensitive
from localapp.domain.forms.expressions import ExpressionRefused, compile_expression
from localapp.domain.forms.field_rules import reads
from localapp.domain.forms.located import DefinitionRefused
from localapp.domain.forms.ordering import homes, steps_in_order
from localapp.domain.forms.scopes import RESERVED, Scope, scope_of
from localapp.domain.lifecycle import Kind
from localapp.domain.problems import PROBLEMS

CLIENT = ("last_name", "first_name", "title", "phone", "email")
"""What the list of documents can show of the client."""


def check_references(definition: FormDefinition, file: str) -> None:
    """Raises DefinitionRefused for the first name that stands for nothing, or stands for two things."""
    _check_names(definition, file)
    _check_shown(definition, file)
    for home, fields in homes(definition):
        _check_placed(definition, home, fields, file)
        _check_fields(fields, scope_of(definition, home), file)
    for group_id, group in definition.all_groups():
        _check_group(definition, group_id, group, file)
    places = {f"{section.id}.{field.id}": field for section in definition.sections for field in section.fields}
    _check_checks(definition.checks, scope_of(definition), set(places), file)
    _check_places(definition, places, file)
    steps_in_order(definition, file)
    check_calculation(definition, places, file)


def _check_names(definition: FormDefinition, file: str) -> None:
    groups = [group for _, group in definition.all_groups()]
    owners: list[Section | Group] = [*definition.sections, *groups]
    for owner in owners:
        if owner.id in RESERVED:
            raise DefinitionRefused(file, owner.line, f"{owner.id!r} has a meaning of its own in expressions")
        inner = [each.id for each in owner.groups] if isinstance(owner, Group) else []
        _check_once([(field.id, field.line) for field in owner.fields], file, inner)
        _check_validity(owner, file)
    _check_once([(owner.id, owner.line) for owner in owners], file)
    checks = [*definition.checks, *(check for group in groups for check in group.checks)]
    _check_once([(check.id, check.line) for check in checks], file, PROBLEMS)


def _check_validity(owner: Section | Group, file: str) -> None:
    """An identity document is copied as long as it is valid, so something has to say until when."""
    fields = [field for field in owner.fields if field.sensitive is Sensitive.IDENTITY_DOCUMENT]
    if fields and sum(field.ends_validity for field in fields) != 1:
        reason = f"{owner.id}: one date that is not past says until when the identity document is valid"
        raise DefinitionRefused(file, fields[0].line, reason)


def _check_once(named: Iterable[tuple[str, int]], file: str, taken: Iterable[str] = ()) -> None:
    seen = set(taken)
    for name, line in named:
        if name in seen:
            raise DefinitionRefused(file, line, f"{name!r} stands for two things")
        seen.add(name)


def _check_shown(definition: FormDefinition, file: str) -> None:
    shown = [(group_id, section.line) for section in definition.sections for group_id in section.shows]
    for group_id, line in shown:
        if definition.group(group_id) is None:
            raise DefinitionRefused(file, line, f"there is no group {group_id!r}")
    _check_once(shown, file)
    for group_id, group in definition.all_groups():
        if group_id not in dict(shown):
            raise DefinitionRefused(file, group.line, f"no section shows the group {group_id!r}")


def _check_placed(definition: FormDefinition, home: str, fields: tuple[Field, ...], file: str) -> None:
    """A field's own section is there; what a question opens is an inner group, added by a choice of questions."""
    for field in fields:
        if field.section is not None and definition.section(field.section) is None:
            raise DefinitionRefused(file, field.line, f"{field.id}: there is no section {field.section!r}")
        if field.opens is None:
            continue
        group = definition.group(f"{home}.{field.opens}")
        asked = next((each for each in group.fields if each.id == group.added_by), None) if group else None
        if asked is None or field.id not in {option.value for option in asked.options}:
            reason = f"{field.id}: {field.opens!r} is no inner group that is added by a choice of {field.id}"
            raise DefinitionRefused(file, field.line, reason)


def _check_fields(fields: tuple[Field, ...], scope: Scope, file: str) -> None:
    ids = {field.id for field in fields}
    kinds = {field.id: field.type for field in fields}
    for field in fields:
        for name in ("visible_if", "required_if", "computed", "computed_if"):
            text = getattr(field, name)
            if text is not None:
                _check_expression(text, scope, file, field.line, f"{field.id}.{name}")
        source = field.options_from or {}
        if field.notes is not None and field.notes not in ids:
            raise DefinitionRefused(file, field.line, f"{field.id}: there is no field {field.notes!r} beside it")
        if source.get("key", field.id) not in ids:
            raise DefinitionRefused(file, field.line, f"{field.id}: there is no field {source['key']!r} beside it")
        if field.agrees_with is not None and (field.type, kinds.get(field.agrees_with)) not in PAIRS:
            raise DefinitionRefused(file, field.line, f"{field.id}: it cannot agree with {field.agrees_with!r}")


def _check_checks(checks: Iterable[Check], scope: Scope, places: set[str], file: str) -> None:
    for check in checks:
        for text in (check.when, *check.facts.values()):
            _check_expression(text, scope, file, check.line, check.id)
        if check.at not in places:
            raise DefinitionRefused(file, check.line, f"{check.id}: there is no field {check.at!r}")


def _check_expression(text: str, scope: Scope, file: str, line: int, where: str) -> None:
    try:
        compile_expression(text, scope)
    except ExpressionRefused as error:
        raise DefinitionRefused(file, line, f"{where}: {error}") from error


def _check_group(definition: FormDefinition, group_id: str, group: Group, file: str) -> None:
    _check_checks(group.checks, scope_of(definition, group_id), {field.id for field in group.fields}, file)
    if group.added_by is not None and group.added_by not in {
        each.id for each in group.fields if each.type is FieldType.CHOICE
    }:
        raise DefinitionRefused(file, group.line, f"added_by: there is no choice {group.added_by!r} in {group.id}")
    if "." not in group_id:
        _check_starts(group, group.starts_with, file)


def _check_starts(group: Group, rows: object, file: str) -> None:
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, dict) for row in rows):
        raise DefinitionRefused(file, group.line, f"starts_with: {group.id} holds objects only")
    if not group.minimum <= len(rows) <= group.maximum:
        reason = f"starts_with: {len(rows)} rows of {group.id}, allowed are {group.minimum} to {group.maximum}"
        raise DefinitionRefused(file, group.line, reason)
    fields = {field.id: field for field in group.fields}
    inner = {each.id: each for each in group.groups}
    for row in rows:
        line = getattr(row, "line", group.line)
        for name, given in row.items():
            if name in inner:
                _check_starts(inner[name], given, file)
            elif name not in fields or not reads(fields[name], given):
                raise DefinitionRefused(file, line, f"starts_with: {name} cannot be {given!r} in {group.id}")


def _check_places(definition: FormDefinition, places: dict[str, Field], file: str) -> None:
    line = getattr(definition.client, "line", 1)
    for name, place in definition.client.items():
        if name not in CLIENT or not isinstance(place, str) or place not in places:
            raise DefinitionRefused(file, line, f"client: {name} cannot be {place!r}; known are {', '.join(CLIENT)}")
        if places[place].is_health:
            raise DefinitionRefused(file, line, f"client: {place} is a health answer, which no list shows")
    exported: dict[str, Field] = {}
    for _, fields in homes(definition):
        for field in fields:
            _check_filled(field, {*places, *(each.id for each in fields)}, file)
            if field.default_from is not None and field.default_from not in places:
                raise DefinitionRefused(file, field.line, f"{field.id}: there is no field {field.default_from!r}")
            if field.export and definition.kind == Kind.OTHER:
                raise DefinitionRefused(file, field.line, f"{field.id}: a form of kind other has no data record")
            if field.export in exported:
                raise DefinitionRefused(file, field.line, f"{field.id}: {field.export} is exported twice")
            if field.export:
                exported[field.export] = field


def _check_filled(field: Field, targets: set[str], file: str) -> None:
    for target in field.fills.values():
        if target not in targets:
            raise DefinitionRefused(file, field.line, f"{field.id}: there is no field {target!r} to fill")
