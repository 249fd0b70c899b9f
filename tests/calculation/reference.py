"""A second reading of the specification, in exact fractions: premiums and values. It shares no line with the formulas.

Slow and plain on purpose. It expects a complete contract (``shapes.contract``) without problems.
"""

from fractions import Fraction
from math import floor
from typing import Any

from tests.calculation.components import LIBRARY, PARAMETERS

Contract = dict[str, Any]
_COVER: dict[str, Any] = PARAMETERS["coverages"]
_TABLE = {
    name.removeprefix("tables/").removesuffix(".csv"): [Fraction(row.split(",")[1]) for row in text.split()[1:]]
    for name, text in LIBRARY.files.items()
    if name.startswith("tables/")
}
_V = 1 / (1 + Fraction(PARAMETERS["technical_interest_rate"]))
_WAIVERS = ("ZP", "DP")


def r(x: Fraction, places: int) -> Fraction:
    """R(x, n): half up, ties away from zero."""
    scale = Fraction(10) ** places
    whole = floor(abs(x) * scale + Fraction(1, 2))
    return whole / scale if x >= 0 else -whole / scale


def text(x: Fraction, places: int) -> str:
    """Money on the wire."""
    scaled = abs(x) * 10**places
    assert scaled.denominator == 1
    digits = str(scaled.numerator).rjust(places + 1, "0")
    sign = "-" if x < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def annuity(m: int) -> Fraction:
    """ä(m)."""
    return sum((_V**j for j in range(m)), Fraction(0))


def age_of(contract: Contract, person: Contract) -> int:
    """Insurance age."""
    return int(contract["start_date"][:4]) - int(person["birth_date"][:4])


def factor(person: Contract, line: Contract) -> Fraction:
    """f of a line."""
    f = Fraction(100 + line["loading_pct"], 100)
    group, tables = _COVER[line["code"]]["group"], PARAMETERS["factors"]
    if group == "waiver":
        return f
    if person["smoker"]:
        f *= Fraction(tables["smoker"].get(group, "1"))
    f *= Fraction(tables["occupation_class"].get(group, ["1"] * 4)[person["occupation_class"] - 1])
    f *= Fraction(tables["sport"].get(group, ["1"] * 4)[person["sport"]])
    if group in ("death", "disability", "serious_illness") and person["height_cm"] and person["weight_kg"] is not None:
        bmi = r(Fraction(person["weight_kg"] * 10**4, person["height_cm"] ** 2), 1)
        f *= next(Fraction(x) for low, high, x in tables["bmi"]["bands"] if Fraction(low) <= bmi <= Fraction(high))
    return f


def benefit(line: Contract, n: int, k: int, waived: Fraction) -> Fraction:
    """S_k."""
    if line["code"] in _WAIVERS:
        return waived * annuity(n - k - 1)
    s = Fraction(line["sum_insured"])
    if line["code"] == "SD":
        return r(12 * s * annuity(max(1, n - k - 1)), 2)
    rate = Fraction(line["loan_rate_pct"] or 0)
    if line["sum_pattern"] == "level":
        return s
    if line["sum_pattern"] == "linear" or rate == 0:
        return r(s * (n - k) / n, 0)
    rho = 1 + rate / 100
    return r(s * (rho**n - rho**k) / (rho**n - 1), 0)


