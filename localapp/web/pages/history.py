"""Historie of one document: who changed what when, an earlier state beside the present one, and restoring it."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from localapp import clock
from localapp.domain.forms.answers import join_health
from localapp.domain.lifecycle import Action, state
from localapp.store.failures import NotPermitted
from localapp.store.records import HistoryLine
from localapp.store.steps import State
from localapp.web import editing, stepping
from localapp.web.desk import Desk
from localapp.web.differing import Line, lines_between
from localapp.web.editing import Opened
from localapp.web.late_edits import to_ask_about
from localapp.web.recounting import entries
from localapp.web.wording import weekday

PAGE_SIZE = 50
_READ = 400  # lines of the journal that are read for a page: a stroke has many


def make_blueprint(desk: Desk) -> Blueprint:
    """The page, one state, and the command that restores it."""
    blueprint = Blueprint("history", __name__, url_prefix="/documents/<document>/history")
    blueprint.add_url_rule("", "index", lambda document: _index(desk, document))
    blueprint.add_url_rule("/<int:line>", "one", lambda document, line: _one(desk, document, line))
    blueprint.add_url_rule(
        "/<int:line>/restoration", "restore", lambda document, line: _restore(desk, document, line), methods=["POST"]
    )
    return blueprint


def _opened(desk: Desk, document: str) -> Opened:
    opened = editing.open_document(desk, document)
    if opened is None:
        raise NotFound
    return opened


def _index(desk: Desk, document: str) -> str:
    opened = _opened(desk, document)
    lines = desk.store.histories.lines(document, _before(), _READ)
    found = list(entries(lines, opened, _restored(desk, document, lines)))
    rest = len(lines) == _READ or len(found) > PAGE_SIZE
    shown = found[:PAGE_SIZE]
    return render_template(
        "history/index.html", tab="documents", record=opened.record, entries=shown, weekday=weekday, day_of=day_of,
        next=lines[_taken(lines, shown[-1].line) - 1].id if rest and shown else None, who=_who(desk),
        is_first=_before() is None, may_edit=opened.may_edit,
    )  # fmt: skip


def _taken(lines: list[HistoryLine], newest: int) -> int:
    """How many lines the entries up to the one with this newest line have used."""
    start = next(place for place, line in enumerate(lines) if line.id == newest)
    stroke = (lines[start].cause, lines[start].stroke)
    end = start + 1
    while stroke[1] is not None and end < len(lines) and (lines[end].cause, lines[end].stroke) == stroke:
        end += 1
    return end


def _before() -> int | None:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise BadRequest
    return int(text) if text else None


def _restored(desk: Desk, document: str, lines: list[HistoryLine]) -> dict[int, datetime]:
    about = {line.about for line in lines if line.about is not None}
    return {line: at for line in about if (at := desk.store.histories.time_of(document, line)) is not None}


def _who(desk: Desk) -> str:
    enrolment = desk.store.sync.enrolment()
    return "" if enrolment is None else f"{enrolment.advisor.first_name} {enrolment.advisor.last_name}"


def day_of(moment: datetime) -> str:
    """The day in Prague, as the page's headings compare it."""
    return moment.astimezone(clock.PRAGUE).date().isoformat()


def _one(desk: Desk, document: str, line: int) -> str | Response:
    opened, then = _opened(desk, document), _state(desk, document, line)
    if opened.may_edit and to_ask_about(desk, opened.record) is not None:
        return redirect(f"/documents/{document}/late", 303)
    return render_template(
        "history/one.html", tab="documents", record=opened.record, line=line,
        at=desk.store.histories.time_of(document, line), lines=_difference(opened, then), may_edit=opened.may_edit,
    )  # fmt: skip


def _state(desk: Desk, document: str, line: int) -> State:
    found = desk.store.histories.state(document, line)
    if found is None:
        raise NotFound
    return found


def _difference(opened: Opened, then: State) -> list[Line] | None:
    """The earlier state beside the present one; None where it was made with another version of the form."""
    if then.form != opened.record.form:
        return None
    earlier = opened.assessor.assess(join_health(then.answers, then.health), clock.today())
    return lines_between(opened.assessor, earlier, opened.assessment)


def _restore(desk: Desk, document: str, line: int) -> Response:
    opened, then = _opened(desk, document), _state(desk, document, line)
    if not opened.may_edit:
        raise NotPermitted(Action.EDIT, state(opened.record.facts))
    if to_ask_about(desk, opened.record) is not None:
        return redirect(f"/documents/{document}/late", 303)
    if then.form != opened.record.form:
        raise BadRequest
    stepping.restore(desk, document, line, then)
    first = opened.assessor.form.definition.sections[0].id
    return redirect(f"/documents/{document}/sections/{first}?told=restored:{line}", 303)
