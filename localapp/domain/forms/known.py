"""Filling a person's fields from what is known of the person. What was typed otherwise stays, unless asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from localapp.domain.clients import FACTS, folded
from localapp.domain.fields.parsed import Value
from localapp.domain.forms.answers import Place, Tree, UnknownPath, is_raw, place_at
from localapp.domain.forms.definition import FieldType, FormDefinition
from localapp.domain.forms.editing import Change, Changed, set_value
from localapp.domain.forms.evaluator import Evaluation
from localapp.domain.forms.reading import Catalogues, options_of

_FOLLOW = ("birth_date", "sex")  # from the birth number, where the form lets them


@dataclass(frozen=True)
class Filled:
    """What was filled, and the paths where something else was typed and stayed."""

    changed: Changed
    kept: tuple[str, ...]


def fill(
    definition: FormDefinition,
    tree: Tree,
    person: str,
    facts: Mapping[str, Value],
    *,
    evaluation: Evaluation,
    catalogues: Catalogues,
    over: bool = False,
) -> Filled:
    """Fill the fields at ``person`` (``policyholder``, ``persons[p1]`` …) from the facts, by the fields' names.

    The beginning of what a fact says counts as looking for it and is completed. ``over`` replaces what was typed
    otherwise too. Never health, consents, AML statements or what is of one occasion, whatever the facts hold.
    """
    changes: list[Change] = []
    kept = []
    for name, new in _fitting(definition, tree, person, facts, evaluation, catalogues):
        path = f"{person}.{name}"
        place = place_at(definition, tree, path)
        if not over and _says_otherwise(place, new):
            kept.append(path)
            continue
        changed = set_value(definition, tree, path, new)
        tree = changed.tree
        changes += changed.changes
    return Filled(Changed(tree, tuple(changes)), tuple(kept))


def _fitting(
    definition: FormDefinition,
    tree: Tree,
    person: str,
    facts: Mapping[str, Value],
    evaluation: Evaluation,
    catalogues: Catalogues,
) -> Iterator[tuple[str, Value]]:
    """The facts that have a field here which somebody could type them into."""
    has_number = False
    for name in (each for each in FACTS if facts.get(each) is not None):
        try:
            place = place_at(definition, tree, f"{person}.{name}")
        except UnknownPath:
            continue
        if not _is_open(place, evaluation) or (has_number and name in _FOLLOW and place.field.computed):
            continue
        options = options_of(place.field, place.owner, catalogues)
        if place.field.type is FieldType.CHOICE and facts[name] not in [each.value for each in options]:
            continue
        has_number |= name == "birth_number"
        yield name, facts[name]


def _is_open(place: Place, evaluation: Evaluation) -> bool:
    field, state = place.field, evaluation.fields.get(place.path)
    if field.sensitive is not None or field.fixed or field.calculated:
        return False
    return state is None or (state.visible and not state.computed)


def _says_otherwise(place: Place, new: Value) -> bool:
    old = place.owner.get(place.field.id)
    if old is None or old in (new, place.field.default):
        return False
    typed = str(old["raw"] if is_raw(old) else old)
    return not folded(str(new)).replace(" ", "").startswith(folded(typed).replace(" ", ""))
