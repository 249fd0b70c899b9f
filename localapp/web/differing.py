"""The lines of a conflict's table: the place, its texts on each side, and what can be chosen."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from localapp import clock
from localapp.calculation.assessment import Assessment, Assessor
from localapp.domain.forms.answers import UnknownPath, join_health, row_at
from localapp.domain.forms.difference import Difference as Compared
from localapp.domain.forms.difference import differences
from localapp.domain.forms.evaluator import Evaluation, FieldState
from localapp.domain.merge import Difference, Side
from localapp.store.conflicting import Sides
from localapp.web.desk import Desk
from localapp.web.editing import open_document
from localapp.web.merging import Three
from localapp.web.presenting import LINE, group_of, label_of, person_names, read_out, section_of
from localapp.web.row_names import row_name
from localapp.web.wording import said, t


@dataclass(frozen=True)
class Line:
    """One differing field or row: the part of the form, whose it is, the field, its texts; None where there is none.

    ``path`` names the choice of a merge and is empty where nothing is chosen; ``chosen`` is what is preselected.
    """

    section: str
    owner: str
    field: str
    mine: str | None
    theirs: str | None
    base: str | None = None
    path: str = ""
    chosen: Side | None = None


@dataclass(frozen=True)
class Premiums:
    """One instalment on each side, where it can be calculated."""

    base: str | None
    mine: str | None
    theirs: str | None


def lines_of(desk: Desk, document: str, sides: Sides | None) -> list[Line]:
    """The difference between the working copy and the insurer's revision; none for a cancellation."""
    mine = open_document(desk, document)
    if mine is None or sides is None or sides.mine is None or sides.theirs is None:
        return []
    tree = join_health(sides.theirs.answers, sides.theirs.health)
    return lines_between(mine.assessor, mine.assessment, mine.assessor.assess(tree, clock.today()))


def lines_between(assessor: Assessor, mine: Assessment, theirs: Assessment) -> list[Line]:
    """The difference of two states of one document."""
    named = Named(assessor, mine, theirs)
    return [named.line(each) for each in differences(mine.evaluation, theirs.evaluation)]


def choices_of(three: Three, chosen: Mapping[str, Side]) -> list[Line]:
    """The differences of two computers in the order of the form, each with what is chosen so far."""
    merged = three.merged()
    whole = three.assessor.assess(merged.tree, clock.today())
    named = Named(three.assessor, three.mine.assessment, three.theirs.assessment, whole)
    shown = [each for each in merged.differences if three.is_shown(each)]
    order = {path: place for place, path in enumerate(named.paths())}
    shown.sort(key=lambda each: order.get(each.path, _first_below(order, each.path)))
    return [named.choice(each, three, chosen.get(each.path, each.changed_by)) for each in shown]


def _first_below(order: Mapping[str, int], path: str) -> int:
    return min((place for name, place in order.items() if name.startswith(f"{path}.")), default=len(order))


def premiums_of(three: Three) -> Premiums:
    """What the three cost."""
    return Premiums(*(_premium(side.assessment) for side in (three.base, three.mine, three.theirs)))


def _premium(assessment: Assessment) -> str | None:
    return None if assessment.output is None else str(assessment.output["total_instalment"])


class Named:
    """Finds the words for a place; what an earlier assessment does not have is found in a later one."""

    def __init__(self, assessor: Assessor, *assessments: Assessment) -> None:
        self.definition = assessor.form.definition
        self.coverages = assessor.catalogues.get("coverages", {})
        self.evaluations = [each.evaluation for each in assessments]
        self.persons: dict[str, str] = {}
        for each in reversed(assessments):
            names, rows = person_names(each), each.mapped.rows.items()
            self.persons |= {path: names[label] for label, path in rows if isinstance(label, str)}

    def paths(self) -> list[str]:
        """Every path, in the order of the form."""
        return list(dict.fromkeys(path for each in reversed(self.evaluations) for path in each.fields))

    def line(self, each: Compared) -> Line:
        """A difference that nobody chooses in."""
        path = each.shown.path
        return Line(self.section(path), self.owner(path), label_of(each.shown), _text(each.mine), _text(each.theirs))

    def choice(self, each: Difference, three: Three, chosen: Side | None) -> Line:
        """A difference to choose in."""
        sides = [side.assessment.evaluation for side in (three.mine, three.theirs, three.base)]
        texts = self._rows(each, sides) if each.is_row else [_text(side.fields.get(each.path)) for side in sides]
        mine, theirs, base = texts
        place = (self.section(each.path), self.owner(each.path), self._label(each, sides))
        return Line(*place, mine, theirs, base, each.path, chosen)

    def _label(self, each: Difference, sides: Sequence[Evaluation]) -> str:
        if each.is_row:
            group = self.definition.group(group_of(each.path))
            return said(group.label) if group else ""
        return next(label_of(side.fields[each.path]) for side in sides if each.path in side.fields)

    def _rows(self, each: Difference, sides: Sequence[Evaluation]) -> list[str | None]:
        """A whole row as the list of its answers; None on a side that does not have it."""
        rows = (each.mine, each.theirs, each.base)
        return [None if row is None else self._row(each.path, side) for row, side in zip(rows, sides, strict=True)]

    def _row(self, path: str, side: Evaluation) -> str:
        """A row that got another number in the merge stands in the merged answers only, which come last."""
        for evaluation in (side, *reversed(self.evaluations)):
            states = [state for name, state in evaluation.fields.items() if name.startswith(f"{path}.")]
            texts = [f"{label_of(state)}: {_text(state)}" for state in states if not state.computed and _text(state)]
            if texts:
                return "; ".join(texts)
        return t("conflicts.empty_row")

    def section(self, path: str) -> str:
        """The part of the form that shows a place."""
        return said(section_of(self.definition, path).label)

    def owner(self, path: str) -> str:
        """The person, the coverage and the row that a place belongs to."""
        person = next((name for place, name in self.persons.items() if f"{path}.".startswith(f"{place}.")), "")
        person = person or self._removed_person(path)
        return ", ".join(part for part in (person, self._coverage(path), self.row(path)) if part)

    def row(self, path: str) -> str:
        """See ``row_names.row_name``."""
        names = (row_name(self.definition, evaluation, path) for evaluation in self.evaluations)
        return next((name for name in names if name), "")

    def _coverage(self, path: str) -> str:
        """The coverage that this path is, or lies in."""
        found = LINE.match(path)
        row = found[0] if found else ""
        code = self._stored(row, "code")
        return said(self.coverages[code]["name"]) if code in self.coverages else ""

    def _removed_person(self, path: str) -> str:
        """The name of somebody who is insured no longer."""
        row = path.partition(".")[0] if path.startswith("persons[") else ""
        return " ".join(name for name in (self._stored(row, "first_name"), self._stored(row, "last_name")) if name)

    def _stored(self, row: str, name: str) -> str:
        """An answer of a row, even of one that has been removed; empty where no assessment has it."""
        for evaluation in self.evaluations if row else ():
            with suppress(UnknownPath):
                _, _, rows = row_at(self.definition, evaluation.tree, row)
                if rows[-1].get(name):
                    return str(rows[-1][name])
        return ""


def _text(state: FieldState | None) -> str | None:
    return None if state is None or not state.visible else read_out(state)
