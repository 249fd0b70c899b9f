"""The commands on the steps of one document: take back, do again, and having read what a copy lacks."""

from collections.abc import Callable

from flask import Blueprint, redirect, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from localapp import clock
from localapp.domain.forms import editing as rules
from localapp.domain.forms.answers import UnknownPath
from localapp.domain.forms.editing import Changed
from localapp.store.steps import Cause
from localapp.web import editing, stepping
from localapp.web.desk import Desk
from localapp.web.editing import Opened
from localapp.web.moving import place_of


def make_blueprint(desk: Desk) -> Blueprint:
    """The commands; each leads back to a page of the form."""
    blueprint = Blueprint("steps", __name__, url_prefix="/documents/<document>/sections/<section>")
    for name, cause in (("undo", Cause.UNDONE), ("redo", Cause.REDONE)):
        blueprint.add_url_rule(f"/{name}", name, _mover(desk, cause), methods=["POST"])
    blueprint.add_url_rule(
        "/not-copied", "read", lambda document, section: _read(desk, document, section), methods=["POST"]
    )
    blueprint.register_error_handler(UnknownPath, _bad)
    return blueprint


def _mover(desk: Desk, cause: Cause) -> Callable[[str, str], Response]:
    """Take back the last change, or do it again, wherever in the document it was.

    What was typed on the page is saved first: it is the last change then.
    """

    def view(document: str, section: str) -> Response:
        _opened(desk, document, section)
        _take_typed(desk, document)
        line = stepping.go(desk, document, cause)
        opened = _opened(desk, document, section)
        return redirect(place_of(desk, opened, section, request.args.get("person", ""), cause, line), 303)

    return view


def _read(desk: Desk, document: str, section: str) -> Response:
    """The advisor has read what a copy lacks; a link in the document shows it again."""
    _opened(desk, document, section)
    desk.store.mark_left_behind_read(document)
    return redirect(f"/documents/{document}/sections/{section}", 303)


def _opened(desk: Desk, document: str, section: str) -> Opened:
    opened = editing.open_document(desk, document)
    if opened is None or opened.assessor.form.definition.section(section) is None:
        raise NotFound
    return opened


def _take_typed(desk: Desk, document: str) -> None:
    typed = {name: text for name, text in request.form.items() if "." in name}

    def how(opened: Opened) -> Changed:
        definition, catalogues = opened.assessor.form.definition, opened.assessor.catalogues
        return rules.type_in(definition, opened.tree, typed, today=clock.today(), catalogues=catalogues)

    editing.change(desk, document, how)


def _bad(_: Exception) -> Response:
    raise BadRequest
