"""The shape of a contract before it is calculated: SPEC, "Shapes". Nothing here knows a limit of the tariff.

What has a wrong type, is missing, unknown or absurd is ``input_invalid``; what is well-formed but not allowed (a term
of 100 years, a payment frequency of 3, a sum of 10**30) is left to the formulas, which have a problem code for it.
Where the specification has no such code the shape decides: occupation class 1–4, sport 0–3, role, another tariff's
code, a person named twice, a negative income, weight or regular investment, a height below 1, an investment beyond
10**12, a loan rate with more than 10 decimals, more than 200 persons or 2,000 lines.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Check = Callable[[Any, str], Any]

MONEY_MAX = 10**12
_CLAMP = 10**15
_PERSONS_MAX = 200
_LINES_MAX = 2000
_TEXT_MAX = 80
_LOAN_RATE = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,40})?", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class ShapeError(ValueError):
    """The input is not of the contract's shape. ``path`` names the place, e.g. ``persons[0].birth_date``."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Missing:
    """A field without a value that has no default."""


REQUIRED = _Missing()


def contract(value: object, tariff: str) -> dict[str, Any]:
    """The contract with every default filled in, ready for the formulas. Raises ShapeError."""
    checked = _fields(_CONTRACT, value, "")
    if checked["tariff"] != tariff:
        raise ShapeError("tariff")
    ids = [person["id"] for person in checked["persons"]]
    if len(set(ids)) != len(ids):
        raise ShapeError("persons")
    if sum(len(person["coverages"]) for person in checked["persons"]) > _LINES_MAX:
        raise ShapeError("persons")
    return checked


def target(value: object) -> dict[str, Any] | str | None:
    """The asked target premium; None when not asked, "invalid" of a wrong type."""
    return _asked(_TARGET, value)


def indexation(value: object) -> dict[str, Any] | str | None:
    """The asked indexation; None when not asked, "invalid" of a wrong type."""
    return _asked(_INDEXATION, value)


def _asked(fields: "Fields", value: object) -> dict[str, Any] | str | None:
    if value is None:
        return None
    known = {name: part for name, part in value.items() if name in fields} if isinstance(value, dict) else value
    try:
        return _fields(fields, known, "")
    except ShapeError:
        return "invalid"


def _integer(value: object, path: str) -> int:
    """A JSON integer; one beyond the worker's 64 bits is as far out of range as 10**15."""
    if type(value) is not int:
        raise ShapeError(path)
    return max(-_CLAMP, min(_CLAMP, value))


def _between(lower: int, upper: int) -> Check:
    def check(value: object, path: str) -> int:
        number = _integer(value, path)
        if not lower <= number <= upper:
            raise ShapeError(path)
        return number

    return check


def _flag(value: object, path: str) -> bool:
    if type(value) is not bool:
        raise ShapeError(path)
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _TEXT_MAX or not value.isprintable():
        raise ShapeError(path)
    return value


def _one_of(*allowed: str) -> Check:
    def check(value: object, path: str) -> str:
        if value not in allowed:
            raise ShapeError(path)
        return str(value)

    return check


def _day(value: object, path: str) -> str:
    """A calendar day as YYYY-MM-DD."""
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise ShapeError(path)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ShapeError(path) from None


def _loan_rate(value: object, path: str) -> str:
    """A percentage as plain decimal text; given as text or as a JSON number."""
    plain = isinstance(value, Decimal) and value.is_finite() and -50 <= value.adjusted() <= 6
    text = format(value, "f") if plain else str(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)) or not _LOAN_RATE.fullmatch(text):
        raise ShapeError(path)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text.partition(".")[2]) > 10:
        raise ShapeError(path)
    return text


def _text_or_none(value: object, path: str) -> str | None:
    return None if value is None else _text(value, path)


def _list_of(fields: "Fields", most: int) -> Check:
    def check(value: object, path: str) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) > most:
            raise ShapeError(path)
        return [_fields(fields, item, f"{path}[{j}].") for j, item in enumerate(value)]

    return check


def _object(fields: "Fields") -> Check:
    return lambda value, path: _fields(fields, value, f"{path}.")


Fields = Mapping[str, tuple[Check, Any]]


def _fields(fields: Fields, value: object, path: str) -> dict[str, Any]:
    """The object's fields, each checked, defaults for the absent. Raises ShapeError."""
    if not isinstance(value, dict):
        raise ShapeError(path.rstrip(".") or "input")
    if not value.keys() <= fields.keys():
        raise ShapeError(path + min(value.keys() - fields.keys())[:_TEXT_MAX])
    out = {}
    for name, (check, default) in fields.items():
        if name in value:
            out[name] = check(value[name], path + name)
        elif default is REQUIRED:
            raise ShapeError(path + name)
        else:
            out[name] = default
    if "sum_insured" in out and out["sum_insured"] is None:
        if value.get("code") not in _WITHOUT_SUM:
            raise ShapeError(path + "sum_insured")
        out["sum_insured"] = 0
    return out


_WITHOUT_SUM = ("ZP", "DP")
_COVERAGE: Fields = {
    "code": (_text, REQUIRED),
    "sum_insured": (_integer, None),
    "term": (_integer, REQUIRED),
    "sum_pattern": (_text, "level"),
    "loan_rate_pct": (_loan_rate, None),
    "loading_pct": (_integer, 0),
    "waiting_days": (_integer, None),
}
_PERSON: Fields = {
    "id": (_text, REQUIRED),
    "role": (_one_of("adult", "child"), REQUIRED),
    "birth_date": (_day, REQUIRED),
    "coverages": (_list_of(_COVERAGE, _LINES_MAX), REQUIRED),
    "smoker": (_flag, False),
    "sport": (_between(0, 3), 0),
    "occupation_class": (_between(1, 4), 1),
    "height_cm": (_between(1, 10**6), None),
    "weight_kg": (_between(0, 10**6), None),
    "net_monthly_income": (_between(0, _CLAMP), 0),
    "self_employed": (_flag, False),
}
_EXTRA: Fields = {"month": (_integer, REQUIRED), "sum_insured": (_between(-_CLAMP, MONEY_MAX), REQUIRED)}
_INVESTMENT: Fields = {
    "regular": (_between(0, MONEY_MAX), 0),
    "strategy": (_text_or_none, None),
    "extra": (_list_of(_EXTRA, 1000), ()),
}
_CONTRACT: Fields = {
    "tariff": (_text, REQUIRED),
    "start_date": (_day, REQUIRED),
    "policy_term": (_integer, REQUIRED),
    "payments_per_year": (_integer, REQUIRED),
    "payment_method": (_text, "transfer"),
    "persons": (_list_of(_PERSON, _PERSONS_MAX), REQUIRED),
    "investment": (_object(_INVESTMENT), {"regular": 0, "strategy": None, "extra": ()}),
}
_TARGET: Fields = {
    "person": (_text, REQUIRED),
    "code": (_text, REQUIRED),
    "sum_pattern": (_text, "level"),
    "target_premium": (_integer, REQUIRED),
}
_INDEXATION: Fields = {"pct": (_integer, REQUIRED), "years": (_integer, REQUIRED)}
