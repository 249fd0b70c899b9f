"""The pages before the desk is open: choose a passphrase and copy out the recovery code, or unlock."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from localapp.store import recovery
from localapp.store.failures import StoreFailure
from localapp.store.key_failures import KeyFailure, KeyringGone, NoKeyring, UnsafeKeyring
from localapp.store.system_keys import title
from localapp.store.wrapping import check_passphrase
from localapp.web.desk import Desk
from localapp.web.keyholder import Keyholder
from localapp.web.locking import unlock_session
from localapp.web.patience import MustWait
from localapp.web.wording import spoken, t

ENDPOINTS = frozenset(
    f"unlocking.{page}" for page in ("unlock", "look", "choose", "passphrase", "recovery_code", "recover")
)

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: which field, and the sentence."""

    field: str
    text: str


def make_blueprint(desk: Desk) -> Blueprint:
    """The pages of unlocking for one desk."""
    blueprint = Blueprint("unlocking", __name__)
    holder = desk.keyholder
    blueprint.add_url_rule("/unlock", "unlock", lambda: _unlock(desk, holder), methods=["GET", "POST"])
    blueprint.add_url_rule("/unlock/keyring", "look", lambda: _look(desk, holder), methods=["POST"])
    blueprint.add_url_rule("/unlock/choose", "choose", lambda: _choose(desk, holder), methods=["GET", "POST"])
    blueprint.add_url_rule("/unlock/passphrase", "passphrase", lambda: _passphrase(desk, holder), methods=["GET"])
    blueprint.add_url_rule(
        "/unlock/code", "recovery_code", lambda: _recovery_code(desk, holder), methods=["GET", "POST"]
    )
    blueprint.add_url_rule("/unlock/recover", "recover", lambda: _recover(desk, holder), methods=["GET", "POST"])
    return blueprint


def _unlock(desk: Desk, holder: Keyholder) -> Page:
    """The page that asks for the passphrase; where none was chosen, for the recovery code."""
    if desk.is_open:
        return redirect("/documents", 303)
    if desk.is_changing_keys:
        return _show("changing", holder)
    if not holder.key_file.exists:
        return redirect(url_for("unlocking.choose"), 303)
    ways = holder.ways
    if ways is not None and not ways.passphrase:
        return _show_recover(holder)
    if request.method == "GET":
        return _show("unlock", holder)
    try:
        holder.open_with(holder.try_passphrase(request.form.get("passphrase", "")))
    except MustWait as wait:
        return _show("unlock", holder, [Problem("passphrase", t("unlock.wait", seconds=wait.seconds))], status=429)
    except (KeyFailure, StoreFailure) as failure:
        return _show("unlock", holder, [Problem("passphrase", spoken(failure))])
    return _opened(desk, holder)


def _look(desk: Desk, holder: Keyholder) -> Page:
    """Ask the keyring once more."""
    if not desk.is_open:
        holder.look()
    return redirect(url_for("unlocking.unlock"), 303)


def _choose(desk: Desk, holder: Keyholder) -> Page:
    """The page of the first start: the keyring keeps the keys, or a passphrase is chosen, twice."""
    if desk.is_open or holder.key_file.exists:
        return redirect(url_for("unlocking.unlock"), 303)
    if (desk.data_dir / "documents.db").exists():
        return _show("lost", holder)
    if request.method == "GET":
        return _show("keyring" if holder.usable_keyring else "choose", holder)
    by_keyring = request.form.get("way") == "keyring"
    passphrase = request.form.get("passphrase", "")
    problems = [] if by_keyring else _unequal(passphrase)
    if not problems:
        try:
            holder.prepare(None if by_keyring else passphrase)
        except KeyFailure as failure:
            problems = [Problem("passphrase", spoken(failure))]
    return _show("choose", holder, problems) if problems else redirect(url_for("unlocking.recovery_code"), 303)


def _passphrase(desk: Desk, holder: Keyholder) -> Page:
    """The page of the first start for who prefers a passphrase to the keyring."""
    if desk.is_open or holder.key_file.exists or not holder.usable_keyring:
        return redirect(url_for("unlocking.choose"), 303)
    return _show("choose", holder)


def _recovery_code(desk: Desk, holder: Keyholder) -> Page:
    """The page that shows the recovery code until its last group has been typed back. Nothing is written before."""
    pending = holder.pending
    if pending is None:
        return redirect(url_for("unlocking.unlock"), 303)
    problems: list[Problem] = []
    if request.method == "POST":
        typed = request.form.get("last_group", "")
        if not recovery.same_group(typed, recovery.last_group(pending.recovery_code)):
            problems = [Problem("last_group", t("unlock.last_group_wrong"))]
        else:
            try:
                holder.confirm()
                unlock_session(desk, "recovery")
            except (KeyFailure, StoreFailure) as failure:
                problems = [Problem("last_group", spoken(failure))]
    if request.method == "POST" and not problems:
        return redirect("/documents", 303)
    return _show("code", holder, problems, groups=pending.recovery_code.split("-"))


def _recover(desk: Desk, holder: Keyholder) -> Page:
    """The page that takes the recovery code and, unless the keyring will open the desk again, a new passphrase."""
    if desk.is_open or not holder.key_file.exists:
        return redirect(url_for("unlocking.unlock"), 303)
    if request.method == "GET":
        return _show_recover(holder)
    passphrase = request.form.get("passphrase") if _needs_passphrase(holder) else None
    problems = _unequal(passphrase) if passphrase is not None else []
    if problems:
        return _show_recover(holder, problems)
    try:
        if passphrase is not None:
            check_passphrase(passphrase)
        holder.open_with(holder.open_recovery_code(request.form.get("code", "")))
        if passphrase is not None:
            holder.key_file.change_passphrase(holder.keys, passphrase)
    except (KeyFailure, StoreFailure) as failure:
        at = "passphrase" if getattr(failure, "code", "").startswith("passphrase.") else "code"
        return _show_recover(holder, [Problem(at, spoken(failure))])
    return _opened(desk, holder)


def _opened(desk: Desk, holder: Keyholder) -> Page:
    """On to the documents, without being asked for the PIN besides; the keys go back into the keyring, if wished."""
    unlock_session(desk, "passphrase")
    if request.form.get("put_back") and holder.can_be_put_back:
        try:
            holder.put_back()
        except KeyFailure as failure:
            holder.trouble = failure  # Nastavení shows it
    return redirect("/documents", 303)


def _needs_passphrase(holder: Keyholder) -> bool:
    """Without a keyring that will answer again, the recovery code would be asked for at each start."""
    return not holder.opens_by_keyring or isinstance(holder.trouble, NoKeyring | KeyringGone | UnsafeKeyring)


def _unequal(passphrase: str) -> list[Problem]:
    same = passphrase == request.form.get("again", "")
    return [] if same else [Problem("again", t("unlock.again_differs"))]


def _show_recover(holder: Keyholder, problems: list[Problem] | None = None) -> Page:
    return _show("recover", holder, problems, needs_passphrase=_needs_passphrase(holder))


def _show(page: str, holder: Keyholder, problems: list[Problem] | None = None, status: int = 0, **more: object) -> Page:
    body = render_template(
        f"unlock/{page}.html", bare=True, problems=problems or [], holder=holder, ways=holder.ways,
        trouble_text=spoken(holder.trouble) if holder.trouble else "",
        keyring=title(holder.usable_keyring or ""), **more,
    )  # fmt: skip
    return body, status or (422 if problems else 200)
