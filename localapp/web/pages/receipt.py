"""Doklad: the way of one document to the insurer, step by step, on the screen and on paper."""

from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from localapp import clock
from localapp.domain.typography import NBSP
from localapp.web.desk import Desk
from localapp.web.pages.tonight import countdown_of, fate_of
from localapp.web.wording import day, time_of_day

_GROUP = 8


def make_blueprint(desk: Desk) -> Blueprint:
    """One page beside the document."""
    blueprint = Blueprint("receipt", __name__)
    blueprint.add_url_rule("/documents/<document>/receipt", "page", lambda document: _page(desk, document))
    return blueprint


def _page(desk: Desk, document: str) -> str:
    record = desk.store.document(document)
    if record is None or record.facts.deleted_at:
        raise NotFound
    return render_template(
        "receipt/index.html",
        tab="documents",
        record=record,
        receipt=desk.store.delivery.receipt(document),
        fate=fate_of(desk, document),
        countdown=countdown_of(desk),
        printed_at=clock.now(),
        full=full,
        grouped=grouped,
    )


def full(moment: datetime) -> str:
    """Day and time in Prague, whatever the present day."""
    return f"{day(moment.astimezone(clock.PRAGUE).date())}{NBSP}{time_of_day(moment)}"


def grouped(digest: str) -> str:
    """A digest in groups that can be read out and compared."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))
