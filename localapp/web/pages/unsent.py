"""What the section Neodeslané offers: another try, of one or of all, and the report for support."""

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from localapp.domain.sync.timing import BY_HAND
from localapp.store.unsent import Unsent
from localapp.web.desk import Desk
from localapp.web.unsent_report import report

_BACK = "/synchronization#unsent"


def make_blueprint(desk: Desk) -> Blueprint:
    """Another try and the report."""
    blueprint = Blueprint("unsent", __name__)
    blueprint.add_url_rule("/unsent/retries", "retry_all", lambda: _retry_all(desk), methods=["POST"])
    blueprint.add_url_rule(
        "/unsent/<operation>/retries", "retry", lambda operation: _retry(desk, operation), methods=["POST"]
    )
    blueprint.add_url_rule("/unsent/<operation>/report", "report", lambda operation: _report(desk, operation))
    return blueprint


def _retry(desk: Desk, operation: str) -> Response:
    """One that is done meanwhile is nothing to complain of: the page shows what is left."""
    found = desk.store.delivery.one_unsent(operation)
    if found is not None:
        _again(desk, [found])
    return redirect(_BACK, 303)


def _retry_all(desk: Desk) -> Response:
    _again(desk, desk.store.delivery.unsent(most=desk.store.delivery.overview().open.all))
    return redirect(_BACK, 303)


def _again(desk: Desk, chosen: list[Unsent]) -> None:
    refused = [each.operation.id for each in chosen if each.operation.refused_at and each.may_be_tried_again]
    if refused:
        desk.store.delivery.try_again(refused)
    desk.synchronizer.start(BY_HAND)


def _report(desk: Desk, operation: str) -> str:
    found = desk.store.delivery.one_unsent(operation)
    if found is None:
        raise NotFound
    return render_template("synchronization/report.html", tab="synchronization", text=report(found))
