"""A good definition becomes a form; a bad one is refused with its file, its line and the reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp import paths
from localapp.domain.forms.definition import FieldType, Sensitive
from localapp.domain.forms.located import DefinitionRefused, read
from localapp.domain.forms.parser import FORMAT, parse_form
from localapp.domain.lifecycle import Kind
from tests.domain.forms.bad_parts import PARTS
from tests.domain.forms.made_up import FILE, MADE_UP, PLACES, Json, at, field, label, made_up, parts, text_of

FORMS = sorted((paths.components() / "forms").glob("*/*/form.json"))


def test_a_good_definition_is_read_with_all_it_says() -> None:
    form = made_up()
    assert (form.name, form.version, form.kind) == ("made-up", "1", Kind.OFFER)
    assert [group_id for group_id, _ in form.all_groups()] == ["people", "people.covers", "extras"]
    weight = next(each for each in form.sections[0].fields if each.id == "weight")
    assert (weight.type, weight.minimum, weight.maximum) == (FieldType.INTEGER, 30, 300)
    assert weight.is_health
    people = form.group("people")
    assert people is not None
    assert (people.minimum, people.maximum, people.added_by) == (1, 3, "role")
    assert form.home_of("people.covers") is form.section("insured")
    assert form.home_of("nobody") is None
    assert form.section("nobody") is None
    assert form.group("people.nobody") is None


def test_what_a_definition_leaves_out_has_its_usual_value() -> None:
    plain = next(each for each in made_up().sections[0].fields if each.id == "email")
    assert (plain.longest, plain.width, plain.print, plain.required) == (200, "m", True, False)
    covers = made_up().group("people.covers")
    assert covers is not None
    assert (covers.minimum, made_up().group("extras").maximum) == (0, 4)  # type: ignore[union-attr]


@pytest.mark.parametrize("meaning", Sensitive)
def test_health_and_rating_facts_are_sealed_and_no_other_kind(meaning: Sensitive) -> None:
    until = field("until", "date", sensitive=meaning.value)
    form = made_up(lambda it: parts(it)["people"]["fields"].append(until))
    assert form.groups[0].fields[-1].is_health is (meaning in {Sensitive.HEALTH, Sensitive.RATING})


@pytest.mark.parametrize("path", FORMS, ids=[f"{path.parent.parent.name} {path.parent.name}" for path in FORMS])
def test_every_form_that_is_sold_is_read_and_lies_where_its_name_says(path: Path) -> None:
    form = parse_form(path.read_text(encoding="utf-8"), path.name)
    assert (form.name, form.version) == (path.parent.parent.name, path.parent.name)


def test_a_form_without_calculation_is_a_form() -> None:
    assert not made_up(lambda it: it.pop("calculation")).calculation


def test_groups_nest_two_levels_deep_and_no_deeper() -> None:
    def nested(it: Json, *names: str) -> None:
        for name in names:
            inner = {"id": name, "label": label(name), "fields": [field(f"{name}_name")]}
            it["groups"] = [inner]
            it = inner

    def shown(it: Json) -> None:
        nested(parts(it)["covers"], "heirs")
        parts(it)["insured"]["shows"].append("people.covers.heirs")

    assert dict(made_up(shown).all_groups())["people.covers.heirs"].id == "heirs"
    with pytest.raises(DefinitionRefused, match="groups nest 2 levels deep"):
        made_up(lambda it: nested(parts(it)["covers"], "heirs", "guardians"))


@pytest.mark.parametrize("name", PARTS)
def test_a_bad_part_is_refused_with_file_line_and_reason(name: str) -> None:
    place, spoil, reason = PARTS[name]
    text = text_of(lambda it: spoil(parts(it)))
    line = at(read(text, FILE), _path_of(place)).line
    with pytest.raises(DefinitionRefused) as refused:
        parse_form(text, FILE)
    assert reason in refused.value.reason
    assert str(refused.value) == f"{FILE}:{line}: {refused.value.reason}"


def _path_of(part_id: str) -> tuple[Any, ...]:
    return next(path for path in PLACES if isinstance(found := at(MADE_UP, path), dict) and found.get("id") == part_id)


WHOLE: dict[str, tuple[Callable[[Json], object], str]] = {
    "other format": (lambda it: it.update(format="smartform/2"), f"format must be {FORMAT!r}"),
    "no format": (lambda it: it.pop("format"), "format is missing"),
    "name with blanks": (lambda it: it.update(name="made up"), "is no name"),
    "version in letters": (lambda it: it.update(version="1a"), "is no version"),
    "version that is a number": (lambda it: it.update(version=1), "version has a wrong type"),
    "unknown kind": (lambda it: it.update(kind="poem"), "is no kind that is known"),
    "no sections": (lambda it: it.update(sections=[], groups=[], checks=[], client={}, calculation={}), "one section"),
    "unknown name": (lambda it: it.update(author="x"), "unknown: author"),
    "data record of other": (lambda it: it.update(kind="other"), "has no data record"),
    "unknown client part": (lambda it: it["client"].update(birth_number="client.birth_number"), "client: birth_number"),
    "client of no field": (lambda it: it["client"].update(phone="client.fax"), "client: phone"),
    "client in a group": (lambda it: it["client"].update(phone="people.name"), "client: phone"),
    "client that is no text": (lambda it: it["client"].update(phone=5), "client: phone"),
    "health in the list": (lambda it: it["client"].update(phone="client.weight"), "which no list shows"),
    "first row with an unknown name": (lambda it: _first(it).update(rol="adult"), "rol cannot be 'adult'"),
    "first row with a wrong value": (lambda it: _first(it).update(role="elder"), "role cannot be 'elder'"),
    "first row inside": (lambda it: _first(it)["covers"][0].update(years="20"), "years cannot be '20' in covers"),
}


def _first(it: Json) -> Json:
    row: Json = it["groups"][0]["starts_with"][0]
    return row


@pytest.mark.parametrize("name", WHOLE)
def test_a_bad_whole_is_refused_with_a_reason(name: str) -> None:
    spoil, reason = WHOLE[name]
    with pytest.raises(DefinitionRefused) as refused:
        made_up(spoil)
    assert reason in refused.value.reason
    assert refused.value.file == FILE
    assert refused.value.line >= 1


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, database=None, max_examples=300)
@given(place=st.sampled_from(PLACES), junk=_json)
def test_junk_anywhere_is_read_or_refused_but_nothing_else(place: tuple[Any, ...], junk: object) -> None:
    def spoil(form: Json) -> None:
        at(form, place[:-1])[place[-1]] = junk

    refusal = None
    try:
        made_up(spoil)
    except DefinitionRefused as refused:
        refusal = refused
    assert refusal is None or (refusal.line >= 1 and refusal.reason)


@settings(deadline=None, database=None, max_examples=100)
@given(st.text() | st.from_regex(r'[\[\]{}",:0-9a-z \n]{0,40}', fullmatch=True))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(DefinitionRefused):
        parse_form(text, FILE)


def test_an_outer_and_an_inner_field_may_have_the_same_name() -> None:
    form = made_up(lambda it: parts(it)["covers"]["fields"].append(field("name")))
    inner, outer = form.group("people.covers"), form.group("people")
    assert inner is not None
    assert outer is not None
    assert {each.id for each in inner.fields} & {each.id for each in outer.fields} == {"name"}
    assert made_up(lambda it: it.update(label=label("Příliš žluťoučký"))).label["cs"] == "Příliš žluťoučký"
