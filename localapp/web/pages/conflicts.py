"""Zobrazit konflikty: what was changed after the insurer had taken a document over, and how the two differ."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from localapp.domain.cutoff import cutoff_of
from localapp.domain.lifecycle import Action, permitted
from localapp.store.conflicting import Conflict
from localapp.store.conflicts import Way
from localapp.store.records import DocumentRecord
from localapp.web import ways
from localapp.web.course import course
from localapp.web.desk import Desk
from localapp.web.differing import choices_of, lines_of, premiums_of
from localapp.web.editing import ACTOR
from localapp.web.merging import three_of
from localapp.web.wording import day, moment, time_of_day


def make_blueprint(desk: Desk) -> Blueprint:
    """The list, one conflict, and the ways out of it."""
    blueprint = Blueprint("conflicts", __name__)
    one = "/conflicts/<document>"
    blueprint.add_url_rule("/conflicts", "index", lambda: _index(desk))
    blueprint.add_url_rule("/conflicts/reopened", "bring_back", lambda: _bring_back(desk), methods=["POST"])
    blueprint.add_url_rule("/conflicts/withdrawals/<row>", "letter", lambda row: _letter(desk, row))
    blueprint.add_url_rule(one, "one", lambda document: _one(desk, document))
    for name, way in _WAYS.items():
        view = _resolving(desk, way)
        blueprint.add_url_rule(f"{one}/{name}", name, view, methods=["POST"])
    blueprint.add_url_rule(f"{one}/discard", "ask", lambda document: _ask(desk, document))
    return blueprint


_WAYS: dict[str, Callable[[Desk, Conflict], str | None]] = {
    "merge": ways.merge,
    "correction": ways.correct,
    "copy": ways.copy,
    "discard": ways.discard,
    "withdrawal": ways.withdraw,
    "left": ways.leave,
    "cancellation": ways.cancel_newer,
    "signing": ways.sign_newer,
}


def _index(desk: Desk) -> str:
    found: list[tuple[Conflict, DocumentRecord | None, str]] = []
    for each in desk.store.conflicts.open():
        is_older = any(each.document == other.document for other, _, _ in found)
        address = f"/conflicts/{each.document}" + (f"?row={each.id}" if is_older else "")
        found.append((each, desk.store.document(each.document), address))
    ended = desk.store.conflicts.resolved()
    resolved = [each for each in ended if each.way is not Way.SAME]  # nobody had anything to decide
    told = next((each for each in ended if str(each.id) == request.args.get("resolved")), None)
    return render_template("conflicts/index.html", tab="conflicts", conflicts=found, resolved=resolved, told=told)


def _one(desk: Desk, document: str) -> str | Response:
    conflict, record = _find(desk, document), desk.store.document(document)
    if record is None:
        raise NotFound
    if conflict is None:  # resolved meanwhile: its history says how
        return _history(desk, document)
    return render_template(
        "conflicts/one.html", tab="conflicts", conflict=conflict, record=record,
        corrected_by=desk.store.correcting(document), may_correct=Action.CORRECT in permitted(record.facts),
        back="back" in request.args, lacks=request.args.get("lacks"), cutoff=cutoff_said(record),
        **_among(desk, conflict), **_sides(desk, record, conflict),
    )  # fmt: skip


def _among(desk: Desk, conflict: Conflict) -> dict[str, object]:
    """Which of the open conflicts this is, and the one after it; None for the only one."""
    found = desk.store.conflicts.open()
    place = next((place for place, each in enumerate(found) if each.id == conflict.id), 0)
    following = found[(place + 1) % len(found)] if len(found) > 1 else None
    return {"place": place + 1, "of": len(found), "following": following}


def _sides(desk: Desk, record: DocumentRecord, conflict: Conflict) -> dict[str, object]:
    """What the page shows of both sides: choices where they can be merged, else the plain difference; their course."""
    sides = desk.store.conflicts.sides(conflict.document)
    shown = {"merges": False, "lines": [], "premiums": None, "course": course(record, conflict, sides)}
    if not conflict.reason.is_edit:
        return {**shown, "has_theirs": True}
    three = three_of(desk, sides)
    if three is not None:
        lines = choices_of(three, ways.chosen())
        return {**shown, "merges": True, "lines": lines, "premiums": premiums_of(three), "has_theirs": True}
    has_theirs = sides is not None and sides.theirs is not None
    return {**shown, "lines": lines_of(desk, conflict.document, sides), "has_theirs": has_theirs}


def cutoff_said(record: DocumentRecord) -> str:
    """The cut-off of the run that took the document, e.g. 23. 11. 2026 21:00; of one by hand its own moment."""
    if record.receipt is not None and len(record.receipt.export) == len("2026-11-23"):
        return f"{day(record.receipt.export)} {time_of_day(cutoff_of(date.fromisoformat(record.receipt.export)))}"
    return moment(record.facts.exported_at) if record.facts.exported_at else ""


def _letter(desk: Desk, row: str) -> str:
    """A request for withdrawal, as it is printed."""
    found = next((each for each in desk.store.conflicts.resolved() if str(each.id) == row), None)
    record = desk.store.document(found.document) if found and found.way is Way.WITHDRAWN else None
    if found is None or record is None:
        raise NotFound
    return render_template(
        "conflicts/withdrawal.html", tab="conflicts", found=found, record=record, cutoff=cutoff_said(record),
        enrolment=desk.store.sync.enrolment(),
    )  # fmt: skip


def _ask(desk: Desk, document: str) -> str | Response:
    """Throwing away asks first."""
    conflict, record = _find(desk, document), desk.store.document(document)
    if conflict is None or record is None:
        return _history(desk, document)
    return render_template("conflicts/discard.html", tab="conflicts", conflict=conflict, record=record)


def _find(desk: Desk, document: str) -> Conflict | None:
    """The open conflict that is asked for by its row, else the document's newest."""
    found = [each for each in desk.store.conflicts.open() if each.document == document]
    row = request.values.get("row", "")
    return next((each for each in found if str(each.id) == row or not row), None)


def _history(desk: Desk, document: str) -> Response:
    """How the document's last conflict was resolved."""
    found = next((each for each in desk.store.conflicts.resolved() if each.document == document), None)
    if found is None:
        raise NotFound
    return redirect(f"/conflicts?resolved={found.id}", 303)


def _resolving(desk: Desk, way: Callable[[Desk, Conflict], str | None]) -> Callable[[str], Response]:
    def view(document: str) -> Response:
        """Of a conflict that is resolved already, as by a second click, only the history is shown."""
        conflict = _find(desk, document)
        if conflict is None:
            return _history(desk, document)
        refused = way(desk, conflict)
        return redirect(refused or f"/conflicts?resolved={conflict.id}", 303)

    return view


def _bring_back(desk: Desk) -> Response:
    row = request.form.get("row", "")
    if not (row.isascii() and row.isdecimal() and len(row) < 16):
        raise BadRequest
    document = desk.store.conflicts.bring_back(int(row), ACTOR)
    return redirect(f"/conflicts/{document}?row={row}&back=1" if document else "/conflicts", 303)
