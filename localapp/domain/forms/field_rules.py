"""What a field's keys must say together: no key may be without effect, every given value must be one that is read."""

from collections.abc import Iterator, Mapping

from localapp.domain.fields.dates import LATEST
from localapp.domain.fields.machine_readable import PARTS
from localapp.domain.forms.agreement import DISTINCT
from localapp.domain.forms.definition import Field, FieldType
from localapp.domain.forms.located import DefinitionRefused
from localapp.domain.forms.names import is_place
from localapp.domain.forms.reading import as_text, read_text

FIRST_OF_NEXT_MONTH = "first_of_next_month"
WIDTHS = ("s", "m", "l")
_LIMITED = frozenset({FieldType.INTEGER, FieldType.MONEY})


def check_field(field: Field, file: str, *, in_group: bool) -> None:
    """Raises DefinitionRefused with the first thing that is wrong with the field by itself."""
    for rules in _rules(field, in_group=in_group):
        for reason in rules:
            raise DefinitionRefused(file, field.line, f"{field.id}: {reason}")


def _rules(field: Field, *, in_group: bool) -> Iterator[Iterator[str]]:
    yield _choice_rules(field)
    yield _limit_rules(field)
    yield _start_rules(field, in_group=in_group)
    yield _way_rules(field)
    yield _row_rules(field, in_group=in_group)


def _row_rules(field: Field, *, in_group: bool) -> Iterator[str]:
    for name in ("calculated", "opens", "section"):
        if getattr(field, name) is not None and not in_group:
            yield f"{name} is for the fields of a group"
    if field.calculated is not None and (field.computed or field.default is not None or field.default_from):
        yield "what is calculated is neither computed nor begun with"
    if field.calculated is not None and not is_place(field.calculated):
        yield "calculated is a dotted place as health.tier"
    if (field.type is FieldType.MOMENT) is not (field.notes is not None):
        yield "a moment notes the answer of a field beside it, and nothing else does"
    if field.opens is not None and field.type is not FieldType.BOOLEAN:
        yield "opens is for a boolean"


def reads(field: Field, given: object) -> bool:
    """Whether a value given in a definition is the very value that the field would read."""
    if not isinstance(given, (str, int)):
        return False
    if field.options_from and not field.options:
        return isinstance(given, str)
    read = read_text(field, as_text(field, given), field.options, LATEST)
    return read.code is None and read.value == given and type(read.value) is type(given)


def _choice_rules(field: Field) -> Iterator[str]:
    if field.type is not FieldType.CHOICE:
        if field.options or field.options_from is not None:
            yield "only a choice has options"
    elif field.options_from is not None:
        yield from _source_rules(field.options_from, has_options=bool(field.options))
    elif not field.options:
        yield "the choice has no options"
    texts = [str(option.value) for option in field.options]
    if len(set(texts)) != len(texts):
        yield "two options have the same value"
    for option in field.options:
        if not reads(field, option.value):
            yield f"the option {option.value!r} could not be read back"


def _source_rules(source: Mapping[str, object], *, has_options: bool) -> Iterator[str]:
    if not set(source) <= {"catalogue", "key", "list"} or not all(isinstance(text, str) for text in source.values()):
        yield "options_from has the texts catalogue, key and list"
    elif "catalogue" not in source or ("key" in source) != ("list" in source):
        yield "options_from names a catalogue, and either both key and list or neither"
    elif ("list" in source) != has_options:
        yield "options and options_from go together only where a list of the catalogue narrows the options"


def _limit_rules(field: Field) -> Iterator[str]:
    if field.type not in _LIMITED and (field.minimum is not None or field.maximum is not None):
        yield f"min and max are for {' and '.join(sorted(_LIMITED))}"
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield f"min {field.minimum} is above max {field.maximum}"
    if field.distinct and field.type not in DISTINCT:
        yield f"distinct is for {' and '.join(sorted(DISTINCT))}"
    if field.fills and field.type is not FieldType.IDENTITY_DOCUMENT:
        yield f"fills is for {FieldType.IDENTITY_DOCUMENT}"
    if not set(field.fills) <= set(PARTS):
        yield f"fills names parts: {', '.join(PARTS)}"
    if field.past and field.type is not FieldType.DATE:
        yield "past is for dates"
    if field.width not in WIDTHS:
        yield f"{field.width!r} is no width: {', '.join(WIDTHS)}"


def _start_rules(field: Field, *, in_group: bool) -> Iterator[str]:
    if field.computed_if is not None and field.computed is None:
        yield "computed_if without computed"
    if field.computed_until_typed and field.computed is None:
        yield "computed_until_typed without computed"
    if field.default is not None and field.default_from is not None:
        yield "default and default_from exclude each other"
    if field.default_from is not None and not in_group:
        yield "default_from is for the fields of a group"
    if field.default == FIRST_OF_NEXT_MONTH and field.type is FieldType.DATE:
        if in_group:
            yield f"{FIRST_OF_NEXT_MONTH} is for the fields of a section"
    elif field.default is not None and not reads(field, field.default):
        yield f"the default {field.default!r} could not be read"


def _way_rules(field: Field) -> Iterator[str]:
    for name, place in (("export", field.export), ("prefill", field.prefill)):
        if place is not None and not is_place(place):
            yield f"{name} is a dotted place as policyholder.last_name"
    if field.export and field.export.startswith("health.") is not field.is_health:
        yield "health answers, and no others, are exported below health."
