"""A small made-up form that has one of everything, for tests to fill in and to break."""

import copy
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.parser import parse_form

TODAY = date(2026, 11, 25)
FILE = "made-up/1/form.json"
Json = dict[str, Any]
ADULT = {"value": "adult", "label": {"cs": "Dospělý", "en": "Adult"}}
CHILD = {"value": "child", "label": {"cs": "Dítě", "en": "Child"}}
CATALOGUES: Mapping[str, Any] = {
    "covers": {
        "S": {"name": {"cs": "Smrt", "en": "Death"}, "patterns": ["level", "linear"]},
        "U": {"name": {"cs": "Úraz", "en": "Accident"}, "patterns": ["level"]},
    }
}


def label(text: str) -> Json:
    return {"cs": text, "en": text}


def field(field_id: str, kind: str = "text", **more: Any) -> Json:  # noqa: ANN401 - any key of a field
    return {"id": field_id, "type": kind, "label": label(field_id), **more}


def check(check_id: str, when: str, at: str, level: str = "error") -> Json:
    return {"id": check_id, "when": when, "at": at, "level": level, "text": label(check_id)}


def _client() -> Json:
    fields = [
        field("last_name", required=True, longest=40, export="client.last_name"),
        field("remark", "note", longest=300),
        field("birth_number", "birth_number"),
        field(
            "birth_date",
            "date",
            past=True,
            required=True,
            computed_if="answered(client.birth_number)",
            computed="birth_date_of(client.birth_number)",
        ),
        field("email", "email"),
        field("phone", "phone"),
        field("postal_code", "postal_code"),
        field("weight", "integer", sensitive="rating", min=30, max=300, export="health.weight"),
        field("agrees", "boolean", sensitive="consent"),
    ]
    return {"id": "client", "label": label("Klient"), "fields": fields}


def _policy() -> Json:
    fields = [
        field("start", "date", required=True, default="first_of_next_month", sensitive="occasion_date"),
        field("term", "integer", required=True, default=30, min=1, max=60, unit=label("let")),
        field("loan", "boolean", default=False),
        field("rate", "decimal", visible_if="policy.loan", required=True),
        field("regular", "money", default=0, hint=label("nebo nic")),
    ]
    return {"id": "policy", "label": label("Smlouva"), "fields": fields}


def _people() -> Json:
    fields = [
        field("role", "choice", required=True, fixed=True, options=[ADULT, CHILD]),
        field("name", required=True, computed_if="row._number == 1", computed="client.last_name"),
        field("born", "date", past=True),
        field("age", "integer", computed="year(policy.start) - year(row.born)"),
        field("smoker", "boolean", sensitive="rating", default=False, visible_if="row.role == 'adult'"),
        field("illness", "note", sensitive="health"),
        field("signed_on", "date", sensitive="signature"),
    ]
    return {
        "id": "people",
        "label": label("Osoba"),
        "min": 1,
        "max": 3,
        "added_by": "role",
        "starts_with": [{"role": "adult", "covers": [{"code": "S", "years": 20}]}],
        "fields": fields,
        "checks": [check("too_old", "row.age > 70", "born", "warning")],
        "groups": [_covers()],
    }


def _covers() -> Json:
    patterns = [{"value": each, "label": label(each)} for each in ("level", "linear", "annuity")]
    fields = [
        field("code", "choice", required=True, fixed=True, options_from={"catalogue": "covers"}),
        field("amount", "money", required=True, min=1000, visible_if="row.code != 'Z'"),
        field("years", "integer", required=True, default_from="policy.term"),
        field(
            "pattern",
            "choice",
            default="level",
            options=patterns,
            options_from={"catalogue": "covers", "key": "code", "list": "patterns"},
        ),
        field("loading", "integer", sensitive="rating", required_if="row.amount > 1000000"),
    ]
    longer = check("longer_than_policy", "row.years > policy.term", "years")
    return {"id": "covers", "label": label("Krytí"), "max": 2, "added_by": "code", "fields": fields, "checks": [longer]}


def _calculation() -> Json:
    people = {
        "each": "people",
        "id": {"by": "role", "letters": {"adult": "D", "child": "C"}},
        "fields": ["role", "born", "smoker"],
        "groups": {"coverages": {"each": "covers", "fields": ["code", "amount", "years", "pattern", "loading"]}},
    }
    extra = {"each": "extras", "fields": ["month", "amount"]}
    given = {
        "tariff": {"value": "MADE-UP"},
        "start": {"from": "policy.start"},
        "term": {"from": "policy.term"},
        "persons": people,
        "investment": {"object": {"regular": {"from": "policy.regular", "default": 0}, "extra": extra}},
    }
    return {"library": "made-up", "version": "1", "input": given}


MADE_UP: Json = {
    "format": "smartform/1",
    "name": "made-up",
    "version": "1",
    "kind": "offer",
    "label": label("Vymyšlený"),
    "client": {"last_name": "client.last_name", "phone": "client.phone"},
    "sections": [
        _client(),
        _policy(),
        {"id": "insured", "label": label("Osoby"), "shows": ["people", "people.covers", "extras"]},
        {"id": "summary", "label": label("Kontrola"), "summary": True},
    ],
    "groups": [
        _people(),
        {
            "id": "extras",
            "label": label("Mimořádné"),
            "max": 4,
            "fields": [field("month", "integer", required=True), field("amount", "money", required=True)],
        },
    ],
    "checks": [check("start_passed", "policy.start <= today", "policy.start")],
    "calculation": _calculation(),
}


def text_of(change: Callable[[Json], object] | None = None) -> str:
    """The made-up form as a file's text, after a change."""
    form = copy.deepcopy(MADE_UP)
    if change:
        change(form)
    return json.dumps(form, ensure_ascii=False, indent=1)


def made_up(change: Callable[[Json], object] | None = None) -> FormDefinition:
    """The made-up form, after a change."""
    return parse_form(text_of(change), FILE)


def parts(form: Json) -> dict[str, Json]:
    """Every section, group, field and check of a form by its id; later ones of the same id win."""
    found: dict[str, Json] = {part["id"]: part for part in form["checks"]}
    for owner in [*form["sections"], *form["groups"], *form["groups"][0]["groups"]]:
        found[owner["id"]] = owner
        for part in [*owner.get("fields", []), *owner.get("checks", [])]:
            found[part["id"]] = part
    return found


def at(found: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any JSON value
    for step in path:
        found = found[step]
    return found


def _places(found: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [path, *(place for name, part in inner for place in _places(part, (*path, name)))]


PLACES = _places(MADE_UP)[1:]
