"""What a form says about its calculation is checked before anybody is quoted a premium by it."""

from collections.abc import Callable

import pytest

from localapp.domain.forms.located import DefinitionRefused
from tests.domain.forms.made_up import Json, made_up

CALCULATION: dict[str, tuple[Callable[[Json], object], str]] = {
    "no library": (lambda it: it.pop("library"), "needs library and version"),
    "version that is a number": (lambda it: it.update(version=1), "needs library and version"),
    "unknown name": (lambda it: it.update(output={}), "nothing else"),
    "no input": (lambda it: it.update(input={}), "at least one name"),
    "input that is a list": (lambda it: it.update(input=[]), "at least one name"),
    "source that is a text": (lambda it: it["input"].update(term="policy.term"), "input.term is one of"),
    "source of two kinds": (lambda it: it["input"]["term"].update(value=1), "input.term is one of"),
    "unknown source": (lambda it: it["input"].update(term={"of": "policy.term"}), "input.term is one of"),
    "default of a constant": (lambda it: it["input"]["tariff"].update(default=1), "input.tariff is one of"),
    "unknown field": (lambda it: it["input"]["term"].update({"from": "policy.x"}), "no field 'policy.x'"),
    "field of a group": (lambda it: it["input"]["term"].update({"from": "people.age"}), "no field 'people.age'"),
    "field that is no text": (lambda it: it["input"]["term"].update({"from": {}}), "there is no field"),
    "unknown field inside": (lambda it: _inside(it)["regular"].update({"from": "x.y"}), "investment.regular"),
    "empty object": (lambda it: it["input"].update(investment={"object": {}}), "at least one name"),
    "unknown group": (lambda it: _rows(it).update(each="nobody"), "no group 'nobody'"),
    "inner group outside": (lambda it: _rows(it).update(each="covers"), "no group 'covers'"),
    "no fields": (lambda it: _rows(it).pop("fields"), "fields is a list"),
    "unknown row field": (lambda it: _rows(it)["fields"].append("x"), "fields is a list of fields of people"),
    "row field that is no text": (lambda it: _rows(it)["fields"].append({}), "fields is a list"),
    "groups that are a list": (lambda it: _rows(it).update(groups=[]), "groups is an object"),
    "inner group with an id": (lambda it: _rows(it)["groups"]["coverages"].update(id={}), "has each and fields"),
    "unknown inner group": (lambda it: _rows(it)["groups"]["coverages"].update(each="x"), "no group 'x'"),
    "inner group called as a field": (lambda it: _rows(it).update(groups={"role": _inner(it)}), "two things"),
    "numbering without letters": (lambda it: _rows(it).update(id={"by": "role"}), "id has by"),
    "letters that are numbers": (lambda it: _rows(it)["id"].update(letters={"adult": 1}), "id has by"),
    "numbering by what is not sent": (lambda it: _rows(it)["id"].update(by="name"), "numbered by one of the fields"),
    "numbering by no text": (lambda it: _rows(it)["id"].update(by=7), "numbered by one of the fields"),
}


def _rows(it: Json) -> Json:
    rows: Json = it["input"]["persons"]
    return rows


def _inner(it: Json) -> Json:
    inner: Json = _rows(it)["groups"]["coverages"]
    return inner


def _inside(it: Json) -> Json:
    inside: Json = it["input"]["investment"]["object"]
    return inside


@pytest.mark.parametrize("name", CALCULATION)
def test_a_calculation_that_names_what_is_not_there_is_refused(name: str) -> None:
    spoil, reason = CALCULATION[name]
    with pytest.raises(DefinitionRefused, match="calculation: ") as refused:
        made_up(lambda it: spoil(it["calculation"]))
    assert reason in refused.value.reason
    assert refused.value.line > 1
