"""Hypothesis strategies: contracts as advisors write them, at the limits, and broken ones."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.calculation.components import PARAMETERS

Contract = dict[str, Any]
_COVERAGES: dict[str, dict[str, Any]] = PARAMETERS["coverages"]
_ADULT = [code for code, cover in _COVERAGES.items() if cover["role"] == "adult"]
_CHILD = [code for code, cover in _COVERAGES.items() if cover["role"] == "child"]
_RATES = ["0", "2.9", "4.5", "5.25", "15", "0.01", "7", "14.99"]


def _on_grid(draw: st.DrawFn, code: str, lower: int) -> int:
    cover = _COVERAGES[code]
    step, top = cover["sum_step"], cover["sum_max"]
    shown = min(top, draw(st.sampled_from([lower, lower + 5 * step, lower * 4, top // 10, top])))
    picked = draw(st.integers(lower // step, max(lower, shown) // step)) * step
    return int(max(lower, picked))


def _line(draw: st.DrawFn, code: str, age: int, first_age: int, years: int) -> Contract | None:
    """A line within its limits, or None where the person cannot have it."""
    cover = _COVERAGES[code]
    longest = min(years, cover["end_age_max"] - age)
    if "first_insured_end_age_max" in cover:
        longest = min(longest, cover["first_insured_end_age_max"] - first_age)
    if not cover["entry_age_min"] <= age <= cover["entry_age_max"] or longest < cover["term_min"]:
        return None
    line: Contract = {"code": code, "term": draw(st.integers(cover["term_min"], longest))}
    pattern = draw(st.sampled_from(cover["sum_patterns"]))
    if pattern != "level" or draw(st.booleans()):
        line["sum_pattern"] = pattern
    if pattern == "annuity":
        line["loan_rate_pct"] = draw(st.sampled_from(_RATES))
    if cover["sum_max"] or draw(st.booleans()):
        lower = cover["sum_min"] if pattern == "level" else cover.get("sum_min_falling", cover["sum_min"])
        line["sum_insured"] = _on_grid(draw, code, lower)
    if code == "PN":
        line["waiting_days"] = draw(st.sampled_from([14, 28, 56]))
    if draw(st.integers(0, 9)) == 0:
        line["loading_pct"] = draw(st.sampled_from([0, 25, 75, 300, draw(st.integers(0, 300))]))
    return line


def _lines(draw: st.DrawFn, codes: list[str], age: int, first_age: int, years: int) -> list[Contract]:
    chosen = draw(st.lists(st.sampled_from(codes), max_size=8, unique=True))
    found = [_line(draw, code, age, first_age, years) for code in chosen]
    return [line for line in found if line is not None]


def _birth(draw: st.DrawFn, start: str, age: int) -> str:
    return f"{int(start[:4]) - age}-{draw(st.integers(1, 12)):02}-{draw(st.integers(1, 28)):02}"


def _compatible(draw: st.DrawFn, name: str) -> list[str]:
    """Codes an adult may have together; seldom all of them."""
    if draw(st.integers(0, 15)) == 0:
        return _ADULT
    alternatives = [["T1", "T4", "T8"], ["ZZ", "ZE"], ["I1", "I2", "I3"]]
    chosen = [draw(st.sampled_from(codes)) for codes in alternatives]
    others = [code for code in _ADULT if code not in {"S", "ZP", *(code for codes in alternatives for code in codes)}]
    return chosen + others + (["ZP"] if name == "D1" else [])


def _adult(draw: st.DrawFn, name: str, start: str, years: int, ages: tuple[int, int]) -> Contract:
    age, first_age = ages
    person: Contract = {"id": name, "role": "adult", "birth_date": _birth(draw, start, age)}
    optional = {
        "smoker": st.booleans(),
        "sport": st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2, 2, 3]),
        "occupation_class": st.sampled_from([1, 1, 2, 2, 3, 3, 3, 4]),
        "net_monthly_income": st.integers(0, 200_000),
        "self_employed": st.booleans(),
    }
    person |= {name: draw(part) for name, part in optional.items() if draw(st.booleans())}
    if draw(st.booleans()):
        height = draw(st.integers(150, 200))
        person |= {
            "height_cm": height,
            "weight_kg": draw(st.integers(17 * height**2 // 10000 + 1, 41 * height**2 // 10000)),
        }
    if draw(st.integers(0, 7)):
        person["net_monthly_income"] = draw(st.integers(120_000, 200_000))
    lines = _lines(draw, _compatible(draw, name), age, first_age, years)
    death = _line(draw, "S", age, first_age, years)
    if death is not None and (name == "D1" or draw(st.booleans())):
        lines.insert(draw(st.integers(0, len(lines))), death | {"sum_pattern": "level"})
    person["coverages"] = lines
    return person


def _child(draw: st.DrawFn, name: str, start: str, years: int, first_age: int) -> Contract:
    age = draw(st.integers(0, 17))
    lines = _lines(draw, [code for code in _CHILD if code != "DT"], age, first_age, years)
    injury = _line(draw, "DT", age, first_age, years)
    if injury is None:
        lines = []
    elif lines or bool(draw(st.booleans())):
        lines.insert(0, injury)
    sport = draw(st.sampled_from([0, 0, 1, 2]))
    return {"id": name, "role": "child", "birth_date": _birth(draw, start, age), "sport": sport, "coverages": lines}


def _investment(draw: st.DrawFn, payments: int, years: int) -> Contract:
    regular = draw(
        st.sampled_from([0, 3600 // payments, 1200 // payments, 500 * 12 // payments, draw(st.integers(1200, 200_000))])
    )
    extra = {
        "month": st.integers(0, 12 * years - 1),
        "sum_insured": st.sampled_from([1000, 123_457, 600_000, 5_000_000]),
    }
    extras = draw(st.lists(st.fixed_dictionaries(extra), max_size=2))
    strategy = draw(st.sampled_from(["guaranteed", "balanced", "dynamic"])) if regular or extras else None
    return {"regular": regular, "strategy": strategy, "extra": extras}


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """A contract that keeps nearly every rule: most of them can be priced."""
    start = f"{draw(st.integers(2024, 2030))}-{draw(st.integers(1, 12)):02}-01"
    first_age = draw(st.integers(18, 70))
    years = draw(st.integers(5, min(60, 80 - first_age)))
    payments = draw(st.sampled_from([12, 4, 2, 1]))
    persons = [_adult(draw, "D1", start, years, (first_age, first_age))]
    if draw(st.booleans()):
        persons.append(_adult(draw, "D2", start, years, (draw(st.integers(18, 70)), first_age)))
    children = draw(st.sampled_from([0, 0, 1, 2, 5]))
    persons += [_child(draw, f"C{j + 1}", start, years, first_age) for j in range(children)]
    contract: Contract = {
        "tariff": PARAMETERS["code"],
        "start_date": start,
        "policy_term": years,
        "payments_per_year": payments,
        "persons": persons,
    }
    if draw(st.booleans()):
        contract["payment_method"] = draw(st.sampled_from(PARAMETERS["payment_methods"]))
    if draw(st.integers(0, 3)):
        contract["investment"] = _investment(draw, payments, years)
    return contract


_ABSURD: list[Any] = [-1, 0, 1, 3, 16, 99, 301, 10**6 + 1, 10**13, 10**30, -(10**30), 1.5]
_ABSURD += [True, None, "", "x", "D1", "S", [], {}]
_OFF = [-1, 1, 5, -5, 500, 10**7]


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any JSON value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in pairs for place in [(*path, key), *_places(part, (*path, key))]]


@st.composite
def broken_contracts(draw: st.DrawFn) -> Contract:
    """A contract with one to three values changed: moved a little, made absurd, removed, doubled or added."""
    contract = copy.deepcopy(draw(contracts()))
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(_places(contract)))
        part: Any = contract
        for key in above:
            part = part[key]
        _break(draw, part, last)
        if not _places(contract):
            break
    return contract


def _break(draw: st.DrawFn, part: Any, last: Any) -> None:  # noqa: ANN401 - any JSON container and key
    how = draw(st.sampled_from(["move", "move", "code", "absurd", "remove", "double"]))
    value = part[last]
    if how == "move" and type(value) is int:
        part[last] = value + draw(st.sampled_from(_OFF))
    elif how == "code" and isinstance(part, dict) and "code" in part:
        part["code"] = draw(st.sampled_from([*_COVERAGES, "XX"]))
    elif how == "remove":
        del part[last]
    elif how == "double" and isinstance(part, list):
        part.append(copy.deepcopy(value))
    elif how == "double" and isinstance(part, dict):
        part[f"{last}_"] = value
    else:
        part[last] = draw(st.sampled_from(_ABSURD))


@st.composite
def requests(draw: st.DrawFn) -> Contract:
    """What one line of ``quote`` may hold: a contract, valid or broken, with or without a target and an indexation."""
    contract = draw(st.one_of(contracts(), contracts(), broken_contracts()))
    asked: Contract = {"input": contract}
    lines = _known_lines(contract)
    if lines and draw(st.integers(0, 2)) == 0:
        asked["target_premium"] = draw(st.sampled_from(lines)) | {"target_premium": draw(st.integers(-1, 20_000))}
    if draw(st.integers(0, 4)) == 0:
        asked["indexation"] = {"pct": draw(st.integers(0, 21)), "years": draw(st.integers(0, 40))}
    return asked


def _known_lines(contract: Contract) -> list[Contract]:
    found = []
    persons = contract.get("persons")
    for person in persons if isinstance(persons, list) else []:
        lines = person.get("coverages") if isinstance(person, dict) else None
        for line in lines if isinstance(lines, list) else []:
            if isinstance(line, dict) and "code" in line:
                pattern = line.get("sum_pattern", "level")
                found.append({"person": person.get("id"), "code": line["code"], "sum_pattern": pattern})
    return found
