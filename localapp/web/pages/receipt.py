"""Doklad: the way of one document to the insurer, step by step, on the screen and on paper."""

from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.domain.typography import NBSP
from localapp.store.conflicts import Resolved, Way
from localapp.store.records import DocumentRecord
from localapp.web.desk import Desk
from localapp.web.pages.tonight import countdown_of, fate_of
from localapp.web.wording import day, t, time_of_day, told

_GROUP = 8


def make_blueprint(desk: Desk) -> Blueprint:
    """One page beside the document."""
    blueprint = Blueprint("receipt", __name__)
    address = "/documents/<document>/receipt"
    blueprint.add_url_rule(address, "page", lambda document: _page(desk, document))
    blueprint.add_url_rule(address, "check", lambda document: _check(desk, document), methods=["POST"])
    return blueprint


def _check(desk: Desk, document: str) -> str:
    """Ověřit stav: the insurer is asked, and the page shows what it knows now."""
    _record(desk, document)
    found = desk.synchronizer.check(document)
    if isinstance(found, Refusal):
        return _page(desk, document, refused=told(found))
    return _page(desk, document, checked=t(f"receipt.checked_{found}", time=full(desk.store.sync.server_clock.now())))


def _record(desk: Desk, document: str) -> DocumentRecord:
    record = desk.store.document(document)
    if record is None or record.facts.deleted_at:
        raise NotFound
    return record


def _page(desk: Desk, document: str, *, checked: str = "", refused: str = "") -> str:
    record = _record(desk, document)
    return render_template(
        "receipt/index.html",
        tab="documents",
        record=record,
        checked=checked,
        refused=refused,
        withdrawals=_withdrawals(desk, document),
        receipt=desk.store.delivery.receipt(document),
        fate=fate_of(desk, document),
        countdown=countdown_of(desk),
        printed_at=clock.now(),
        full=full,
        grouped=grouped,
    )


def _withdrawals(desk: Desk, document: str) -> list[Resolved]:
    """The requests for withdrawal that were made of it, oldest first; they leave on paper only."""
    resolved = desk.store.conflicts.resolved()
    return [each for each in reversed(resolved) if each.document == document and each.way is Way.WITHDRAWN]


def full(moment: datetime) -> str:
    """Day and time in Prague, whatever the present day."""
    return f"{day(moment.astimezone(clock.PRAGUE).date())}{NBSP}{time_of_day(moment)}"


def grouped(digest: str) -> str:
    """A digest in groups that can be read out and compared."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))
