"""What a premium is made of, so that the lines shown add up. Source: flexi/SPEC.md, "From lines to the premium"."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Breakdown:
    """Amounts of one instalment in CZK, and the yearly discounts by percentage."""

    persons: dict[str, Decimal]
    fee: Decimal
    investment: Decimal
    total: Decimal
    discounts: dict[int, Decimal]
    monthly: Decimal


def breakdown(output: Mapping[str, Any], payments_per_year: int) -> Breakdown:
    """The parts of a premium; persons, fee and investment add up to the total."""
    persons: dict[str, Decimal] = {}
    for line in output["lines"]:
        persons[line["person"]] = persons.get(line["person"], Decimal(0)) + Decimal(line["instalment"])
    total = Decimal(output["total_instalment"])
    return Breakdown(
        persons=persons,
        fee=Decimal(output["fee_instalment"]),
        investment=Decimal(output["investment_instalment"]),
        total=total,
        discounts=_discounts(output),
        monthly=(total * payments_per_year / 12).quantize(Decimal(1), ROUND_HALF_UP),
    )


def _discounts(output: Mapping[str, Any]) -> dict[int, Decimal]:
    """Yearly discount by percentage of the line; what each line saves is the difference of its two annual amounts."""
    found: dict[int, Decimal] = {}
    for line in output["lines"]:
        percentage = int(line["discount_pct"])
        if percentage:
            saved = Decimal(line["annual_gross"]) - Decimal(line["annual_net"])
            found[percentage] = found.get(percentage, Decimal(0)) + saved.quantize(_CENT)
    return dict(sorted(found.items(), reverse=True))
