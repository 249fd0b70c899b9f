"""Synchronizace: run it, what waits, what the insurer did not take, how the last runs ended; the quiet indicator."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from localapp import clock
from localapp.domain.sync.timing import BY_HAND
from localapp.store.delivery import MOST_LISTED
from localapp.web.desk import Desk
from localapp.web.notices import told_notices
from localapp.web.pages.tonight import evening_of
from localapp.web.ruler import Ruler, ruler
from localapp.web.status import status_line
from localapp.web.unsent_report import report

NOTHING_NEW = 204


def make_blueprint(desk: Desk) -> Blueprint:
    """The page, its runs and their progress; what every page asks by itself."""
    blueprint = Blueprint("synchronization", __name__)
    blueprint.add_url_rule("/synchronization", "index", lambda: _index(desk))
    blueprint.add_url_rule("/sync-runs", "run", lambda: _run(desk), methods=["POST"])
    blueprint.add_url_rule("/synchronization/progress", "progress", lambda: _progress(desk))
    blueprint.add_url_rule("/delivery", "delivery", lambda: _delivery(desk))
    blueprint.add_url_rule("/ruler", "ruler", lambda: render_template("_ruler.html", ruler=ruler_of(desk)))
    return blueprint


def _index(desk: Desk) -> str:
    return render_template("synchronization/index.html", tab="synchronization", **_facts(desk))


def _facts(desk: Desk) -> dict[str, object]:
    store, standing = desk.store, desk.synchronizer.standing()
    found = store.delivery.overview()
    unsent = store.delivery.unsent()
    refused = {each.operation.document for each in unsent if each.operation.refused_at}
    return {
        "open": found.open,
        "unsent": unsent,
        "hidden": max(0, found.open.waiting - MOST_LISTED) + max(0, found.open.refused - MOST_LISTED),
        "report": report,
        "runs": store.sync.runs(),
        "standing": standing,
        "next_at": _next(desk),
        "seen": _seen(desk),
        "notices": told_notices(store.sync),
        "going": evening_of(desk).going,
        "left": ruler_of(desk).left,
        "needs_you": len(refused | {each.document for each in store.sync.conflicts()}),
        "lacking": store.sync.bodies.lacking(),
    }


def _seen(desk: Desk) -> str:
    """Names what the page shows: it is shown anew only when this has changed."""
    return f"{desk.store.delivery.version}-{desk.synchronizer.standing().running:d}"


def _next(desk: Desk) -> datetime | None:
    """When the next one begins by itself, by the clock on the wall."""
    seconds = desk.next_in()
    return None if seconds is None else clock.now() + timedelta(seconds=max(0.0, seconds))


def _run(desk: Desk) -> AnyResponse | str:
    """Spustit synchronizaci. One that goes on already is shown, and another follows it."""
    desk.synchronizer.start(BY_HAND)
    if "HX-Request" in request.headers:
        return render_template("synchronization/_body.html", **_facts(desk))
    return redirect("/synchronization", 303)


def _progress(desk: Desk) -> Response | str:
    """The page's body, for a page that shows something else; while a run goes on it always does."""
    if not desk.synchronizer.standing().running and request.args.get("seen") == _seen(desk):
        return Response(status=NOTHING_NEW)
    return render_template("synchronization/_body.html", **_facts(desk))


def _delivery(desk: Desk) -> Response | str:
    """The indicator, for a page that shows something else."""
    shown = status_line(desk).indicator
    if request.args.get("seen") == shown.seen:
        return Response(status=NOTHING_NEW)
    return render_template("_delivery.html", shown=shown)


def ruler_of(desk: Desk) -> Ruler:
    """The day ruler by the server's clock."""
    server = desk.store.sync.server_clock
    return ruler(server.now(), server.cutoff())
