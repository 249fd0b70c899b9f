"""Who is meant by what is typed into the fields of a person: asked by the page in the body of a request, as JSON."""

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from localapp.web import editing, known, wording
from localapp.web.desk import Desk


def make_blueprint(desk: Desk) -> Blueprint:
    """One address of each document."""
    blueprint = Blueprint("known", __name__)
    blueprint.add_url_rule(
        "/documents/<document>/known", "offered", lambda document: _offered(desk, document), methods=["POST"]
    )
    return blueprint


def _offered(desk: Desk, document: str) -> Response:
    opened = editing.open_document(desk, document)
    if opened is None:
        raise NotFound
    typed = {name: request.form.get(name, "")[:100] for name in known.SEARCHED}
    found = known.offered(desk, opened, request.form.get("person", ""), typed)
    said = wording.t("clients.known", count=len(found)) if found else ""
    rows = [{"key": each.key, "name": each.name, "about": each.about} for each in found]
    return jsonify(said=said, rows=rows)
