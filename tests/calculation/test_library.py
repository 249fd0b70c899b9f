"""The component: sealed files, catalogue, texts for every problem."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from localapp.calculation.calculator import Calculator
from localapp.calculation.failures import ComponentRefused
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.seal import digests, seal
from tests.calculation.components import LIBRARY, PARAMETERS
from tests.calculation.test_remedies import BROKEN

NAMED = re.compile(r"\{(\w+)(?::(\w+))?\}")
WORDS = {"czk", "number", "years", "coverage", "date", "pct"}
CODE = re.compile(
    r'problem\("([a-z_]+)"|\["([a-z_]+)", (?:persons|adults|children|injuries|disabilities)|"([a-z]+_invalid)"'
)
VARIANT = re.compile(r'varied\(found, "([a-z_]+)"\)')


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LIBRARY.folder, tmp_path / "2026.1"))


def test_the_manifest_seals_every_file_as_it_is() -> None:
    assert LIBRARY.manifest["files"] == digests(LIBRARY.folder)


def test_a_changed_file_is_refused_by_name(copied: Path) -> None:
    (copied / "life.star").write_text("def life():\n    return 0\n")
    with pytest.raises(ComponentRefused, match=r"life\.star"):
        CalculationLibrary.open(copied)


def test_a_file_that_is_missing_or_not_listed_is_refused_by_name(copied: Path) -> None:
    (copied / "extra.star").write_text("")
    with pytest.raises(ComponentRefused, match=r"extra\.star"):
        CalculationLibrary.open(copied)
    (copied / "extra.star").unlink()
    (copied / "tables" / "q.csv").unlink()
    with pytest.raises(ComponentRefused, match=r"tables/q\.csv"):
        CalculationLibrary.open(copied)


def test_a_manifest_that_is_damaged_foreign_or_reaches_outside_is_refused(copied: Path) -> None:
    path = copied / "manifest.json"
    whole = json.loads(path.read_text())
    outside = whole["files"] | {"../secret": "0" * 64}
    for part, reason in (
        ({"engine": "other/1"}, "engine other/1"),
        ({"formulas": ["missing.star"]}, "missing.star"),
        ({"files": outside}, "outside"),
    ):
        path.write_text(json.dumps(whole | part))
        with pytest.raises(ComponentRefused, match=reason):
            CalculationLibrary.open(copied)
    path.write_text("{")
    with pytest.raises(ComponentRefused, match=r"manifest\.json"):
        CalculationLibrary.open(copied)


def test_a_table_with_a_gap_is_refused(copied: Path) -> None:
    table = copied / "tables" / "q.csv"
    table.write_text(table.read_text().replace("\n40,", "\n41,"))
    seal(copied)
    with pytest.raises(ComponentRefused, match="line 42"):
        CalculationLibrary.open(copied).program()


def test_sealing_again_changes_nothing(copied: Path) -> None:
    before = (copied / "manifest.json").read_bytes()
    seal(copied)
    assert (copied / "manifest.json").read_bytes() == before


def test_the_catalogue_lists_every_coverage_in_tariff_order_with_its_limits() -> None:
    catalogue = LIBRARY.catalogue()
    by_code = {entry["code"]: entry for entry in catalogue}
    assert list(by_code) == list(PARAMETERS["coverages"])
    assert by_code["PN"]["waiting_days"] == [14, 28, 56]
    assert by_code["PN"]["unit"] == {"cs": "Kč/den", "en": "CZK/day"}
    assert (by_code["I3"]["sum_min"], by_code["I3"]["sum_max"], by_code["I3"]["sum_step"]) == (
        50_000,
        10_000_000,
        10_000,
    )
    assert [code for code, entry in by_code.items() if not entry["has_sum"]] == ["ZP", "DP"]
    assert by_code["S"]["sum_patterns"] == ["level", "linear", "annuity"]
    assert all(entry["name"]["cs"] and entry["name"]["en"] for entry in catalogue)


def _formulas() -> str:
    return "\n".join(LIBRARY.files[name] for name in LIBRARY.manifest["formulas"])


def test_every_code_the_formulas_can_give_has_its_texts() -> None:
    source = _formulas()
    codes = {next(filter(None, groups)) for groups in CODE.findall(source)} | {
        "unknown_coverage",
        "coverage_not_for_role",
    }
    assert codes | {"input_invalid"} == set(LIBRARY.problems)
    for problem in LIBRARY.problems.values():
        assert all([problem["cs"], problem["en"], problem["summary"]["cs"], problem["summary"]["en"]])
    told = {name for problem in LIBRARY.problems.values() for name in problem.get("variants", {})}
    assert set(VARIANT.findall(source)) == told


def _templates(texts: dict[str, Any]) -> list[str]:
    return [texts[language] for language in ("cs", "en")]


def test_sentences_are_calm_and_use_known_words() -> None:
    for problem in LIBRARY.problems.values():
        every = [problem, problem["summary"], *problem.get("variants", {}).values(), *problem["remedies"].values()]
        for template in [template for texts in every for template in _templates(texts)]:
            assert "!" not in template
            assert "prosím" not in template.lower()
            assert {word for _, word in NAMED.findall(template) if word} <= WORDS


@pytest.mark.parametrize("name", BROKEN)
def test_every_fact_a_sentence_names_is_supplied(calculator: Calculator, name: str) -> None:
    contract, _ = BROKEN[name]
    for detail in calculator.model(contract)["details"]:
        texts = LIBRARY.problems[detail["code"]]
        told = texts if detail["variant"] is None else texts["variants"][detail["variant"]]
        for template in [*_templates(texts), *_templates(told)]:
            assert {fact for fact, _ in NAMED.findall(template)} <= detail["facts"].keys(), template
        for remedy in detail["remedies"]:
            for template in _templates(texts["remedies"][remedy["id"]]):
                assert {fact for fact, _ in NAMED.findall(template)} <= remedy["facts"].keys(), template


def test_formula_files_stay_readable() -> None:
    assert all(text.count("\n") <= 300 for name, text in LIBRARY.files.items() if name.endswith(".star"))
