"""Golden cases, the judge and the second reading."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from localapp.calculation import shapes
from localapp.calculation.calculator import Calculator
from localapp.calculation.golden import first_difference, run_golden
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from tests.calculation import reference_values
from tests.calculation.components import GOLDEN, LIBRARY, PARAMETERS
from tests.calculation.contracts import contracts
from tests.calculation.judge import Judge

Contract = dict[str, Any]
QUIET = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def test_every_golden_case_is_met_in_every_field() -> None:
    with Sandbox() as sandbox:
        report = run_golden(LIBRARY, sandbox)
    assert report.failed == []
    assert report.passed == 72


def test_a_golden_case_that_differs_is_named_with_its_place() -> None:
    files = dict(LIBRARY.files)
    files["golden.jsonl"] = files["golden.jsonl"].replace('"annual_gross":"5571.60"', '"annual_gross":"5571.61"', 1)
    with Sandbox() as sandbox:
        report = run_golden(CalculationLibrary(LIBRARY.folder, LIBRARY.manifest, files), sandbox)
    assert report.failed == [("W001", ".output.lines[0].annual_gross")]
    assert not report.all_passed


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_judge_gives_the_golden_answers_too(judge: Judge, name: str) -> None:
    case = GOLDEN[name]
    answer = judge.quote(case["input"], case.get("target_premium"), case.get("indexation"))
    assert first_difference({key: case[key] for key in answer}, answer) is None


@pytest.mark.parametrize("name", [name for name, case in GOLDEN.items() if case["output"]])
def test_the_second_reading_gives_the_golden_values(name: str) -> None:
    case = GOLDEN[name]
    contract = shapes.contract(case["input"], LIBRARY.code)
    assert first_difference(case["output"], reference_values.output(contract)) is None
    if case["indexation_output"]:
        indexed = reference_values.indexation(contract, **case["indexation"])
        assert first_difference(case["indexation_output"], indexed) is None


@QUIET
@given(contract=contracts())
def test_exact_fractions_confirm_every_figure(calculator: Calculator, contract: Contract) -> None:
    asked = {"pct": 7, "years": contract["policy_term"]}
    answer = calculator.quote(contract, indexation=asked)
    assume(answer["output"] is not None)
    complete = shapes.contract(contract, LIBRARY.code)
    assert first_difference(reference_values.output(complete), answer["output"]) is None
    assert first_difference(reference_values.indexation(complete, **asked), answer["indexation_output"]) is None


@st.composite
def extreme_contracts(draw: st.DrawFn) -> Contract:
    """The largest sums, loadings and investments the shape lets through, and the strangest loan rates."""
    contract = copy.deepcopy(draw(contracts()))
    for person in contract["persons"]:
        for line in person["coverages"]:
            cover = PARAMETERS["coverages"][line["code"]]
            line["loading_pct"] = draw(st.sampled_from([0, 299, 300]))
            if cover["sum_max"] and line["code"] not in {"SU", "PN"}:
                line["sum_insured"] = cover["sum_max"]
            if line.get("sum_pattern") == "annuity":
                line["loan_rate_pct"] = draw(st.sampled_from(["0.0000000001", "0.0001", "14.9999999999", "15", "3.3"]))
    most = shapes.MONEY_MAX
    extra = [{"month": 0, "sum_insured": most}, {"month": 1, "sum_insured": most - 1}]
    regular = draw(st.sampled_from([0, most, most - 7, 10**9 + 1]))
    contract["investment"] = {"regular": regular, "strategy": "dynamic", "extra": extra}
    return contract


@QUIET
@given(contract=extreme_contracts())
def test_exact_fractions_confirm_the_extremes(calculator: Calculator, contract: Contract) -> None:
    answer = calculator.quote(contract)
    assume(answer["output"] is not None)
    complete = shapes.contract(contract, LIBRARY.code)
    assert first_difference(reference_values.output(complete), answer["output"]) is None


@QUIET
@given(contract=contracts(), data=st.data(), target=st.integers(1, 15_000))
def test_the_solved_sum_is_the_largest_within_the_target(
    calculator: Calculator, contract: Contract, data: st.DataObject, target: int
) -> None:
    complete = shapes.contract(contract, LIBRARY.code)
    places = [
        (p, j) for p in complete["persons"] for j, line in enumerate(p["coverages"]) if line["code"] not in {"ZP", "DP"}
    ]
    assume(places and calculator.quote(contract)["problems"] in ([], ["premium_below_minimum"]))
    person, index = data.draw(st.sampled_from(places))
    line = person["coverages"][index]
    asked = {"person": person["id"], "code": line["code"], "sum_pattern": line["sum_pattern"], "target_premium": target}
    solution = calculator.quote(contract, target_premium=asked)["solution"]
    cover = PARAMETERS["coverages"][line["code"]]
    least = cover["sum_min"] if line["sum_pattern"] == "level" else cover.get("sum_min_falling", cover["sum_min"])

    def total(amount: int) -> int:
        return reference_values.total_with(complete, person["id"], index, amount)

    grid = {least, cover["sum_max"], *(least + data.draw(st.integers(0, 400)) * cover["sum_step"] for _ in range(3))}
    higher = {amount for amount in grid if amount <= cover["sum_max"]}
    if solution is not None:
        assert str(total(solution["sum_insured"])) == solution["total_instalment"]
        assert int(solution["total_instalment"]) <= target
        higher = {
            amount
            for amount in {*higher, solution["sum_insured"] + cover["sum_step"]}
            if amount > solution["sum_insured"]
        }
    assert all(total(amount) > target for amount in higher if amount <= cover["sum_max"])


def test_the_component_lies_sealed() -> None:
    assert LIBRARY.folder.name == "2026.1"
    assert sorted(LIBRARY.manifest["files"]) == sorted(
        path.relative_to(LIBRARY.folder).as_posix()
        for path in Path(LIBRARY.folder).rglob("*")
        if path.is_file() and path.name != "manifest.json"
    )
