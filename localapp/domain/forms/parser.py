"""Reads a form definition and refuses a bad one with file, line and reason."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from localapp.domain.forms.definition import (
    Check,
    Field,
    FieldType,
    FormDefinition,
    Group,
    Label,
    Option,
    Section,
    Sensitive,
)  # fmt: skip
from localapp.domain.forms.located import DefinitionRefused, Located, read
from localapp.domain.forms.references import check_references
from localapp.domain.lifecycle import Kind

FORMAT = "smartform/1"
_T = TypeVar("_T")
_ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
_COPY_NEVER = frozenset({Sensitive.SIGNATURE, Sensitive.CONSENT, Sensitive.AML, Sensitive.OCCASION_DATE})


def parse_form(text: str, file: str) -> FormDefinition:
    """The definition in ``text``. Raises DefinitionRefused naming file, line and reason."""
    root = _Object(read(text, file), file)
    if root.text("format") != FORMAT:
        root.refuse(f"format must be {FORMAT!r}")
    definition = FormDefinition(
        name=root.text("name"),
        version=root.text("version"),
        kind=root.one_of("kind", Kind),
        label=root.label("label"),
        sections=tuple(_section(part) for part in root.objects("sections")),
        groups=tuple(_group(part, nested=False) for part in root.objects("groups")),
        checks=tuple(_check(part) for part in root.objects("checks")),
        calculation=root.mapping("calculation"),
        client=root.mapping("client"),
    )
    root.nothing_else()
    check_references(definition, file)
    return definition


class _Object:
    """One JSON object: each name is taken once; what is left over is refused."""

    def __init__(self, found: Located, file: str) -> None:
        self.left = dict(found)
        self.line, self.file = found.line, file

    def refuse(self, reason: str) -> NoReturn:
        raise DefinitionRefused(self.file, self.line, reason)

    def take(self, name: str, kind: type | tuple[type, ...], otherwise: Any = None, *, must: bool = False) -> Any:  # noqa: ANN401 - any JSON value
        if name not in self.left:
            if must:
                self.refuse(f"{name} is missing")
            return otherwise
        found = self.left.pop(name)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is int):
            self.refuse(f"{name} has a wrong type")
        return found

    def text(self, name: str) -> str:
        return str(self.take(name, str, must=True))

    def id(self) -> str:
        found = self.text("id")
        if not _ID.fullmatch(found):
            self.refuse(f"{found!r} is no id: lower-case letters, digits and _")
        return found

    def maybe_text(self, name: str) -> str | None:
        found: str | None = self.take(name, str)
        return found

    def flag(self, name: str, otherwise: bool = False) -> bool:
        return bool(self.take(name, bool, otherwise))

    def number(self, name: str, otherwise: int | None = None) -> int | None:
        found: int | None = self.take(name, int, otherwise)
        return found

    def mapping(self, name: str) -> Mapping[str, Any]:
        return dict(self.take(name, dict, Located()))

    def objects(self, name: str) -> "Iterable[_Object]":
        for part in self.take(name, list, []):
            if not isinstance(part, Located):
                self.refuse(f"{name} holds objects only")
            yield _Object(part, self.file)

    def one_of(self, name: str, allowed: Callable[[str], _T]) -> _T:
        found = self.text(name)
        try:
            return allowed(found)
        except ValueError:
            self.refuse(f"{found!r} is no {name} that is known")

    def label(self, name: str) -> Label:
        return self._bilingual(name, self.take(name, dict, must=True))

    def maybe_label(self, name: str) -> Label | None:
        found = self.take(name, dict)
        return None if found is None else self._bilingual(name, found)

    def _bilingual(self, name: str, found: Mapping[str, Any]) -> Label:
        if set(found) != {"cs", "en"} or not all(isinstance(text, str) and text for text in found.values()):
            self.refuse(f"{name} needs a text in cs and in en")
        return dict(found)

    def nothing_else(self) -> None:
        if self.left:
            self.refuse(f"unknown: {', '.join(sorted(self.left))}")


def _section(part: _Object) -> Section:
    section = Section(
        id=part.id(),
        label=part.label("label"),
        line=part.line,
        fields=tuple(_field(each) for each in part.objects("fields")),
        shows=tuple(part.take("shows", list, [])),
        is_summary=part.flag("summary"),
    )
    part.nothing_else()
    return section


def _group(part: _Object, *, nested: bool) -> Group:
    inner = tuple(_group(each, nested=True) for each in part.objects("groups"))
    if nested and inner:
        part.refuse("groups nest one level deep")
    group = Group(
        id=part.id(),
        label=part.label("label"),
        line=part.line,
        fields=tuple(_field(each) for each in part.objects("fields")),
        groups=inner,
        checks=tuple(_check(each) for each in part.objects("checks")),
        minimum=part.number("min", 0) or 0,
        maximum=part.number("max", 99) or 99,
        starts_with=tuple(part.take("starts_with", list, [])),
        added_by=part.maybe_text("added_by"),
    )
    part.nothing_else()
    return group


def _check(part: _Object) -> Check:
    check = Check(part.id(), part.text("when"), part.text("at"), part.text("level"), part.label("text"), part.line)
    if check.level not in {"error", "warning", "info"}:
        part.refuse(f"{check.level!r} is no level: error, warning or info")
    part.nothing_else()
    return check


def _field(part: _Object) -> Field:
    sensitive = part.maybe_text("sensitive")
    field_id, kind = part.id(), part.one_of("type", FieldType)
    meaning = Sensitive(sensitive) if sensitive in set(Sensitive) else None
    if sensitive and meaning is None:
        part.refuse(f"{sensitive!r} is no reason to be sensitive: {', '.join(Sensitive)}")
    if meaning is Sensitive.HEALTH and "copy" not in part.left:
        part.refuse("a health field says whether it is copied: rating facts are, questions never")
    field = Field(
        id=field_id,
        type=kind,
        label=part.label("label"),
        line=part.line,
        hint=part.maybe_label("hint"),
        unit=part.maybe_label("unit"),
        required=part.flag("required"),
        required_if=part.maybe_text("required_if"),
        visible_if=part.maybe_text("visible_if"),
        computed=part.maybe_text("computed"),
        computed_if=part.maybe_text("computed_if"),
        default=part.take("default", (str, int, bool)),
        default_from=part.maybe_text("default_from"),
        options=tuple(_option(each) for each in part.objects("options")),
        options_from=part.take("options_from", dict),
        minimum=part.number("min"),
        maximum=part.number("max"),
        longest=part.number("longest", 200) or 200,
        past=part.flag("past"),
        fixed=part.flag("fixed"),
        width=part.take("width", str, "m"),
        sensitive=meaning,
        copy=part.flag("copy", meaning not in _COPY_NEVER),
        prefill=part.maybe_text("prefill"),
        print=part.flag("print", otherwise=True),
        export=part.maybe_text("export"),
    )
    if kind is FieldType.CHOICE and not (field.options or field.options_from):
        part.refuse(f"the choice {field_id} has no options")
    if field.computed_if and not field.computed:
        part.refuse(f"{field_id} has computed_if without computed")
    if meaning in _COPY_NEVER and field.copy:
        part.refuse(f"{field_id}: a field marked {meaning} is never copied")
    part.nothing_else()
    return field


def _option(part: _Object) -> Option:
    option = Option(part.take("value", (str, int, bool), must=True), part.label("label"))
    part.nothing_else()
    return option
