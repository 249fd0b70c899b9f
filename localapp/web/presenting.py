"""From the judgement of a form to what the page shows: ids, values as written, problems with their ways out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localapp.calculation.assessment import Assessment, PricingProblem, Remedy
from localapp.domain.fields.accounts import account_of, bank_of, iban_of
from localapp.domain.forms import shown
from localapp.domain.forms.definition import FieldType, FormDefinition, Section
from localapp.domain.forms.evaluator import FieldState, Problem
from localapp.domain.problems import PROBLEMS
from localapp.domain.typography import NBSP, typeset
from localapp.domain.written import in_fours
from localapp.web import wording
from localapp.web.editing import Opened
from localapp.web.row_names import row_name

LINE = re.compile(r"persons\[\w+\]\.coverages\[\w+\]")
_DIGITS_ONLY = (
    FieldType.INTEGER, FieldType.MONEY, FieldType.BIRTH_NUMBER, FieldType.POSTAL_CODE, FieldType.COMPANY_ID,
    FieldType.SIPO_NUMBER, FieldType.POLICY_NUMBER, FieldType.PARTNER_NUMBER,
)  # fmt: skip
_ENTRIES = {
    **dict.fromkeys(_DIGITS_ONLY, ("text", "numeric")),
    FieldType.DECIMAL: ("text", "decimal"),
    FieldType.EMAIL: ("email", ""),
    FieldType.PHONE: ("tel", ""),
}
_LETTERS = str.maketrans({"[": "-", "]": "", ".": "_"})


@dataclass(frozen=True)
class Shown:
    """One problem on the page: its sentence, the short text of its link, and a button for each remedy."""

    path: str
    text: str
    summary: str
    level: str = "error"
    buttons: tuple[tuple[str, str], ...] = ()


def dom_id(path: str) -> str:
    """The id of a field's input: ``persons[p1].term`` is ``persons-p1_term``."""
    return path.translate(_LETTERS)


def label_of(state: FieldState) -> str:
    """The field's label in the language of the request."""
    return wording.said(state.field.label)


def written(state: FieldState) -> str:
    """See ``shown.in_input``."""
    return shown.in_input(state, wording.language())


def entry_of(state: FieldState) -> tuple[str, str]:
    """The type of the input and the keyboard it asks for, empty where any key may be needed."""
    return _ENTRIES.get(state.field.type, ("text", ""))


def explained(state: FieldState) -> str:
    """What the page says under an account: its bank, and the other form in which it is written."""
    if state.raw is not None or state.value is None:
        return ""
    value = str(state.value)
    bank = bank_of(value) if state.field.type in {FieldType.BANK_ACCOUNT, FieldType.IBAN} else None
    if bank and state.field.type is FieldType.BANK_ACCOUNT:
        return f"{bank} · IBAN{NBSP}{in_fours(iban_of(value))}"
    return wording.t("offer.account_at", account=account_of(value), bank=bank) if bank else ""


def read_out(state: FieldState) -> str:
    """See ``shown.read_out``."""
    return shown.read_out(state, wording.language())


