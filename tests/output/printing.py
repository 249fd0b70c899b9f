"""The print of a made-up family offer, and what other programs read in its file."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localapp.calculation.assessment import Assessor
from localapp.domain.forms.answers import Tree
from localapp.domain.forms.editing import add_row, empty_answers, type_in
from localapp.output.source import Account, Component, DocumentFacts, Source
from localapp.web.calculations import Calculations

AT = datetime(2026, 11, 23, 13, 2, tzinfo=UTC)
CANARY = "Kanárek-v-nálezu"
_TYPED = {
    "policyholder.last_name": "Nováková",
    "policyholder.first_name": "Alena",
    "policyholder.birth_date": "12. 5. 1991",
    "investment.regular": "1 000",
    "investment.strategy": "balanced",
    "persons[p1].smoker": "true",
    "persons[p1].height_cm": "173",
    "persons[p1].weight_kg": "97",
    "persons[p1].coverages[c1].sum_insured": "1 500 000",
    "persons[p1].coverages[c1].loading_pct": "75",
}


def assessor(calculations: Calculations) -> Assessor:
    """What judges offers."""
    form = calculations.forms.newest("offer")
    library = calculations.calculator_for(form).library
    return calculations.assessor(form.pinned, replace(form.pinned, name=library.name, version=library.version))


def answers(judge: Assessor, typed: Mapping[str, str]) -> Tree:
    """An offer of one person with a finding that holds a canary in each text of it."""
    definition = judge.form.definition
    tree = empty_answers(definition, AT.date())
    tree = type_in(definition, tree, {**_TYPED, **typed}, today=AT.date(), catalogues=judge.catalogues).tree
    person = tree["persons"][0]
    health = [each for each in _group(judge, "persons").fields if each.sensitive == "health" and each.type == "boolean"]
    person.update({each.id: each.id == "z03" for each in health})
    person.update({"z01_height_cm": 173, "z01_weight_kg": 97})
    evaluation = judge.assess(tree, AT.date()).evaluation
    given = {"question": "z03"}
    tree = add_row(definition, tree, "persons[p1].findings", given, evaluation)[0].tree
    texts = [each.id for each in _group(judge, "persons.findings").fields if each.type in {"text", "note"}]
    tree["persons"][0]["findings"][0].update(dict.fromkeys(texts, CANARY))
    return tree


def _group(judge: Assessor, group_id: str) -> Any:  # noqa: ANN401 - found, or the test is wrong
    return judge.form.definition.group(group_id)


def source(
    calculations: Calculations,
    typed: Mapping[str, str] | None = None,
    **facts: Any,  # noqa: ANN401 - of a DocumentFacts
) -> Source:
    """All that the print of the offer is made from; ``typed`` comes over the usual answers."""
    judge = assessor(calculations)
    assessment = judge.assess(answers(judge, typed or {}), AT.date())
    quote = judge.calculator.quote(assessment.mapped.input)["output"] if assessment.output else None
    document = DocumentFacts(number="N26-000007", at=AT, revision=1, digest="ab" * 32)
    return Source(
        definition=judge.form.definition,
        evaluation=assessment.evaluation,
        mapped=assessment.mapped,
        catalogues=judge.catalogues,
        quote=quote,
        notice=judge.calculator.library.notice,
        document=replace(document, **facts),
        components=(Component("calculation", "flexi-demo", "2026.1", "cd" * 32),),
        account=Account("CZ4599990000000000000019", "19/9999"),
    )


def read(tool: str, file: Path, *more: str) -> str:
    """What a program says of a file. Raises CalledProcessError when it finds a fault."""
    found = subprocess.run([tool, *more, str(file)], capture_output=True, check=True, timeout=60)
    return found.stdout.decode(errors="replace")


def words_of(file: Path) -> str:
    """All words of a PDF with single blanks between them."""
    found = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, timeout=60)
    return " ".join(found.stdout.decode().split())
