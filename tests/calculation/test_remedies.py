"""Every problem names its place and facts, and what is offered against it removes it."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from localapp.calculation.calculator import Calculator
from tests.calculation.changes import applied
from tests.calculation.components import GOLDEN, LIBRARY
from tests.calculation.contracts import broken_contracts

Contract = dict[str, Any]
NO_REMEDY = {"first_insured_missing", "input_invalid"}
"""Nothing in the vocabulary of changes makes another person the first, or guesses a missing value."""
SOMETIMES_NONE = {
    "first_insured_end_age_exceeded",
    "level_death_cover_required",
    "child_without_permanent_injury",
    "born_after_start",
}
"""Without one where the person's age leaves no term, or for the birth date of the first person."""


def family() -> Contract:
    return copy.deepcopy(GOLDEN["W005"]["input"])


def single(**coverage: Any) -> Contract:  # noqa: ANN401 - any JSON value
    """Alena alone: 35, death 1,000,000 for 30 years, and one further line."""
    contract: Contract = copy.deepcopy(GOLDEN["W001"]["input"])
    if coverage:
        contract["persons"][0]["coverages"].append({"term": 30, **coverage})
    return contract


def with_policy(**values: Any) -> Contract:  # noqa: ANN401 - any JSON value
    return single() | values


def with_lines(*lines: Contract) -> Contract:
    contract = single()
    contract["persons"][0]["coverages"] = [{"term": 20, **line} for line in lines]
    return contract


