"""Dokumenty → Končící: what leaves this computer after its six months, when, and what stays for which reason."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from localapp import clock
from localapp.store.failures import UnknownDocument
from localapp.store.retaining import Leaving
from localapp.web.desk import Desk

CONFIRMATION, KEEPING = "confirmation", "keeping"


def make_blueprint(desk: Desk) -> Blueprint:
    """The page and its two answers: it may go, or it stays for another six months."""
    blueprint = Blueprint("leaving", __name__)
    blueprint.add_url_rule("/documents/leaving", "index", lambda: _index(desk))
    for answer in (CONFIRMATION, KEEPING):
        address = f"/documents/<document>/leaving/{answer}"
        blueprint.add_url_rule(address, answer, _answering(desk, answer), methods=["POST"])
    return blueprint


def _index(desk: Desk) -> str:
    rows = [(each, each.retention.leaves_at.astimezone(clock.PRAGUE).date()) for each in announced(desk)]
    return render_template("documents/leaving.html", tab="documents", rows=rows)


def announced(desk: Desk) -> list[Leaving]:
    """What the advisor is told of today."""
    return desk.store.retaining.announced(desk.store.sync.server_clock.now())


def _answering(desk: Desk, answer: str) -> Callable[[str], Response]:
    def view(document: str) -> Response:
        retaining, now = desk.store.retaining, desk.store.sync.server_clock.now()
        try:
            (retaining.confirm if answer == CONFIRMATION else retaining.keep)(document, now)
        except UnknownDocument:
            raise NotFound from None
        return redirect("/documents/leaving", 303)

    return view
