"""The screen lock before every page: Flask-Login holds the unlocked advisor, a locked session gets the lock page only.

No cookie of Flask and no secret key are involved: who asks is decided by the session of the guard alone.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from localapp.store.failures import StoreFailure
from localapp.web import failures, language
from localapp.web.desk import Desk
from localapp.web.guard import Guard

OPEN_TO_LOCKED_SCREEN = language.ENDPOINTS | {
    "static", "information.favicon", "lock.page", "lock.passphrase", "lock.recovery_code", "lock.state",
}  # fmt: skip
WITHOUT_STORE = frozenset({"static", "backups.repair"})  # show nothing of the desk, and serve when it cannot be read
ENDPOINTS = OPEN_TO_LOCKED_SCREEN | {"lock.now", "lock.activity"}
POLLS = frozenset(  # what pages ask for by themselves: nobody's activity
    {
        "static",
        "lock.state",
        "activation.progress",
        "synchronization.progress",
        "synchronization.ruler",
        "synchronization.delivery",
        "late.progress",
        "late.soon",
        "tonight.body",
    }
)
BY_ITSELF = "SC-By-Itself"  # a page says with it that no person asks, e.g. when it saves again what could not be saved
LATE_TYPING = "offer.change"
LONGEST_WAY_BACK = 500


class Advisor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Whoever sits at an unlocked desk; a desk belongs to one advisor."""

    id = "advisor"


def register(app: Flask, desk: Desk, guard: Guard) -> None:
    """Ask for the PIN before every view but the named ones; a session that has proved itself gets a fresh value."""
    login = _login(app, desk)

    @app.before_request
    def ask_for_the_pin() -> Any:  # noqa: ANN401 - Flask-Login has no types
        if not desk.is_open:
            desk.screen_lock.has_waited(g.session)
            return None
        try:
            g.screen_locked = not current_user.is_authenticated
        except StoreFailure:
            if request.endpoint not in WITHOUT_STORE:
                raise
            g.screen_locked = True
            return None
        if not g.screen_locked:
            if request.endpoint not in POLLS and BY_ITSELF not in request.headers:
                desk.screen_lock.active()
            return None
        g.late = request.endpoint == LATE_TYPING and desk.screen_lock.takes_late_typing(g.session)
        return None if g.late or request.endpoint in OPEN_TO_LOCKED_SCREEN else login.unauthorized()

    @app.after_request
    def tell_a_locked_session_nothing(response: Response) -> Response:
        if g.get("late"):
            response = Response(status=204) if response.status_code < 400 else failures.locked_page("/lock")
        if g.get("proved"):
            response.headers.add("Set-Cookie", guard.cookie(guard.sessions.renew(g.session)))
        return response


def _login(app: Flask, desk: Desk) -> LoginManager:
    login = LoginManager()
    login.session_protection = None
    app.config["REMEMBER_COOKIE_NAME"] = "; none"  # no cookie can have this name, so none is ever read
    login.init_app(app, add_context_processor=False)

    @login.request_loader  # type: ignore[untyped-decorator]
    def advisor(_: object) -> Advisor | None:
        return Advisor() if desk.is_open and not desk.screen_lock.is_locked(g.session) else None

    login.unauthorized_handler(_only_the_lock_page)
    return login


def unlock_session(desk: Desk, how: str) -> None:
    """Unlock the session of this request, which has just proved itself: pin, passphrase or recovery."""
    desk.screen_lock.unlock(g.session, how)
    g.proved = True


def _only_the_lock_page() -> AnyResponse:
    """A navigation goes to the lock page; whatever else a page asks for is refused and led there."""
    if "HX-Request" in request.headers:
        return failures.locked_page(lock_address(request.headers.get("HX-Current-URL", "")))
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return failures.locked_page("/lock")
    asked = request.full_path.removesuffix("?") if request.method == "GET" else request.referrer or ""
    return redirect(lock_address(asked), 303)


def lock_address(asked: str) -> str:
    """The address of the lock page that leads back to where a page was, which may be given with our host."""
    parts = urlsplit(asked)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    back = way_back(path if parts.netloc in {"", request.host} else "")
    return url_for("lock.page", back=back) if back != "/documents" else url_for("lock.page")


def way_back(asked: str) -> str:
    """The page to go on at: the asked one if it is a page of ours that can be read, else the list."""
    start = "/documents"
    if not asked.startswith("/") or asked.startswith("//") or len(asked) > LONGEST_WAY_BACK:
        return start
    if "\\" in asked or not (asked.isascii() and asked.isprintable()):
        return start
    try:
        endpoint, _ = current_app.url_map.bind("").match(asked.partition("?")[0], "GET")
    except HTTPException:
        return start
    return start if endpoint in OPEN_TO_LOCKED_SCREEN | POLLS else asked
