"""The pages before the desk is open: choose a passphrase and copy out the recovery code, or unlock."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from localapp.store import recovery
from localapp.store.failures import CannotOpen, StoreFailure
from localapp.store.key_failures import KeyFailure, WrongPassphrase
from localapp.store.keys import KeyFile, Prepared
from localapp.store.records import Keys
from localapp.web.desk import Desk
from localapp.web.wording import spoken, t

ENDPOINTS = frozenset({"unlocking.unlock", "unlocking.choose", "unlocking.recovery_code", "unlocking.recover"})
LONGEST_WAIT = 60.0

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: which field, and the sentence."""

    field: str
    text: str


class MustWait(Exception):  # noqa: N818 - a state, not a defect
    """Too many wrong passphrases; ``seconds`` until the next try is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Patience:
    """The growing delay after wrong passphrases: 1, 2, 4 … 60 s from the third on. Somebody with a copy of the files is
    not held up by it – argon2id is there for that – but somebody at the keyboard is.
    """

    FREE_TRIES = 2

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._wrong = 0
        self._not_before = 0.0

    def remaining(self) -> int:
        """Whole seconds until the next try is taken, rounded up."""
        return max(0, -int(-(self._not_before - self._elapsed()) // 1))

    def failed(self) -> None:
        """Note a wrong try."""
        self._wrong += 1
        if self._wrong > self.FREE_TRIES:
            self._not_before = self._elapsed() + min(LONGEST_WAIT, 2.0 ** (self._wrong - self.FREE_TRIES - 1))

    def succeeded(self) -> None:
        """Forget the wrong tries."""
        self._wrong, self._not_before = 0, 0.0


@dataclass
class Unlocking:
    """The steps until the desk is open, for one process."""

    desk: Desk
    key_file: KeyFile
    patience: Patience = field(default_factory=Patience)
    pending: Prepared | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open_with(self, keys: Keys) -> None:
        """Open the store. Raises StoreFailure; a file that the right key does not open is called damaged."""
        try:
            self.desk.unlock(keys)
        except CannotOpen as problem:
            raise problem.decided(key_is_right=self.key_file.fits(keys)) from problem

    def try_passphrase(self, passphrase: str) -> Keys:
        """The keys; tries come one after the other and wrong ones are counted. Raises MustWait, KeyFailure."""
        with self._lock:
            if self.patience.remaining():
                raise MustWait(self.patience.remaining())
            try:
                keys = self.key_file.unlock(passphrase)
            except WrongPassphrase:
                self.patience.failed()
                raise
            self.patience.succeeded()
            return keys

    def confirm(self) -> None:
        """Write the pending keys, now that their recovery code has been copied out, and open the desk."""
        with self._lock:
            pending, self.pending = self.pending, None
            if pending is None:
                return
            self.key_file.write(pending)
        self.open_with(pending.keys)


def make_blueprint(desk: Desk, key_file: KeyFile | None = None) -> Blueprint:
    """The pages of unlocking for one desk."""
    state = Unlocking(desk, key_file or KeyFile(desk.data_dir / "keys.json"))
    blueprint = Blueprint("unlocking", __name__)
    blueprint.add_url_rule("/unlock", "unlock", lambda: _unlock(state), methods=["GET", "POST"])
    blueprint.add_url_rule("/unlock/choose", "choose", lambda: _choose(state), methods=["GET", "POST"])
    blueprint.add_url_rule("/unlock/code", "recovery_code", lambda: _recovery_code(state), methods=["GET", "POST"])
    blueprint.add_url_rule("/unlock/recover", "recover", lambda: _recover(state), methods=["GET", "POST"])
    return blueprint


def _unlock(state: Unlocking) -> Page:
    """The page that asks for the passphrase."""
    if state.desk.is_open:
        return redirect("/documents", 303)
    if not state.key_file.exists:
        return redirect(url_for("unlocking.choose"), 303)
    if request.method == "GET":
        return _show("unlock")
    try:
        state.open_with(state.try_passphrase(request.form.get("passphrase", "")))
    except MustWait as wait:
        return _show("unlock", [Problem("passphrase", t("unlock.wait", seconds=wait.seconds))], status=429)
    except (KeyFailure, StoreFailure) as failure:
        return _show("unlock", [Problem("passphrase", spoken(failure))])
    return redirect("/documents", 303)


def _choose(state: Unlocking) -> Page:
    """The page of the first start: a passphrase, twice."""
    if state.desk.is_open or state.key_file.exists:
        return redirect(url_for("unlocking.unlock"), 303)
    if (state.desk.data_dir / "documents.db").exists():
        return _show("lost")
    if request.method == "GET":
        return _show("choose")
    passphrase = request.form.get("passphrase", "")
    problems = _unequal(passphrase)
    if not problems:
        try:
            state.pending = state.key_file.prepare(passphrase)
        except KeyFailure as failure:
            problems = [Problem("passphrase", spoken(failure))]
    return _show("choose", problems) if problems else redirect(url_for("unlocking.recovery_code"), 303)


def _recovery_code(state: Unlocking) -> Page:
    """The page that shows the recovery code until its last group has been typed back. Nothing is written before."""
    pending = state.pending
    if pending is None:
        return redirect(url_for("unlocking.unlock"), 303)
    problems: list[Problem] = []
    if request.method == "POST":
        typed = request.form.get("last_group", "")
        if not recovery.same_group(typed, recovery.last_group(pending.recovery_code)):
            problems = [Problem("last_group", t("unlock.last_group_wrong"))]
        else:
            try:
                state.confirm()
            except (KeyFailure, StoreFailure) as failure:
                problems = [Problem("last_group", spoken(failure))]
    if request.method == "POST" and not problems:
        return redirect("/documents", 303)
    return _show("code", problems, groups=pending.recovery_code.split("-"))


def _recover(state: Unlocking) -> Page:
    """The page that takes the recovery code and a new passphrase."""
    if state.desk.is_open or not state.key_file.exists:
        return redirect(url_for("unlocking.unlock"), 303)
    if request.method == "GET":
        return _show("recover")
    code, passphrase = request.form.get("code", ""), request.form.get("passphrase", "")
    problems = _unequal(passphrase)
    if problems:
        return _show("recover", problems)
    try:
        keys = state.key_file.unlock_with_recovery(code)  # 155 random bits need no delay
        state.key_file.change_passphrase(keys, passphrase)
        state.open_with(keys)
    except (KeyFailure, StoreFailure) as failure:
        at = "passphrase" if getattr(failure, "code", "").startswith("passphrase.") else "code"
        return _show("recover", [Problem(at, spoken(failure))])
    return redirect("/documents", 303)


def _unequal(passphrase: str) -> list[Problem]:
    same = passphrase == request.form.get("again", "")
    return [] if same else [Problem("again", t("unlock.again_differs"))]


def _show(page: str, problems: list[Problem] | None = None, status: int = 0, **more: object) -> Page:
    body = render_template(f"unlock/{page}.html", bare=True, problems=problems or [], **more)
    return body, status or (422 if problems else 200)
