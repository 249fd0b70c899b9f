"""Nastavení → Klíče: where the keys are, passphrase or keyring, a new recovery code, other keys."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from localapp.store import recovery
from localapp.store.failures import StoreFailure
from localapp.store.key_failures import KeyFailure, KeyringFailure, MistypedRecoveryCode
from localapp.store.keys import Ways
from localapp.store.system_keys import title
from localapp.store.wrapping import check_passphrase
from localapp.web.desk import Desk
from localapp.web.pages import settings
from localapp.web.pin import LONGEST
from localapp.web.proving import refusal_of
from localapp.web.wording import spoken, t

DONE = ("passphrase_chosen", "keyring_chosen", "code_changed", "keys_changed")

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Shown:
    """What the section of the page shows. ``problems`` are sentences by field; ``proof`` is what a change asks for."""

    ways: Ways | None
    keyring: str
    trouble: str
    proof: str
    problems: dict[str, str]
    done: tuple[str, ...] = DONE


def shown(desk: Desk) -> Shown:
    """The section as it stands, with the problems of a form that was refused. A demonstration has nothing to change."""
    holder = desk.keyholder
    ways = None if desk.demo else holder.ways
    trouble = spoken(holder.trouble) if isinstance(holder.trouble, KeyringFailure) else ""
    keyring = title(ways.keyring) if ways and ways.keyring else ""
    return Shown(ways, keyring, trouble if keyring else "", _proof(desk), g.get("key_problems", {}))


def make_blueprint(desk: Desk) -> Blueprint:
    """The commands of the section, and the page that shows a new recovery code."""
    blueprint = Blueprint("key_settings", __name__, url_prefix="/settings/keys")

    def rule(address: str, view: Callable[[Desk], Page]) -> None:
        blueprint.add_url_rule(f"/{address}", address, lambda: _of_own_keys(desk, view), methods=["POST"])

    for address, view in (("passphrase", _passphrase), ("keyring", _keyring), ("code", _code), ("rotation", _rotation)):
        rule(address, view)
    blueprint.add_url_rule("/confirmation", "confirmation", lambda: _confirm(desk), methods=["GET", "POST"])
    return blueprint


def _of_own_keys(desk: Desk, view: Callable[[Desk], Page]) -> Page:
    if desk.demo:
        raise BadRequest
    return view(desk)


def _passphrase(desk: Desk) -> Page:
    """Choose or change the passphrase; the proof is asked last, so that a slip in the new one costs no try."""
    passphrase = request.form.get("keys_passphrase", "")
    try:
        check_passphrase(passphrase)
    except KeyFailure as failure:
        return _refused(desk, keys_passphrase=spoken(failure))
    if passphrase != request.form.get("keys_again", ""):
        return _refused(desk, keys_again=t("unlock.again_differs"))
    problem = _unproved(desk, "keys_present")
    if problem:
        return _refused(desk, keys_present=problem)
    desk.keyholder.choose_passphrase(passphrase, alone="alone" in request.form)
    return _done("passphrase_chosen")


def _keyring(desk: Desk) -> Page:
    """Let the keyring hold the keys, again or instead of the passphrase."""
    problem = _unproved(desk, "keys_present_keyring")
    if problem:
        return _refused(desk, keys_present_keyring=problem)
    try:
        desk.keyholder.choose_keyring(alone="alone" in request.form)
    except KeyringFailure as failure:
        return _refused(desk, keys_keyring=spoken(failure))
    return _done("keyring_chosen")


def _code(desk: Desk) -> Page:
    problem = _unproved(desk, "keys_present_code")
    if problem:
        return _refused(desk, keys_present_code=problem)
    desk.keyholder.prepare_code()
    return redirect("/settings/keys/confirmation", 303)


def _rotation(desk: Desk) -> Page:
    """Prepare other keys. The passphrase itself is needed, to seal them under it."""
    problem = _unproved(desk, "keys_present_rotation", by_code=False)
    if problem:
        return _refused(desk, keys_present_rotation=problem)
    typed = request.form.get("keys_present_rotation", "")
    desk.keyholder.prepare_keys(typed if _proof(desk) == "passphrase" else None)
    return redirect("/settings/keys/confirmation", 303)


def _confirm(desk: Desk) -> Page:
    """Show the new recovery code until its last group has been typed back; nothing changes before."""
    change, problem = desk.keyholder.change, ""
    if change is None:
        return redirect("/settings#keys", 303)
    if request.method == "POST":
        if recovery.same_group(request.form.get("last_group", ""), recovery.last_group(change.code)):
            return _carry_out(desk, "keys_changed" if change.prepared else "code_changed")
        problem = t("unlock.last_group_wrong")
    body = render_template(
        "settings/keys_code.html", tab="settings", groups=change.code.split("-"), problem=problem,
        with_keys=change.prepared is not None,
    )  # fmt: skip
    return body, 422 if problem else 200


def _carry_out(desk: Desk, done: str) -> Page:
    try:
        desk.keyholder.carry_out(desk.change_keys)
    except (KeyFailure, StoreFailure) as failure:
        if not desk.is_open:
            desk.keyholder.trouble = failure
            return redirect("/unlock", 303)
        return _refused(desk, keys_change=spoken(failure))
    return _done(done)


def _proof(desk: Desk) -> str:
    """What a change of keys asks for: the passphrase; where there is none, the PIN; where there is neither, nothing."""
    ways = desk.keyholder.ways
    if ways is not None and ways.passphrase:
        return "passphrase"
    return "pin" if desk.screen_lock.pin.is_set else ""


def _unproved(desk: Desk, field: str, *, by_code: bool = True) -> str:
    """Why the person may not change the keys; empty when the proof was right. The recovery code proves as well."""
    proof, typed, holder = _proof(desk), request.form.get(field, ""), desk.keyholder
    if not proof:
        return ""
    if by_code and _is_code(typed):
        return refusal_of(lambda: holder.try_recovery_code(typed))
    if proof == "passphrase":
        return refusal_of(lambda: holder.try_passphrase(typed))
    if typed.isdigit() and len(typed) <= LONGEST:
        return refusal_of(lambda: desk.screen_lock.pin.check(typed))
    return t("keys.pin_wanted")


def _is_code(typed: str) -> bool:
    try:
        recovery.parse(typed)
    except MistypedRecoveryCode:
        return False
    return True


def _done(what: str) -> Response:
    return redirect(f"/settings?done={what}#keys", 303)


def _refused(desk: Desk, **problems: str) -> Page:
    g.key_problems = problems
    return settings.show(desk, refused=True)