class Life:
    """One life-type line: gross premium and the values per survivor."""

    def __init__(
        self, line: Contract, f: Fraction, age: int, first_age: int, waived: Fraction, *, alpha: bool = True
    ) -> None:
        code, cover = line["code"], _COVER[line["code"]]
        self.n = n = line["term"]
        x = first_age if code == "DP" else age
        loading = {name: Fraction(cover[name]) for name in ("alpha", "beta", "gamma", "delta")}
        alive, incidence, survivors = Fraction(1), [], [Fraction(1)]
        for k in range(n):
            sick = Fraction(0)
            if code != "DZ":
                sick = min(Fraction(999999, 10**6), r(_TABLE[cover["table"]][x + k] * f, 8))
            q = _TABLE["q"][x + k]
            leaves = sick if code in ("S", "SD", "DP") else q if code == "DZ" else q + sick
            alive = max(Fraction(0), alive * (1 - leaves))
            incidence.append(sick)
            survivors.append(alive)
        sums = [benefit(line, n, k, waived) for k in range(n)]
        self.paid = [sums[k] * incidence[k] * survivors[k] * _V ** (k + 1) for k in range(n)]
        self.living = [survivors[k] * _V**k for k in range(n)]
        self.at_end = sums[0] * survivors[n] * _V**n if code == "DZ" else Fraction(0)
        self.last = sums[0] if code == "DZ" else Fraction(0)
        self.share, self.alpha = 1 + loading["delta"], loading["alpha"] if alpha else Fraction(0)
        gamma = loading["gamma"] * sum(sums[k] * self.living[k] for k in range(n))
        self.A, self.B = sum(self.living), sum(self.paid) + self.at_end
        self.gross = (self.B * self.share + gamma) / (self.A * (1 - loading["beta"]) - self.alpha)

    def values(self, t: int) -> tuple[Fraction, Fraction]:
        """R(V, 2) and R(V^Z, 2) at the end of year t."""
        if t == self.n:
            return self.last, self.last
        a, b = sum(self.living[t:]), sum(self.paid[t:]) + self.at_end
        net = (b * self.share - self.B * self.share / self.A * a) / self.living[t]
        return r(net, 2), r(net - self.alpha * self.gross * (a / self.living[t]) / self.A, 2)


def rate_gross(line: Contract, f: Fraction, age: int) -> Fraction:
    """G of a rate line."""
    cover = _COVER[line["code"]]
    rate: Any = cover["rate"]
    if isinstance(rate, dict):
        rate = rate[str(line["waiting_days"])]
    if isinstance(rate, list):
        rate = rate[next(j for j, (low, high) in enumerate(PARAMETERS["age_bands"]) if low <= age <= high)]
    return r(Fraction(line["sum_insured"], cover["unit"]) * Fraction(rate) * f, 2)


def discount(contract: Contract, person: Contract) -> int:
    """Discount in percent."""
    codes = {line["code"] for line in person["coverages"]}
    groups = {_COVER[code]["group"] for code in codes}
    death = sum(line["sum_insured"] for line in person["coverages"] if line["code"] == "S")
    covered = {"disability", "serious_illness"} <= groups and codes & {"T1", "T4", "T8"} and codes & {"PN", "HO"}
    family = sum(1 for p in contract["persons"] if p["coverages"]) >= 3
    return (5 if person["role"] == "adult" and death >= 100_000 and covered else 0) + (3 if family else 0)


class Priced:
    """A contract's lines with premiums: [person, line, f, age, G, discount, P, Life or None]."""

    def __init__(self, contract: Contract) -> None:
        self.contract, self.payments = contract, contract["payments_per_year"]
        self.first_age = age_of(contract, contract["persons"][0])
        self.regular = contract["investment"]["regular"]
        self.rows = [
            self._row(person, line, Fraction(0)) for person in contract["persons"] for line in person["coverages"]
        ]
        plain = [row for row in self.rows if row[1]["code"] not in _WAIVERS]
        for j, row in enumerate(self.rows):
            if row[1]["code"] == "ZP":
                waived = sum((o[6] for o in plain), Fraction(self.regular * self.payments))
                self.rows[j] = self._row(row[0], row[1], waived)
            elif row[1]["code"] == "DP":
                waived = sum((o[6] for o in plain if o[0] is row[0]), Fraction(0))
                self.rows[j] = self._row(row[0], row[1], waived)
        share = Fraction(PARAMETERS["payments_per_year"][str(self.payments)])
        self.instalments = [max(Fraction(1), r(row[6] * share / self.payments, 0)) for row in self.rows]
        postal = 15 if contract["payment_method"] == "postal_order" else 0
        self.fee = Fraction(30 * 12, self.payments) + postal
        self.total = sum(self.instalments) + self.fee + self.regular

    def _row(self, person: Contract, line: Contract, waived: Fraction) -> list[Any]:
        f, age, life = factor(person, line), age_of(self.contract, person), None
        if _COVER[line["code"]]["pricing"] == "life":
            life = Life(line, f, age, self.first_age, waived)
            gross = r(life.gross, 2)
        else:
            gross = rate_gross(line, f, age)
        d = 0 if line["code"] in ("DZ", *_WAIVERS) else discount(self.contract, person)
        return [person, line, f, age, gross, d, r(gross * (100 - d) / 100, 2), life]
