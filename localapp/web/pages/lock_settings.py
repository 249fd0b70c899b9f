"""Nastavení → Zámek obrazovky: the PIN, after how long the screen locks itself, the suggestion to have a PIN."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, g, redirect, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from localapp.web.desk import Desk
from localapp.web.pages import settings
from localapp.web.pin import LONGEST, PinFailure, check_fit
from localapp.web.proving import refusal_of
from localapp.web.screen_lock import IDLE_MINUTES
from localapp.web.wording import t

DONE = ("pin_chosen", "pin_removed", "idle_chosen")

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Shown:
    """What the section of the page shows. ``problems`` are sentences by field."""

    pin_is_set: bool
    idle_minutes: int
    problems: dict[str, str]
    has_passphrase: bool
    choices: tuple[int, ...] = IDLE_MINUTES
    done: tuple[str, ...] = DONE


def shown(desk: Desk) -> Shown:
    """The section as it stands, with the problems of a form that was refused."""
    lock = desk.screen_lock
    return Shown(lock.pin.is_set, lock.idle_minutes, g.get("lock_problems", {}), _has_passphrase(desk))


def make_blueprint(desk: Desk) -> Blueprint:
    """The commands of the section."""
    blueprint = Blueprint("lock_settings", __name__, url_prefix="/settings/lock")

    def rule(address: str, view: Callable[[], Page]) -> None:
        blueprint.add_url_rule(f"/{address}", address, view, methods=["POST"])

    rule("pin", lambda: _choose(desk))
    rule("removal", lambda: _remove(desk))
    rule("idle", lambda: _choose_idle(desk))
    rule("suggestion", lambda: _decline(desk))
    return blueprint


def _choose(desk: Desk) -> Page:
    """Set or change the PIN; the present one is asked last, so that a slip in the new one costs no try."""
    pin = request.form.get("pin", "")
    try:
        check_fit(pin)
    except PinFailure as failure:
        return _refused(desk, pin=t(f"lock.{failure.code}"))
    if pin != request.form.get("again", ""):
        return _refused(desk, again=t("lock.again_differs"))
    problem = _unproved(desk, "present")
    if problem:
        return _refused(desk, present=problem)
    desk.screen_lock.pin.choose(pin)
    return redirect("/settings?done=pin_chosen#lock", 303)


def _remove(desk: Desk) -> Page:
    problem = _unproved(desk, "present_removal")
    if problem:
        return _refused(desk, present_removal=problem)
    desk.screen_lock.pin.remove()
    return redirect("/settings?done=pin_removed#lock", 303)


def _unproved(desk: Desk, field: str) -> str:
    """Why the person may not change the PIN; empty when there is none yet, or the proof was right.

    The proof is the PIN, or the passphrase; the recovery code where there is no passphrase.
    """
    pin, typed = desk.screen_lock.pin, request.form.get(field, "")
    if not pin.is_set:
        return ""
    if typed.isdigit() and len(typed) <= LONGEST:
        return refusal_of(lambda: pin.check(typed))

    def prove() -> None:
        holder = desk.keyholder
        (holder.try_passphrase if _has_passphrase(desk) else holder.try_recovery_code)(typed)
        pin.proved_otherwise()

    return refusal_of(prove)


def _has_passphrase(desk: Desk) -> bool:
    ways = desk.keyholder.ways
    return ways is not None and ways.passphrase


def _choose_idle(desk: Desk) -> Response:
    try:
        desk.screen_lock.choose_idle(int(request.form.get("minutes", "")))
    except ValueError as problem:
        raise BadRequest from problem
    return redirect("/settings?done=idle_chosen#lock", 303)


def _decline(desk: Desk) -> Response:
    desk.screen_lock.suggest_no_more()
    return redirect("/documents", 303)


def _refused(desk: Desk, **problems: str) -> Page:
    g.lock_problems = problems
    return settings.show(desk, refused=True)
