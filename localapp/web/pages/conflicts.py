"""Zobrazit konflikty: what was changed after the insurer had taken a document over, and how the two differ."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from localapp import clock
from localapp.domain.forms.answers import join_health
from localapp.domain.forms.difference import differences
from localapp.domain.forms.evaluator import Evaluation, FieldState
from localapp.store.records import DocumentRecord
from localapp.store.sync_store import Conflict
from localapp.web.desk import Desk
from localapp.web.editing import Opened, open_document
from localapp.web.presenting import label_of, person_names, read_out, section_of
from localapp.web.wording import said


@dataclass(frozen=True)
class Line:
    """One differing field: the part of the form, whose it is, the field, and both texts; None where there is none."""

    section: str
    owner: str
    field: str
    mine: str | None
    theirs: str | None


def make_blueprint(desk: Desk) -> Blueprint:
    """The list and one conflict."""
    blueprint = Blueprint("conflicts", __name__)
    blueprint.add_url_rule("/conflicts", "index", lambda: _index(desk))
    blueprint.add_url_rule("/conflicts/<document>", "one", lambda document: _one(desk, document))
    return blueprint


def _index(desk: Desk) -> str:
    found = [(each, desk.store.document(each.document)) for each in desk.store.sync.conflicts()]
    return render_template("conflicts/index.html", tab="conflicts", conflicts=found)


def _one(desk: Desk, document: str) -> str:
    conflict = next((each for each in desk.store.sync.conflicts() if each.document == document), None)
    record = desk.store.document(document)
    if conflict is None or record is None:
        raise NotFound
    return render_template(
        "conflicts/one.html", tab="conflicts", conflict=conflict, record=record,
        lines=_lines(desk, conflict, record), content=desk.store.content(document),
    )  # fmt: skip


def _lines(desk: Desk, conflict: Conflict, record: DocumentRecord) -> list[Line]:
    """The difference between the working copy and the exported revision; none for a cancellation."""
    mine = open_document(desk, record.id)
    if mine is None or record.facts.working_copy_at is None or conflict.exported_revision is None:
        return []
    content = desk.store.revision(record.id, conflict.exported_revision)
    tree = join_health(content.answers, content.health)
    theirs = mine.assessor.assess(tree, clock.today()).evaluation
    named = _Named(mine, theirs)
    found = differences(mine.assessment.evaluation, theirs)
    return [named.line(each.shown, each.mine, each.theirs) for each in found]


class _Named:
    """Finds the words for the place of a field."""

    def __init__(self, mine: Opened, theirs: Evaluation) -> None:
        self.definition = mine.assessor.form.definition
        self.evaluations = (mine.assessment.evaluation, theirs)
        self.coverages = mine.assessor.catalogues.get("coverages", {})
        labels = mine.assessment.mapped.rows.items()
        names = person_names(mine.assessment)
        self.persons = {path: names[label] for label, path in labels if isinstance(label, str)}

    def line(self, shown: FieldState, mine: FieldState | None, theirs: FieldState | None) -> Line:
        section = said(section_of(self.definition, shown.path).label)
        return Line(section, self._owner(shown.path), label_of(shown), _text(mine), _text(theirs))

    def _owner(self, path: str) -> str:
        person = next((name for place, name in self.persons.items() if path.startswith(f"{place}.")), "")
        return ", ".join(part for part in (person, self._coverage(path)) if part)

    def _coverage(self, path: str) -> str:
        row, _, _ = path.rpartition(".")
        for evaluation in self.evaluations:
            code = evaluation.value(f"{row}.code")
            if ".coverages[" in row and str(code) in self.coverages:
                return said(self.coverages[str(code)]["name"])
        return ""


def _text(state: FieldState | None) -> str | None:
    return None if state is None else read_out(state)
