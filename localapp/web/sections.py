"""What one page of a form shows: its fields, rows, the list of sections and the summary of the premium."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from localapp.domain.forms.answers import kept_rows
from localapp.domain.forms.definition import FormDefinition, Section
from localapp.domain.forms.evaluator import FieldState
from localapp.domain.lifecycle import Action, Kind, permitted, state
from localapp.domain.typography import typeset
from localapp.web import wording
from localapp.web.editing import Opened
from localapp.web.ledger import premium_of
from localapp.web.naming import GROUP, candidates
from localapp.web.presenting import Problems, Shown, dom_id, label_of, section_of

FINDINGS = "persons.findings"


@dataclass(frozen=True)
class SectionLink:
    """One line of the list of sections: how much is missing and wrong there, or that it cannot ask everything yet."""

    section: Section
    missing: int
    errors: int
    waits: bool


@dataclass(frozen=True)
class Row:
    """One row of a group: its path, its fields and the premium of its line or person."""

    path: str
    fields: Mapping[str, FieldState]
    label: str
    premium: str | None = None


class SectionPage:
    """One page of an opened document. ``with_missing`` also names what is not filled in (after a failed completion)."""

    def __init__(self, opened: Opened, section: Section, person: str | None, *, with_missing: bool = False) -> None:
        self.opened, self.section = opened, section
        self.record = opened.record
        self.definition: FormDefinition = opened.assessor.form.definition
        self.evaluation = opened.assessment.evaluation
        self.problems = Problems(opened, with_missing=with_missing)
        self.premium = premium_of(opened)
        self._by_row: dict[str, dict[str, FieldState]] = {}
        for path, field in self.evaluation.fields.items():
            self._by_row.setdefault(path.rpartition(".")[0], {})[field.field.id] = field
        self.with_missing = with_missing
        self.from_card: frozenset[str] = frozenset()  # the fields that were just filled from a client's card
        self.labels = {path: label for label, path in opened.assessment.mapped.rows.items() if isinstance(label, str)}
        self.persons = [self._person(row) for row in kept_rows(self.evaluation.tree, "persons")]
        self.person = next((each for each in self.persons if each.path == f"persons[{person}]"), self.persons[0])

    @property
    def shows_cover(self) -> bool:
        """Whether the page shows one person's cover."""
        return "persons.coverages" in self.section.shows

    def fields(self) -> list[FieldState]:
        """The section's own fields."""
        return [self.evaluation.fields[f"{self.section.id}.{field.id}"] for field in self.section.fields]

    def rows(self, group_id: str) -> list[Row]:
        """The rows of a group at the root of the form."""
        return [self._row(f"{group_id}[{row['_id']}]") for row in kept_rows(self.evaluation.tree, group_id)]

    def coverages(self) -> list[Row]:
        """The rows of the current person's cover, each with its premium."""
        return self.coverages_of(self.person)

    def coverages_of(self, person: Row) -> list[Row]:
        """The rows of a person's cover, each with its premium."""
        kept = kept_rows(self.evaluation.tree, "persons")
        owner = next(row for row in kept if f"persons[{row['_id']}]" == person.path)
        found = []
        for index, row in enumerate(kept_rows(owner, "coverages")):
            premium = self.premium.lines.get((person.label, index))
            found.append(self._row(f"{person.path}.coverages[{row['_id']}]", premium))
        return found

    def death_covers(self) -> list[tuple[Row, Row]]:
        """Every coverage that pays on death, behind the person whose death it is."""
        covers = [(person, row) for person in self.persons for row in self.coverages_of(person)]
        return [(person, row) for person, row in covers if row.fields["pays_on_death"].value]

    def beneficiaries(self, coverage: Row) -> list[Row]:
        """The beneficiaries of a coverage; none means the order of the law."""
        return self._rows_at(f"{coverage.path}.beneficiaries")

    def candidates(self, person: Row) -> list[tuple[str, str]]:
        """Who of the document can be named for a death of this person."""
        return candidates(self.evaluation, person.path)

    def findings(self, person: Row, question: str) -> list[Row]:
        """What was entered to a health question of a person."""
        return [row for row in self._rows_at(f"{person.path}.findings") if row.fields["question"].value == question]

    def is_here(self, state: FieldState) -> bool:
        """Whether this page shows the field, if it shows its row."""
        return state.field.section in {None, self.section.id}

    def placed(self) -> list[FieldState]:
        """The fields of persons that this section shows although another one shows the rest of the row."""
        return [state for person in self.persons for state in person.fields.values() if self._is_placed(state)]

    def _is_placed(self, state: FieldState) -> bool:
        return state.field.section == self.section.id and not state.field.calculated

    def shown_rows(self) -> list[Row]:
        """All rows on the page but those of the table of cover."""
        found = [row for group in self.section.shows if "." not in group for row in self.rows(group)]
        if GROUP in self.section.shows:
            found += [row for _, cover in self.death_covers() for row in self.beneficiaries(cover)]
        if FINDINGS in self.section.shows:
            found += [
                row for person in self.persons for row in self._rows_at(f"{person.path}.findings") if _is_open(row)
            ]
        return found

    def row_problems(self, row: Row) -> list[Shown]:
        """The problems of one row of cover."""
        return [shown for shown in self.problems.shown if shown.path.startswith(f"{row.path}.")]

    def lacking(self) -> list[tuple[str, str]]:
        """What the premium waits for: the path of each unanswered field, and whose field it is."""
        found = []
        for path in self.opened.assessment.mapped.incomplete:
            state = self.evaluation.fields[path]
            if state.raw is None and state.value is None:
                found.append((path, f"{self.problems.whose(path)}{label_of(state)}"))
        return found

    @property
    def state_name(self) -> str:
        """The state's stable name."""
        return state(self.record.facts).value

    def stale_time(self) -> str:
        """When the premium shown was last valid."""
        return wording.time_of_day(datetime.fromisoformat(str(self.premium.stale_since)))

    def address(self, path: str) -> str:
        """Where a problem is corrected: the page that shows its field, at the field."""
        found = section_of(self.definition, path)
        person = re.match(r"persons\[(\w+)\]\.coverages", path)
        query = f"?person={person[1]}" if person and "persons.coverages" in found.shows else ""
        field = self.evaluation.fields.get(path)
        anchor = dom_id(path) if field and not field.computed and not field.field.fixed else f"F-{dom_id(path)}"
        return f"/documents/{self.record.id}/sections/{found.id}{query}#{anchor}"

    def coverage_name(self, row: Row) -> str:
        """The coverage's name."""
        return wording.said(self._entry(row)["name"])

    def coverage_unit(self, row: Row) -> str:
        """The unit of its sum: Kč, Kč/den, Kč/měsíc."""
        return wording.said(self._entry(row)["unit"])

    def surname(self, row: Row) -> str:
        """What stands first in the strip of persons: the surname, or the role with its number."""
        return typeset(str(row.fields["last_name"].value or "")) or self.person_name(row)

    def given_name(self, row: Row) -> str:
        """The first name beside a surname."""
        return str(row.fields["first_name"].value or "") if row.fields["last_name"].value else ""

    def until_age(self, row: Row) -> int | None:
        """The age in which the coverage ends, when both numbers are known."""
        age, term = self.evaluation.value(f"{self.person.path}.entry_age"), row.fields["term"].value
        return age + term if isinstance(age, int) and isinstance(term, int) else None

    def addable(self) -> list[tuple[str, str]]:
        """The coverages that can be added to the current person: of the role; one more of several patterns last."""
        present = {row.fields["code"].value for row in self.coverages()}
        role = self.person.fields["role"].value
        found = [
            (code in present, code, wording.said(entry["name"]))
            for code, entry in self.opened.assessor.catalogues["coverages"].items()
            if entry["role"] == role and (code not in present or len(entry["sum_patterns"]) > 1)
        ]
        return [(code, name) for _, code, name in sorted(found, key=lambda each: each[0])]

    @property
    def may_prefill(self) -> bool:
        """Whether an offer can be filled in from this document."""
        return Action.PREFILL in permitted(self.record.facts)

    @property
    def model(self) -> Mapping[str, Any] | None:
        """Reserves, surrender and the investment account by year, once there is a premium; for an illustration."""
        if self.definition.kind != Kind.ILLUSTRATION or self.opened.assessment.output is None:
            return None
        answer = self.opened.assessor.calculator.quote(self.opened.assessment.mapped.input)
        model: Mapping[str, Any] | None = answer["output"]
        return model

    def links(self) -> list[SectionLink]:
        """The list of sections with what is missing and wrong in each."""
        missing = [section_of(self.definition, state.path).id for state in self.evaluation.missing()]
        wrong = [
            section_of(self.definition, each.path).id for each in self.problems.errors() if not self._counted(each)
        ]
        return [
            SectionLink(each, missing.count(each.id), wrong.count(each.id), FINDINGS in each.shows and self._waits())
            for each in self.definition.sections
        ]

    def _waits(self) -> bool:
        """Whether health questions are not known yet: they hang on the sums, as the premium does."""
        adults = (person for person in self.persons if person.fields["role"].value == "adult")
        return any(person.fields["health_tier"].value is None for person in adults if self.coverages_of(person))

    def _counted(self, shown: Shown) -> bool:
        """Whether the problem is a missing answer, which is counted as missing."""
        state = self.evaluation.fields.get(shown.path)
        return state is not None and state.is_missing

    def section_errors(self) -> list[Shown]:
        """What the error summary of this page lists."""
        return [each for each in self.problems.errors() if section_of(self.definition, each.path) is self.section]

    def neighbour(self, step: int) -> Section | None:
        """The section before (-1) or after (+1)."""
        index = self.definition.sections.index(self.section) + step
        return self.definition.sections[index] if 0 <= index < len(self.definition.sections) else None

    def person_name(self, row: Row) -> str:
        """First name and surname, or the role with its number."""
        return self.problems.names[row.label]

    def _person(self, row: Mapping[str, Any]) -> Row:
        path = f"persons[{row['_id']}]"
        label = self.labels.get(path, "")
        parts = self.premium.parts
        amount = parts.persons.get(label) if parts else None
        return Row(path, self._row(path).fields, label, str(amount) if amount is not None else None)

    def _row(self, path: str, premium: str | None = None) -> Row:
        return Row(path, self._by_row.get(path, {}), self.labels.get(path, ""), premium)

    def _rows_at(self, group_path: str) -> list[Row]:
        """The rows of a group inside a row, in their order."""
        start = f"{group_path}["
        return [
            self._row(path)
            for path in self._by_row
            if path.startswith(start) and path.find("]", len(start)) == len(path) - 1
        ]

    def _entry(self, row: Row) -> Mapping[str, Any]:
        entry: Mapping[str, Any] = self.opened.assessor.catalogues["coverages"][str(row.fields["code"].value)]
        return entry


def _is_open(row: Row) -> bool:
    """Whether a follow-up row belongs to a question that is asked and answered with yes."""
    return any(state.visible for state in row.fields.values())
