"""Vývoj v čase: reserves, surrender and the account by year, drawn and told by what the print uses too."""

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from localapp.output.values import values_over_time, values_part
from localapp.web.desk import Desk
from localapp.web.printing import source_of
from localapp.web.wording import language


def make_blueprint(desk: Desk) -> Blueprint:
    """One page beside the document: of the working copy where there is one."""
    blueprint = Blueprint("values", __name__)
    blueprint.add_url_rule("/documents/<document>/values", "page", lambda document: _page(desk, document))
    return blueprint


def _page(desk: Desk, document: str) -> str:
    record, source = desk.store.document(document), source_of(desk, document, draft=True)
    if record is None or source is None:
        raise NotFound
    part = None
    if source.quote is not None:
        part = values_part(values_over_time(source.mapped.input, source.quote), language())
    return render_template("values/index.html", tab="documents", record=record, part=part)
