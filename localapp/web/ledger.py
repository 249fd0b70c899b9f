"""The premium as the page shows it: the parts of one instalment, and what discounts do to the year. Both add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from localapp.domain.premium import Breakdown, breakdown
from localapp.web.editing import Opened

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Discount:
    """One discount: its name among the texts, its percentage and what it saves in a year."""

    name: str
    percentage: int
    amount: Decimal


@dataclass(frozen=True)
class Year:
    """A year's premium in CZK before and after discounts, as the tariff computes it before it is split."""

    before: Decimal
    discounts: tuple[Discount, ...]
    after: Decimal


@dataclass(frozen=True)
class Premium:
    """The summary of the premium. ``stale_since`` means: the last valid one, not of what is typed now."""

    parts: Breakdown | None
    lines: Mapping[tuple[str, int], str]
    payments_per_year: int
    stale_since: str | None = None  # ISO moment
    method_fee: Decimal = _NOTHING
    year: Year | None = None

    @property
    def covers(self) -> Decimal:
        """What all persons pay together in one instalment."""
        return sum(self.parts.persons.values(), _NOTHING) if self.parts else _NOTHING

    @property
    def policy_fee(self) -> Decimal:
        """The fee without what the method of payment adds to it."""
        return self.parts.fee - self.method_fee if self.parts else _NOTHING


def premium_of(opened: Opened) -> Premium:
    """The premium of what is typed now, else the last valid one, else none."""
    frequency = opened.assessment.evaluation.value("payment.payments_per_year")
    payments = frequency if isinstance(frequency, int) else 12
    output = opened.assessment.output
    if output is not None:
        method = opened.assessment.mapped.input.get("payment_method")
        return _of(opened, output, payments, method, _lines(output), None)
    if opened.last_quote:
        quote = opened.last_quote
        method = quote.get("payment_method")
        return _of(opened, quote["output"], int(quote["payments_per_year"]), method, {}, str(quote["at"]))
    return Premium(None, {}, payments)


def _of(
    opened: Opened,
    output: Mapping[str, Any],
    payments: int,
    method: object,
    lines: Mapping[tuple[str, int], str],
    stale_since: str | None,
) -> Premium:
    parameters = opened.assessor.calculator.library.parameters
    method_fee = Decimal(parameters["postal_order_fee"]) if method == "postal_order" else _NOTHING
    year = _year(output, parameters["discounts"])
    return Premium(breakdown(output, payments), lines, payments, stale_since, method_fee, year)


def _year(output: Mapping[str, Any], rules: Mapping[str, Any]) -> Year:
    """The tariff rounds the discounts of a line together; what rounding leaves belongs to the last of them."""
    saved: dict[tuple[str, int], Decimal] = {}
    before = after = _NOTHING
    for line in output["lines"]:
        gross, net = Decimal(line["annual_gross"]), Decimal(line["annual_net"])
        before, after = before + gross, after + net
        left = gross - net
        kinds = _kinds(int(line["discount_pct"]), rules)
        for number, kind in enumerate(kinds, 1):
            share = (gross * kind[1] / 100).quantize(_CENT, ROUND_HALF_UP) if number < len(kinds) else left
            saved[kind] = saved.get(kind, _NOTHING) + share
            left -= share
    return Year(before, tuple(Discount(*kind, amount) for kind, amount in sorted(saved.items())), after)


def _kinds(percentage: int, rules: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Which discounts make up a line's percentage; one that none explains has no name of its own."""
    kinds = [("complex", int(rules["complex_cover_pct"])), ("family", int(rules["family_pct"]))]
    for some in ([], kinds, kinds[:1], kinds[1:]):
        if sum(points for _, points in some) == percentage:
            return some
    return [("other", percentage)]


def _lines(output: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    """The instalment of each line by person and position, as the input had them."""
    counts: dict[str, int] = {}
    found = {}
    for line in output["lines"]:
        person = str(line["person"])
        found[person, counts.get(person, 0)] = str(line["instalment"])
        counts[person] = counts.get(person, 0) + 1
    return found