class Problems:
    """The problems of one assessment, in the words of the form, of the library and of the domain."""

    def __init__(self, opened: Opened, *, with_missing: bool = False) -> None:
        self.assessment: Assessment = opened.assessment
        self.definition = opened.assessor.form.definition
        self.texts: Mapping[str, Any] = opened.assessor.calculator.library.problems
        self.coverages = opened.assessor.catalogues.get("coverages", {})
        self.names = person_names(opened.assessment)
        self.shown: list[Shown] = [self._of_form(each) for level in _LEVELS for each in self._found(level)]
        self.shown += [self._of_library(each) for each in self.assessment.pricing]
        if with_missing:
            self.shown += [self._missing(state) for state in self.assessment.evaluation.missing()]

    def at(self, path: str) -> list[Shown]:
        """The problems at exactly this path."""
        return [each for each in self.shown if each.path == path]

    def errors(self, paths: Sequence[str] | None = None) -> list[Shown]:
        """What must be corrected, of the given beginnings of paths or of all."""
        return [
            each
            for each in self.shown
            if each.level == "error" and (paths is None or any(each.path.startswith(start) for start in paths))
        ]

    def _found(self, level: str) -> list[Problem]:
        return self.assessment.evaluation.problems(level)

    def _of_form(self, problem: Problem) -> Shown:
        text = problem.text if problem.text is not None else PROBLEMS[problem.code]
        sentence = wording.fill(text, problem.facts)
        label = self.whose(problem.path) + label_of(self.assessment.evaluation.fields[problem.path])
        summary = f"{label} {sentence}" if label.endswith("?") else f"{label}: {sentence}"
        return Shown(problem.path, sentence, summary, problem.level)

    def _missing(self, state: FieldState) -> Shown:
        label = label_of(state)
        sentence = wording.fill(PROBLEMS["answer_missing"], {"field": label})
        if label.endswith("?"):
            sentence = wording.t("offer.unanswered", question=label)
        return Shown(state.path, sentence, self.whose(state.path) + sentence)

    def whose(self, path: str) -> str:
        """The person, the coverage and the row that a path belongs to, before the name of its field."""
        rows = self.assessment.mapped.rows.items()
        person = [self.names[label] for label, row in rows if isinstance(label, str) and path.startswith(f"{row}.")]
        line = LINE.match(path)
        entry = self.coverages.get(str(self.assessment.evaluation.value(f"{line[0]}.code"))) if line else None
        cover = [wording.said(entry["name"])] if entry else []
        row = row_name(self.definition, self.assessment.evaluation, path)
        names = [*(person if len(self.names) > 1 or not cover else []), *cover, *([row] if row else [])]
        return f"{', '.join(names)}: " if names else ""

    def _of_library(self, problem: PricingProblem) -> Shown:
        texts = self.texts[problem.code]
        sentence = texts["variants"][problem.variant] if problem.variant else texts
        buttons = tuple((each.key, self._button(texts, each)) for each in problem.remedies)
        facts = self._facts(problem.facts)
        where, what = self._where(problem), wording.fill(texts["summary"], facts)
        summary = where + (what[0].lower() + what[1:] if where else what)
        return Shown(problem.path, wording.fill(sentence, facts), summary, buttons=buttons)

    def _where(self, problem: PricingProblem) -> str:
        """Whose problem and of which coverage, for the link in the error summary."""
        entry = self.coverages.get(str(problem.facts.get("coverage")))
        names = [self.names[problem.person]] if problem.person in self.names and len(self.names) > 1 else []
        names += [wording.said(entry["name"])] if entry else []
        return f"{', '.join(names)}: " if names else ""

    def _button(self, texts: Mapping[str, Any], remedy: Remedy) -> str:
        return wording.fill(texts["remedies"][remedy.id], self._facts(remedy.facts))

    def _facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Codes of coverages and labels of persons become their names."""
        return {name: self._named(name, found) for name, found in facts.items()}

    def _named(self, name: str, found: object) -> object:
        if name == "person":
            return self.names.get(str(found), found)
        entry = self.coverages.get(found) if isinstance(found, str) else None
        return entry["name"] if entry else found


_LEVELS = ("error", "warning", "info")


def person_names(assessment: Assessment) -> dict[str, str]:
    """First name and surname by the library's label of the person, or the role with its number: Dospělý 2."""
    found = {}
    for label, path in assessment.mapped.rows.items():
        if isinstance(label, str):
            names = [str(assessment.evaluation.value(f"{path}.{name}") or "") for name in ("first_name", "last_name")]
            role = str(assessment.evaluation.value(f"{path}.role"))
            found[label] = typeset(" ".join(name for name in names if name)) or wording.t(
                f"offer.{role}", number=label[1:]
            )
    return found


def section_of(definition: FormDefinition, path: str) -> Section:
    """The section that shows a path; the first for what belongs to none."""
    for section in definition.sections:
        if path.startswith(f"{section.id}."):
            return section
    name = group_of(path)
    group = definition.group(name)
    own = next((each.section for each in group.fields if each.id == path.rpartition(".")[2]), None) if group else None
    return (definition.section(own) if own else None) or definition.home_of(name) or definition.sections[0]


def group_of(path: str) -> str:
    """The dotted group of a path: ``persons[p1].coverages[c1].term`` is ``persons.coverages``.

    A problem of a whole person's cover lies at ``persons[p1].coverages``.
    """
    steps = [step.partition("[") for step in path.split(".")]
    names = [name for name, bracket, _ in steps if bracket or name == "coverages"]
    return ".".join(names) or path
