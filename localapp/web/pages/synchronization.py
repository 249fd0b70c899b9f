"""Synchronizace: run it, what waits, what the insurer did not take, how the last runs ended."""

from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from localapp import clock
from localapp.domain.lifecycle import Shelf
from localapp.store.records import DocumentRecord, Operation
from localapp.sync.synchronizer import BY_HAND
from localapp.web.desk import Desk
from localapp.web.notices import told_notices
from localapp.web.ruler import ruler


def make_blueprint(desk: Desk) -> Blueprint:
    """The page, its runs and their progress."""
    blueprint = Blueprint("synchronization", __name__)
    blueprint.add_url_rule("/synchronization", "index", lambda: _index(desk))
    blueprint.add_url_rule("/sync-runs", "run", lambda: _run(desk), methods=["POST"])
    blueprint.add_url_rule("/synchronization/progress", "progress", lambda: _progress(desk))
    blueprint.add_url_rule("/ruler", "ruler", _ruler)
    return blueprint


def _index(desk: Desk) -> str:
    return render_template("synchronization/index.html", tab="synchronization", **_facts(desk))


def _facts(desk: Desk) -> dict[str, object]:
    store, standing = desk.store, desk.synchronizer.standing()
    counts = store.counts(None)
    waiting = [(operation, _record(desk, operation)) for operation in store.outbox()]
    refused = [(operation, _record(desk, operation)) for operation in store.sync.refused() if _recent(operation)]
    return {
        "waiting": waiting,
        "refused": refused,
        "runs": store.sync.runs(),
        "standing": standing,
        "notices": told_notices(store.sync),
        "backed_up": counts[Shelf.BACKED_UP],
        "needs_you": len({each.document for each, _ in refused} | {each.document for each in store.sync.conflicts()}),
        "elsewhere": store.sync.elsewhere(),
    }


def _recent(operation: Operation) -> bool:
    """What was refused is listed for a month; it stays in the document's journal."""
    return operation.refused_at is not None and operation.refused_at > clock.now() - timedelta(days=30)


def _record(desk: Desk, operation: Operation) -> DocumentRecord | None:
    return desk.store.document(operation.document)


def _run(desk: Desk) -> AnyResponse | str:
    """Spustit synchronizaci. One that goes on already is shown, and another follows it."""
    desk.synchronizer.start(BY_HAND)
    if "HX-Request" in request.headers:
        return render_template("synchronization/_body.html", **_facts(desk))
    return redirect("/synchronization", 303)


def _progress(desk: Desk) -> Response:
    """The page's body while a run goes on; at its end it stops asking."""
    return make_response(render_template("synchronization/_body.html", **_facts(desk)))


def _ruler() -> str:
    return render_template("_ruler.html", ruler=ruler())
