"""Before an edit that may come too late: the server is asked, the advisor chooses, nothing converts by itself."""

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from localapp.domain.lifecycle import Action, permitted
from localapp.store.records import DocumentRecord
from localapp.web import correcting, editing, late_edits
from localapp.web.desk import Desk

CAUSE = "opened"


def make_blueprint(desk: Desk) -> Blueprint:
    """The question, what the server says meanwhile, and both answers."""
    blueprint = Blueprint("late", __name__, url_prefix="/documents/<document>/late")
    blueprint.add_url_rule("", "index", lambda document: _index(desk, document))
    blueprint.add_url_rule("", "ask", lambda document: _ask(desk, document), methods=["POST"])
    blueprint.add_url_rule("/progress", "progress", lambda document: _progress(desk, document))
    blueprint.add_url_rule("/soon", "soon", lambda document: _soon(desk, document))
    blueprint.add_url_rule("/correction", "correct", lambda document: _correct(desk, document), methods=["POST"])
    blueprint.add_url_rule("/editing", "edit", lambda document: _edit(desk, document), methods=["POST"])
    return blueprint


def _record(desk: Desk, document: str) -> DocumentRecord:
    record = desk.store.document(document)
    if record is None or record.facts.deleted_at:
        raise NotFound
    return record


def _index(desk: Desk, document: str) -> str | AnyResponse:
    record = _record(desk, document)
    passed = late_edits.to_ask_about(desk, record)
    if passed is None:
        return redirect(f"/documents/{document}", 303)
    return render_template("late/index.html", tab="documents", **_facts(desk, record, passed))


def _facts(desk: Desk, record: DocumentRecord, passed: datetime) -> dict[str, object]:
    return {"record": record, "passed": passed, "standing": desk.synchronizer.standing()}


def _ask(desk: Desk, document: str) -> AnyResponse | str:
    """Ask the server, by synchronizing: the lock comes with the answer."""
    _record(desk, document)
    desk.synchronizer.start(CAUSE)
    return _progress(desk, document)


def _progress(desk: Desk, document: str) -> Response:
    """How it stands; once the server has spoken, the page leads on: to the editor, or to the lock."""
    record = _record(desk, document)
    passed = late_edits.to_ask_about(desk, record)
    if passed is None:
        response = make_response("", 204)
        response.headers["HX-Redirect"] = f"/documents/{document}"
        return response
    return make_response(render_template("late/_asked.html", **_facts(desk, record, passed)))


def _soon(desk: Desk, document: str) -> str:
    """What an open editor says of the cut-off."""
    return render_template("late/_soon.html", **soon(desk, _record(desk, document)))


def soon(desk: Desk, record: DocumentRecord) -> dict[str, object]:
    """What the banner of an editor shows: minutes left, or the cut-off that has passed."""
    return {
        "record": record,
        "passed": late_edits.passed_cutoff(desk, record),
        "minutes": late_edits.minutes_left(desk, record),
    }


def _correct(desk: Desk, document: str) -> AnyResponse:
    """A correcting document takes the edit along; the document itself goes as it was backed up."""
    record = _record(desk, document)
    made = correcting.correct(desk, document, presumed=late_edits.passed_cutoff(desk, record) is not None)
    if Action.DISCARD in permitted(record.facts):
        editing.act(desk.store, document, lambda edit: edit.discard())
    return redirect(f"/documents?selected={made}&told=correcting&about={made}", 303)


def _edit(desk: Desk, document: str) -> AnyResponse:
    late_edits.edit_anyway(desk, _record(desk, document))
    return redirect(f"/documents/{document}", 303)
