"""Reads a form definition and refuses a bad one with file, line and reason."""

import re

from localapp.domain.forms.definition import (
    FILLED_BEFOREHAND,
    Check,
    Field,
    FieldType,
    FormDefinition,
    Group,
    Option,
    Section,
    Sensitive,
)  # fmt: skip
from localapp.domain.forms.field_rules import check_field
from localapp.domain.forms.located import read
from localapp.domain.forms.names import id_of
from localapp.domain.forms.references import check_references
from localapp.domain.forms.taking import Taken
from localapp.domain.lifecycle import Kind

FORMAT = "smartform/1"
LEVELS = ("error", "warning", "info")
DEEPEST = 3
"""How deep groups nest: a beneficiary of a coverage of a person."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")


def parse_form(text: str, file: str) -> FormDefinition:
    """The definition in ``text``. Raises DefinitionRefused naming file, line and reason."""
    root = Taken(read(text, file), file)
    if root.text("format") != FORMAT:
        root.refuse(f"format must be {FORMAT!r}")
    definition = FormDefinition(
        name=_matching(root, "name", _NAME, "lower-case letters, digits and -"),
        version=_matching(root, "version", _VERSION, "numbers and dots, as 2 or 2026.1"),
        kind=root.one_of("kind", Kind),
        label=root.label("label"),
        sections=tuple(_section(part) for part in root.objects("sections")),
        groups=tuple(_group(part, depth=1) for part in root.objects("groups")),
        checks=tuple(_check(part) for part in root.objects("checks")),
        calculation=root.mapping("calculation"),
        client=root.mapping("client"),
    )
    root.nothing_else()
    if not definition.sections:
        root.refuse("a form has at least one section")
    check_references(definition, file)
    return definition


def _matching(part: Taken, name: str, pattern: re.Pattern[str], meaning: str) -> str:
    found = part.text(name)
    if not pattern.fullmatch(found):
        part.refuse(f"{found!r} is no {name}: {meaning}")
    return found


def _section(part: Taken) -> Section:
    section = Section(
        id=id_of(part),
        label=part.label("label"),
        line=part.line,
        fields=tuple(_field(each, in_group=False) for each in part.objects("fields")),
        shows=part.texts("shows"),
        is_summary=part.flag("summary"),
    )
    part.nothing_else()
    return section


def _group(part: Taken, *, depth: int) -> Group:
    inner = tuple(_group(each, depth=depth + 1) for each in part.objects("groups"))
    if depth == DEEPEST and inner:
        part.refuse(f"groups nest {DEEPEST - 1} levels deep")
    group = Group(
        id=id_of(part),
        label=part.label("label"),
        line=part.line,
        fields=tuple(_field(each, in_group=True) for each in part.objects("fields")),
        groups=inner,
        checks=tuple(_check(each) for each in part.objects("checks")),
        minimum=part.number("min", 0, least=0),
        maximum=part.number("max", 99, least=1),
        starts_with=tuple(part.take("starts_with", list, [])),
        added_by=part.maybe_text("added_by"),
    )
    if group.minimum > group.maximum:
        part.refuse(f"min {group.minimum} is above max {group.maximum}")
    if not group.fields:
        part.refuse(f"the group {group.id} has no fields")
    if depth > 1 and group.starts_with:
        part.refuse("the outer group's starts_with holds the first rows of an inner one")
    part.nothing_else()
    return group


def _check(part: Taken) -> Check:
    facts = part.mapping("facts")
    if not all(isinstance(when, str) for when in facts.values()):
        part.refuse("facts holds texts only")
    told = (part.text("when"), part.text("at"), part.text("level"), part.label("text"))
    check = Check(id_of(part), *told, part.line, facts)
    if check.level not in LEVELS:
        part.refuse(f"{check.level!r} is no level: {', '.join(LEVELS)}")
    part.nothing_else()
    return check


def _field(part: Taken, *, in_group: bool) -> Field:
    meaning = _sensitive(part)
    field = Field(
        id=id_of(part),
        type=part.one_of("type", FieldType),
        label=part.label("label"),
        line=part.line,
        hint=part.maybe_label("hint"),
        unit=part.maybe_label("unit"),
        required=part.flag("required"),
        required_if=part.maybe_text("required_if"),
        visible_if=part.maybe_text("visible_if"),
        computed=part.maybe_text("computed"),
        computed_if=part.maybe_text("computed_if"),
        computed_until_typed=part.flag("computed_until_typed"),
        agrees_with=part.maybe_text("agrees_with"),
        distinct=part.flag("distinct"),
        fills=part.mapping("fills"),
        calculated=part.maybe_text("calculated"),
        notes=part.maybe_text("notes"),
        opens=part.maybe_text("opens"),
        section=part.maybe_text("section"),
        default=part.take("default", (str, int, bool)),
        default_from=part.maybe_text("default_from"),
        options=tuple(_option(each) for each in part.objects("options")),
        options_from=part.take("options_from", dict),
        minimum=part.maybe_number("min"),
        maximum=part.maybe_number("max"),
        longest=part.number("longest", 200, least=1),
        past=part.flag("past"),
        fixed=part.flag("fixed"),
        width=part.take("width", str, "m"),
        sensitive=meaning,
        prefill=part.maybe_text("prefill"),
        print=part.flag("print", otherwise=True),
        export=part.maybe_text("export"),
    )
    part.nothing_else()
    check_field(field, part.file, in_group=in_group)
    return field


def _sensitive(part: Taken) -> Sensitive | None:
    found = part.maybe_text("sensitive")
    meaning = Sensitive(found) if found in set(Sensitive) else None
    if found is not None and meaning is None:
        part.refuse(f"{found!r} is no reason to be sensitive: {', '.join(Sensitive)}")
    if meaning not in FILLED_BEFOREHAND and "prefill" in part.left:
        part.refuse(f"a field marked {meaning} is never filled in beforehand")
    return meaning


def _option(part: Taken) -> Option:
    option = Option(part.take("value", (str, int, bool), must=True), part.label("label"))
    part.nothing_else()
    return option