S = {"code": "S", "sum_insured": 1_000_000}
BROKEN: dict[str, tuple[Contract, str]] = {
    "term_too_long": (single(code="SU", sum_insured=500_000, term=40), "term_out_of_range:D1.SU"),
    "term_too_short": (single(code="SU", sum_insured=500_000, term=2), "term_out_of_range:D1.SU"),
    "end_age": (single(code="I3", sum_insured=500_000, term=31), "end_age_exceeded:D1.I3"),
    "sum_low": (single(code="I3", sum_insured=10), "sum_out_of_range:D1.I3"),
    "sum_absurd": (single(code="I3", sum_insured=10**30), "sum_out_of_range:D1.I3"),
    "falling_death_below_50000": (
        single(code="S", sum_insured=49_000, sum_pattern="linear"),
        "sum_out_of_range:D1.S",
    ),
    "sum_off_step": (single(code="I3", sum_insured=55_001), "sum_off_step:D1.I3"),
    "sum_of_a_waiver": (single(code="ZP", sum_insured=10), "sum_out_of_range:D1.ZP"),
    "rate_missing": (single(code="I3", sum_insured=500_000, sum_pattern="annuity"), "loan_rate_out_of_range:D1.I3"),
    "rate_high": (
        single(code="I3", sum_insured=500_000, sum_pattern="annuity", loan_rate_pct="15.1"),
        "loan_rate_out_of_range:D1.I3",
    ),
    "rate_low": (
        single(code="I3", sum_insured=500_000, sum_pattern="annuity", loan_rate_pct="-1"),
        "loan_rate_out_of_range:D1.I3",
    ),
    "waiting_missing": (single(code="PN", sum_insured=100), "waiting_period_unknown:D1.PN"),
    "waiting_unknown": (single(code="PN", sum_insured=100, waiting_days=15), "waiting_period_unknown:D1.PN"),
    "loading": (single(code="SU", sum_insured=500_000, loading_pct=-1), "loading_out_of_range:D1.SU"),
    "pattern": (single(code="SU", sum_insured=500_000, sum_pattern="linear"), "sum_pattern_not_allowed:D1.SU"),
    "unknown": (single(code="XX", sum_insured=500_000), "unknown_coverage:D1.XX"),
    "child's": (single(code="DT", sum_insured=500_000), "coverage_not_for_role:D1.DT"),
    "twice": (single(code="S", sum_insured=500_000), "duplicate_coverage:D1.S"),
    "thrice": (with_lines(S, S, S), "duplicate_coverage:D1.S"),
    "injury": (
        with_lines(S, {"code": "T1", "sum_insured": 100_000}, {"code": "T4", "sum_insured": 100_000}),
        "more_than_one_permanent_injury:D1",
    ),
    "injuries": (
        with_lines(S, *({"code": code, "sum_insured": 100_000} for code in ("T1", "T4", "T8"))),
        "more_than_one_permanent_injury:D1",
    ),
    "disability": (
        with_lines(S, *({"code": code, "sum_insured": 100_000} for code in ("I1", "I2", "I3"))),
        "more_than_two_disability:D1",
    ),
    "illness": (
        with_lines(S, {"code": "ZZ", "sum_insured": 100_000}, {"code": "ZE", "sum_insured": 100_000}),
        "both_serious_illness:D1",
    ),
    "endowment": (with_lines({"code": "DZ", "sum_insured": 100_000}), "endowment_without_death:D1"),
    "no_death": (with_lines({"code": "SU", "sum_insured": 100_000}), "level_death_cover_required"),
    "accident": (
        with_lines(S | {"sum_insured": 110_000}, {"code": "SU", "sum_insured": 2_000_000}),
        "accidental_death_ratio_exceeded:D1",
    ),
    "sick_leave": (single(code="PN", sum_insured=2000, waiting_days=14), "sick_leave_exceeds_income:D1"),
    "frequency": (with_policy(payments_per_year=3), "unknown_payment_frequency"),
    "method": (with_policy(payment_method="cash"), "unknown_payment_method"),
    "policy_short": (with_policy(policy_term=1), "policy_term_out_of_range"),
    "policy_long": (with_policy(policy_term=61), "policy_term_out_of_range"),
    "policy_absurd": (with_policy(policy_term=-(10**30)), "policy_term_out_of_range"),
    "end_of_policy": (with_policy(policy_term=50), "first_insured_end_age_exceeded"),
    "investment": (
        with_policy(investment={"regular": 99, "strategy": "dynamic", "extra": []}),
        "investment_below_minimum",
    ),
    "no_strategy": (with_policy(investment={"regular": 500}), "unknown_strategy"),
    "extra_small": (
        with_policy(investment={"strategy": "dynamic", "extra": [{"month": 1, "sum_insured": 999}]}),
        "extra_premium_invalid",
    ),
    "extra_late": (
        with_policy(investment={"strategy": "dynamic", "extra": [{"month": 360, "sum_insured": 9999}]}),
        "extra_premium_invalid",
    ),
    "minimum": (with_lines(S | {"sum_insured": 10_000}), "premium_below_minimum"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_offered_remedy_removes_its_problem(calculator: Calculator, name: str) -> None:
    contract, problem = BROKEN[name]
    found = [detail for detail in calculator.model(contract)["details"] if detail["problem"] == problem]
    assert found
    assert all(detail["remedies"] for detail in found)
    for remedy in [remedy for detail in found for remedy in detail["remedies"]]:
        assert problem not in calculator.model(applied(contract, remedy["changes"]))["problems"], remedy


@settings(max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(contract=broken_contracts())
def test_remedies_of_any_broken_contract_remove_their_problem(calculator: Calculator, contract: Contract) -> None:
    answer = calculator.model(contract)
    assert answer["problems"] == sorted({detail["problem"] for detail in answer["details"]})
    for detail in answer["details"]:
        assert detail["remedies"] or detail["code"] in NO_REMEDY | SOMETIMES_NONE
        same_place = [other for other in answer["details"] if other["problem"] == detail["problem"]]
        for remedy in detail["remedies"]:
            after = calculator.model(applied(contract, remedy["changes"]))["problems"]
            assert len(same_place) > 1 or detail["problem"] not in after, (detail, remedy)


def test_an_end_beyond_the_limit_offers_the_longest_term_that_fits(calculator: Calculator) -> None:
    detail = calculator.model(GOLDEN["E005"]["input"])["details"][0]
    assert (detail["facts"]["value"], detail["facts"]["limit"]) == (66, 65)
    assert detail["remedies"][0]["id"] == "shorten_term"
    assert detail["remedies"][0]["changes"][0]["value"] == 29


def test_a_sum_off_the_grid_is_refused_with_both_neighbours(calculator: Calculator) -> None:
    detail = calculator.model(single(code="I3", sum_insured=55_001))["details"][0]
    assert [remedy["changes"][0]["value"] for remedy in detail["remedies"]] == [50_000, 60_000]


def test_a_premium_below_the_minimum_is_topped_up_by_the_exact_missing_amount(calculator: Calculator) -> None:
    contract = with_lines(S | {"sum_insured": 400_000})
    detail = calculator.model(contract)["details"][0]
    mended = applied(contract, detail["remedies"][0]["changes"])
    assert detail["facts"]["missing"] == 300 - detail["facts"]["value"]
    assert calculator.model(mended)["output"]["total_instalment"] == "300"


def test_a_second_fault_on_another_line_of_the_same_kind_has_its_own_place(calculator: Calculator) -> None:
    contract = with_lines(S, S | {"sum_insured": 1}, S | {"sum_insured": 2, "sum_pattern": "linear"})
    answer = calculator.model(contract)
    places = [detail["place"]["line"] for detail in answer["details"] if detail["code"] == "sum_out_of_range"]
    assert answer["problems"].count("sum_out_of_range:D1.S") == 1
    assert places == [1, 2]


def test_the_form_gets_the_premium_without_values_over_time(calculator: Calculator) -> None:
    answer = calculator.model(family())
    full = GOLDEN["W005"]["output"]
    assert answer == {
        "problems": [],
        "details": [],
        "output": {key: full[key] for key in full if key not in {"reserves", "projections", "bonus", "commission"}},
    }


def test_the_library_names_its_codes_once() -> None:
    assert LIBRARY.code == "FLEXI-DEMO-2026.1"
    assert (LIBRARY.name, LIBRARY.version) == ("flexi-demo", "2026.1")
