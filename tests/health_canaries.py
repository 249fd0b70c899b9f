"""An offer with something in every health field of its form, and how any of it would look where it must not lie.

Which fields these are says the form: one that is added to it is answered and looked for by itself.
"""

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

from localapp.domain.forms.answers import is_raw, place_at
from localapp.domain.forms.definition import Field, FieldType, FormDefinition
from localapp.domain.forms.evaluator import Evaluation
from tests import family
from tests.family import Step

WORD = "Kanárkovitý"
_ABOVE = 57  # over the least a number may be: a height and a weight that are rated, and the same wherever asked


def prepared(today: date) -> Iterator[Step]:
    """The family, of which one adult is asked all questions, the other one only for the declaration of health."""
    yield from family.steps(today)
    yield Step("/sections/cover?person=p1", {"persons[p1].coverages[c1].sum_insured": "2 000 000"})
    for sick in ("c2", "c4"):  # disability and hospital ask for the questionnaire at any sum
        yield Step("/sections/cover/removals?person=p2", {"row": f"persons[p2].coverages[{sick}]"})
    yield Step("/sections/cover?person=p2", {"persons[p2].coverages[c1].sum_insured": "100 000"})


def typed(evaluation: Evaluation) -> dict[str, str]:
    """What is typed into the visible health fields, by path; typed again, it fills the rows that the first opened."""
    shown = [each for each in evaluation.fields.values() if each.visible and each.field.is_health]
    return {each.path: _text(each.field, number) for number, each in enumerate(shown) if not each.field.fixed}


def _text(field: Field, number: int) -> str:
    if field.type is FieldType.BOOLEAN:
        return "true"
    if field.type is FieldType.INTEGER:
        return str((field.minimum or 0) + _ABOVE)
    assert field.type in {FieldType.TEXT, FieldType.NOTE}, f"say what is typed into {field.id}"
    return f"{WORD} {number}x"


def health_fields(definition: FormDefinition) -> set[str]:
    """Every health field of the form, ``persons.findings.doctor``."""
    owners = [*((each.id, each.fields) for each in definition.sections)]
    owners += [(name, group.fields) for name, group in definition.all_groups()]
    return {f"{home}.{field.id}" for home, fields in owners for field in fields if field.is_health}


def answered(definition: FormDefinition, evaluation: Evaluation) -> set[str]:
    """The health fields that have a readable answer somewhere."""
    states = [each for each in evaluation.fields.values() if each.field.is_health and evaluation.value(each.path)]
    places = [place_at(definition, evaluation.tree, each.path) for each in states]
    return {f"{place.home}.{place.field.id}" for place in places if not is_raw(place.owner[place.field.id])}


def traces(definition: FormDefinition) -> set[bytes]:
    """How the typed texts, and the answers of the fields that are no texts, would look in a file or a message.

    None is so short that encrypted bytes hold it by chance.
    """
    names = {name.rpartition(".")[2] for name in health_fields(definition)}
    found = {f'"{name}":'.encode() for name in names} | {f'"{name}": '.encode() for name in names}
    found |= {f"[p{row}].{name}".encode() for name in names for row in (1, 2, 3)}
    texts = {WORD, WORD.lower(), WORD.upper(), "kanarkovity", json.dumps(WORD).strip('"'), quote(WORD)}
    return found | {text.encode(coding) for text in texts for coding in ("utf-8", "utf-16-le", "cp1250")}


def traces_in(content: bytes, definition: FormDefinition) -> list[bytes]:
    """Those that are in it."""
    return [each for each in sorted(traces(definition)) if each in content]
