"""Zálohy: when the last backup was made, one by hand, the repair of a damaged store, and what repairs did."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from localapp.store.backups import BACKUPS, Backup
from localapp.store.failures import StoreFailure
from localapp.store.repairs import Repair
from localapp.web.care import sentences
from localapp.web.desk import Desk
from localapp.web.wording import spoken, told

_STOPS = frozenset({"installation_blocked", "partner_blocked"})


@dataclass(frozen=True)
class Care:
    """What every page tells: repairs that were not read yet, what the last backup met, and why the insurer takes
    nothing from this desk at all: until the next run that says otherwise.
    """

    repairs: list[tuple[str, list[str]]]
    trouble: str
    is_damaged: bool
    stopped: str


@dataclass(frozen=True)
class State:
    """What Nastavení shows of the backups. ``size`` is that of the newest, in bytes."""

    newest: Backup | None
    size: int
    count: int
    folder: str


def make_blueprint(desk: Desk) -> Blueprint:
    """The commands."""
    blueprint = Blueprint("backups", __name__)
    blueprint.add_url_rule("/backups", "make", lambda: _make(desk), methods=["POST"])
    blueprint.add_url_rule("/repairs", "repair", lambda: _repair(desk), methods=["POST"])
    blueprint.add_url_rule("/repairs/readings", "read", lambda: _read(desk), methods=["POST"])
    return blueprint


def care_told(desk: Desk) -> Care:
    """What every page tells."""
    found: list[Repair] = desk.store.repairs()
    trouble = desk.care.trouble
    told_trouble = spoken(trouble) if trouble else ""
    return Care(
        [(repair.at, sentences(repair)) for repair in found], told_trouble, desk.care.is_damaged, _stopped(desk)
    )


def _stopped(desk: Desk) -> str:
    last = desk.store.delivery.overview().last
    return told(last.refusal) if last and last.refusal and last.refusal.code in _STOPS else ""


def backup_state(desk: Desk) -> State:
    """What Nastavení shows."""
    found = desk.store.backups.all()
    newest = next(iter(found), None)
    size = newest.path.stat().st_size if newest else 0
    return State(newest, size, len(found), str(desk.data_dir / BACKUPS))


def _make(desk: Desk) -> Response:
    try:
        desk.care.back_up()
    except StoreFailure:
        return redirect("/settings#backups", 303)  # the page tells what it met
    return redirect("/settings?done=backed_up#backups", 303)


def _repair(desk: Desk) -> Response:
    """Where the repair fails, the failure's page says so, and the desk is shut: unlocking tries it again."""
    try:
        desk.care.repair()
    finally:
        g.screen_locked = g.screen_locked or not desk.is_open
    if "HX-Request" in request.headers:  # a page that keeps what it could not save, and sends it again by itself
        return Response(status=204)
    return redirect("/documents", 303)


def _read(desk: Desk) -> Response:
    at = request.form.get("at", "")
    if at not in {repair.at for repair in desk.store.repairs()}:
        raise BadRequest
    desk.store.forget_repair(at)
    return redirect("/documents", 303)
