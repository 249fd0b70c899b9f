"""The second reading, continued: what a quote reports over time, the health tiers, the solver."""

import copy
from fractions import Fraction
from math import floor
from typing import Any

from tests.calculation.components import PARAMETERS
from tests.calculation.reference import Contract, Life, Priced, age_of, r, text

_COVER: dict[str, Any] = PARAMETERS["coverages"]


def output(contract: Contract) -> Contract:
    """The whole ``output`` of a contract without problems."""
    priced = Priced(contract)
    years = contract["policy_term"]
    rows = zip(priced.rows, priced.instalments, strict=True)
    return {
        "entry_age": {person["id"]: age_of(contract, person) for person in contract["persons"]},
        "lines": [_line(row, instalment) for row, instalment in rows],
        "fee_instalment": text(priced.fee, 0),
        "risk_instalment": text(sum(priced.instalments, Fraction(0)), 0),
        "investment_instalment": str(priced.regular),
        "total_instalment": text(Fraction(priced.total), 0),
        "reserves": reserves(priced, years),
        "projections": {g: projection(contract, years, Fraction(g)) for g in ("0", "0.02", "0.04")},
        "bonus": {str(t): _bonus(priced, t) for t in range(5, years + 1, 5)},
        "commission": _commission(priced),
        "health": {person["id"]: health(person, age_of(contract, person)) for person in contract["persons"]},
    }


def _line(row: list[Any], instalment: Fraction) -> Contract:
    person, line, _, _, gross, d, net, _ = row
    return {
        "person": person["id"],
        "code": line["code"],
        "sum_pattern": line["sum_pattern"],
        "annual_gross": text(gross, 2),
        "discount_pct": d,
        "annual_net": text(net, 2),
        "instalment": text(instalment, 0),
    }


def reserves(priced: Priced, years: int) -> list[Contract]:
    """Σ R(V, 2), Σ R(V^Z, 2) and the risk surrender at each year's end."""
    out = []
    lives = [(row[1], row[7]) for row in priced.rows if row[7] is not None]
    for t in range(years + 1):
        values = [(line, life, *life.values(t)) for line, life in lives if t <= life.n]
        paid = [
            max(Fraction(0), zillmer)
            for line, life, _, zillmer in values
            if t < life.n and (line["code"] == "DZ" or (line["code"], line["sum_pattern"]) == ("S", "level"))
        ]
        surrender = 0 if t < 2 else floor(Fraction(95, 100) * sum(paid))
        net, zillmer = (sum((value[j] for value in values), Fraction(0)) for j in (2, 3))
        out.append({"year": t, "net": text(net, 2), "zillmer": text(zillmer, 2), "risk_surrender": str(surrender)})
    return out


def _fee(amount: int) -> Fraction:
    bands = [(0, 500_000, "0.02"), (500_000, 2_000_000, "0.01")]
    return r(sum((max(0, min(amount, top) - low) * Fraction(x) for low, top, x in bands), Fraction(0)), 2)


def projection(contract: Contract, years: int, g: Fraction) -> list[Contract]:
    """The investment account month by month."""
    investment = contract["investment"]
    charge = Fraction({"guaranteed": "0.006", "balanced": "0.012", "dynamic": "0.018"}.get(investment["strategy"], "0"))
    account, out = Fraction(0), []
    for m in range(12 * years):
        y = m // 12
        if m % (12 // contract["payments_per_year"]) == 0:
            account += r(investment["regular"] * Fraction(("0.70", "0.85", "0.99")[min(y, 2)]), 2)
        for extra in investment["extra"]:
            if extra["month"] == m:
                account += extra["sum_insured"] - _fee(extra["sum_insured"])
        account = r(account * (12 + g) / 12, 2)
        account -= r(account * charge / 12, 2)
        if m % 12 == 11:
            kept = 1 - (Fraction(6 - y, 100) if y < 5 else 0)
            out.append({"year": y + 1, "value": text(account, 2), "surrender": str(floor(account * kept))})
    return out


def _bonus(priced: Priced, t: int) -> str:
    rows = zip(priced.rows, priced.instalments, strict=True)
    paid = sum(x * priced.payments * max(0, min(row[1]["term"], t) - (t - 5)) for row, x in rows)
    return text(r(Fraction(3, 100) * paid, 0), 0)


def _commission(priced: Priced) -> str:
    annual = sum((row[6] for row in priced.rows), Fraction(0))
    return text(r(Fraction(9, 10) * annual + Fraction(2, 10) * priced.regular * priced.payments, 0), 0)


def health(person: Contract, age: int) -> Contract:
    """Tier and financial questionnaire."""
    if person["role"] == "child":
        return {"tier": 0, "financial_questionnaire": False}
    totals: dict[str, int] = {}
    for line in person["coverages"]:
        group = _COVER[line["code"]]["group"]
        totals[group] = totals.get(group, 0) + line["sum_insured"] * (120 if line["code"] == "SD" else 1)
    lower = Fraction(1) if age <= 45 else Fraction(6, 10) if age <= 55 else Fraction(3, 10)
    limits = PARAMETERS["health"]["tier_limits"].items()
    tier = max(sum(totals.get(group, 0) > limit * lower for limit in steps) for group, steps in limits)
    above = any(totals.get(group, 0) > limit for group, limit in PARAMETERS["financial_questionnaire"].items())
    return {"tier": tier, "financial_questionnaire": above}


def indexation(contract: Contract, pct: int, years: int) -> list[Contract]:
    """Tranches at each anniversary."""
    priced = Priced(contract)
    share = Fraction(PARAMETERS["payments_per_year"][str(priced.payments)])
    sums, out = [row[1]["sum_insured"] for row in priced.rows], []
    for t in range(1, years + 1):
        items, increase = [], Fraction(0)
        for j, (person, line, f, age, *_) in enumerate(priced.rows):
            indexed = line["code"] in ("S", "I1", "I2", "I3", "ZZ", "ZE") and line["sum_pattern"] == "level"
            new = min(_COVER[line["code"]]["sum_max"], int(r(Fraction(sums[j] * (100 + pct), 100), -2)))
            if not indexed or line["term"] - t < 5 or new == sums[j]:
                continue
            part = line | {"sum_insured": new - sums[j], "term": line["term"] - t}
            gross = r(Life(part, f, age + t, 0, Fraction(0), alpha=False).gross, 2)
            instalment = r(gross * share / priced.payments, 0)
            item = {"person": person["id"], "code": line["code"], "new_sum": str(new), "tranche": str(new - sums[j])}
            items.append(item | {"annual_gross": text(gross, 2), "instalment": text(instalment, 0)})
            increase, sums[j] = increase + instalment, new
        out.append({"year": t, "items": items, "instalment_increase": text(increase, 0)})
    return out


def total_with(contract: Contract, person: str, index: int, amount: int) -> int:
    """The total instalment with another sum on one line."""
    changed = copy.deepcopy(contract)
    mine = next(p for p in changed["persons"] if p["id"] == person)
    mine["coverages"][index]["sum_insured"] = amount
    return int(Priced(changed).total)
