"""The lock page, by PIN, passphrase or recovery code, and what pages ask and tell about the lock.

The lock page shows no data of clients and not whose desk it is: only that it is locked, and since when.
"""

from collections.abc import Callable

from flask import Blueprint, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from localapp.store.key_failures import KeyFailure
from localapp.web.desk import Desk
from localapp.web.locking import lock_address, unlock_session, way_back
from localapp.web.patience import MustWait
from localapp.web.pin import PinFailure
from localapp.web.wording import spoken, t

Page = str | Response | tuple[str, int]


def make_blueprint(desk: Desk) -> Blueprint:
    """The lock page and its commands."""
    blueprint = Blueprint("lock", __name__, url_prefix="/lock")

    def pin(typed: str) -> None:
        desk.screen_lock.pin.check(typed)

    ways: dict[str, tuple[str, Callable[[str], object]]] = {
        "page": ("", pin),
        "passphrase": ("/passphrase", desk.keyholder.try_passphrase),
        "recovery_code": ("/code", desk.keyholder.try_recovery_code),
    }
    for name, (address, prove) in ways.items():
        blueprint.add_url_rule(address, name, _asking(desk, name, prove), methods=["GET", "POST"])
    blueprint.add_url_rule("/now", "now", lambda: _lock_now(desk), methods=["POST"])
    blueprint.add_url_rule("/state", "state", lambda: _state(desk))
    blueprint.add_url_rule("/activity", "activity", lambda: ("", 204), methods=["POST"])
    return blueprint


def _asking(desk: Desk, name: str, prove: Callable[[str], object]) -> Callable[[], Page]:
    """The view of one way to unlock."""

    def view() -> Page:
        back = way_back(request.values.get("back", ""))
        if not g.screen_locked:
            return redirect(back, 303)
        if request.method == "GET":
            return _show(desk, name, back)
        try:
            prove(request.form.get("proof", ""))
        except MustWait as wait:
            return _show(desk, name, back, t("lock.wait", seconds=wait.seconds), 429)
        except PinFailure as failure:
            return _show(desk, name, back, t(f"lock.{failure.code}", count=getattr(failure, "left", 0)), 422)
        except KeyFailure as failure:
            return _show(desk, name, back, spoken(failure), 422)
        unlock_session(desk, {"page": "pin", "recovery_code": "recovery"}.get(name, name))
        return redirect(back, 303)

    return view


def _show(desk: Desk, name: str, back: str, problem: str = "", status: int = 200) -> Page:
    body = render_template(
        "lock/index.html", bare=True, way=name, back=back, problem=problem, locked=desk.screen_lock.in_force,
        blocked=desk.screen_lock.pin.is_blocked, ways=_ways(desk),
    )  # fmt: skip
    return body, status


def _ways(desk: Desk) -> list[str]:
    """What unlocks: the PIN unless it is blocked, the passphrase if there is one, the recovery code."""
    by_keys = desk.keyholder.ways
    found = [("page", not desk.screen_lock.pin.is_blocked), ("passphrase", bool(by_keys and by_keys.passphrase))]
    return [*(name for name, usable in found if usable), "recovery_code"]


def _lock_now(desk: Desk) -> Response:
    """Lock every session by hand; the page that asked is the way back."""
    desk.screen_lock.lock("hand")
    if not desk.screen_lock.pin.is_set:
        return redirect("/settings#lock", 303)
    return redirect(lock_address(request.referrer or ""), 303)


def _state(desk: Desk) -> Response:
    """Whether this session is locked, and whether there is a lock to watch for. A poll: nobody's activity."""
    return jsonify(locked=g.screen_locked, watch=desk.screen_lock.pin.is_set)
