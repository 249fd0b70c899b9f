"""The parts of a premium that the page shows add up to its total."""

from decimal import Decimal
from typing import Any

import pytest

from localapp.domain.premium import breakdown
from tests.calculation.components import GOLDEN

PRICED = [(case["input"], case["output"]) for case in GOLDEN.values() if case.get("output")]


def line(person: str, instalment: str, discount: int = 0, gross: str = "0", net: str = "0") -> dict[str, Any]:
    return {
        "person": person,
        "instalment": instalment,
        "discount_pct": discount,
        "annual_gross": gross,
        "annual_net": net,
    }


def output(*lines: dict[str, Any], fee: str = "30", investment: str = "0", total: str = "0") -> dict[str, Any]:
    return {"lines": list(lines), "fee_instalment": fee, "investment_instalment": investment, "total_instalment": total}


@pytest.mark.parametrize(
    ("asked", "priced"), PRICED, ids=[case["id"] for case in GOLDEN.values() if case.get("output")]
)
def test_persons_fee_and_investment_add_up_to_the_total(asked: dict[str, Any], priced: dict[str, Any]) -> None:
    found = breakdown(priced, asked["payments_per_year"])
    assert sum(found.persons.values()) + found.fee + found.investment == found.total
    assert sum(found.persons.values()) == Decimal(priced["risk_instalment"])
    assert list(found.persons) == list(dict.fromkeys(each["person"] for each in priced["lines"]))


def test_the_lines_of_one_person_are_one_amount() -> None:
    found = breakdown(output(line("D1", "100"), line("C1", "20"), line("D1", "5"), total="155"), 12)
    assert found.persons == {"D1": Decimal(105), "C1": Decimal(20)}


@pytest.mark.parametrize(("payments", "monthly"), [(12, 3001), (4, 1000), (2, 500), (1, 250)])
def test_what_it_comes_to_a_month_is_rounded_half_up(payments: int, monthly: int) -> None:
    assert breakdown(output(total="3001"), payments).monthly == monthly
    assert breakdown(output(total="6"), 1).monthly == 1


def test_a_discount_is_what_its_lines_save_in_a_year() -> None:
    lines = [
        line("D1", "1", 5, "100.10", "95.10"),
        line("D2", "1", 8, "50.00", "46.00"),
        line("C1", "1", 5, "10", "9.50"),
    ]
    found = breakdown(output(*lines, line("D1", "1")), 12)
    assert found.discounts == {8: Decimal("4.00"), 5: Decimal("5.50")}
    assert list(found.discounts) == [8, 5]


def test_an_offer_without_lines_has_its_fee_only() -> None:
    found = breakdown(output(total="30"), 12)
    assert (found.persons, found.fee, found.total, found.discounts) == ({}, Decimal(30), Decimal(30), {})
