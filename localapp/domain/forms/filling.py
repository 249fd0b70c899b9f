"""One text that answers several fields: the lines of an identity card, pasted into the field of its number."""

from collections.abc import Iterator, Mapping
from datetime import date

from localapp.domain.fields.parsed import Value
from localapp.domain.forms.answers import Place, Tree, place_at
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.reading import Catalogues, options_of, read_text


def to_fill(
    definition: FormDefinition, tree: Tree, place: Place, parts: Mapping[str, Value], *, today: date, known: Catalogues
) -> Iterator[tuple[Place, Value]]:
    """The fields that the form says a part goes into, with the part: only those that nobody has answered yet.

    A default was nobody's answer: a foreigner's passport takes the place of the nationality of most clients.

    A part that the field would not read as that very value stays out.
    """
    for name, target in place.field.fills.items():
        path = target if "." in target else f"{place.path.rpartition('.')[0]}.{target}"
        other = place_at(definition, tree, path)
        if name not in parts or other.field.fixed or not _is_open(other):
            continue
        read = read_text(other.field, str(parts[name]), options_of(other.field, other.owner, known), today)
        if read.value == parts[name]:
            yield other, read.value


def _is_open(place: Place) -> bool:
    return place.owner.get(place.field.id) in (None, place.field.default)
