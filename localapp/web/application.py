"""The Flask application of the desk: the guard before everything, the headers after everything, and all pages."""

import hashlib
import mimetypes
from functools import cache
from importlib import import_module
from pathlib import Path

from flask import Flask, Response, g, redirect, request, url_for
from jinja2 import StrictUndefined
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from localapp import paths
from localapp.domain.sync.activation import Step
from localapp.web import activation, failures, language, locking, unlocking, wording
from localapp.web.desk import Desk
from localapp.web.guard import Asked, Guard
from localapp.web.headers import new_nonce, security_headers
from localapp.web.opening import refusal_page

LARGEST_BODY = 2 * 1024 * 1024
OPEN_TO_LOCKED = frozenset({"static", *language.ENDPOINTS, *unlocking.ENDPOINTS})
_WAY_OUT = ("connection.index", "connection.save")  # without the proxy nobody behind one could activate
OPEN_BEFORE_ACTIVATION = frozenset({*OPEN_TO_LOCKED, *locking.ENDPOINTS, *activation.ENDPOINTS, *_WAY_OUT})
PAGES = ("localapp.web.pages",)  # packages with register(app, desk)


class _Pages(Flask):
    def log_exception(self, *_: object) -> None:
        """Nothing: ``failures`` logs where a failure was, without its message, which may hold a client's data."""


def create_app(desk: Desk, guard: Guard) -> Flask:
    """The pages of one desk behind one guard."""
    app = _Pages("localapp.web", static_folder=None, template_folder=str(paths.root() / "templates"))
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=2000,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        TRAP_HTTP_EXCEPTIONS=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.url_map.merge_slashes = False
    _set_up_templates(app, desk)
    _set_up_guard(app, desk, guard)
    _set_up_headers(app)
    locking.register(app, desk, guard)
    _set_up_sizes(app)
    _set_up_activation(app, desk)
    failures.register(app)
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=_static)
    app.add_url_rule("/", endpoint="start", view_func=_start)
    app.register_blueprint(language.make_blueprint(desk))
    app.register_blueprint(unlocking.make_blueprint(desk))
    for name in PAGES:
        register = getattr(import_module(name), "register", None)
        if register:
            register(app, desk)
    return app


def _set_up_templates(app: Flask, desk: Desk) -> None:
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        t=wording.t, language=wording.language, demo=desk.demo, version=desk.version, tab=None, bare=False,
        theme=None, density=None, bare_steps=False,
    )  # fmt: skip


def _set_up_guard(app: Flask, desk: Desk, guard: Guard) -> None:
    @app.before_request
    def refuse_strangers() -> Response | None:
        g.nonce, g.language = new_nonce(), desk.language.now
        asked = Asked.from_environ(request.environ)
        verdict, session = guard.decide(asked), guard.session_of(asked.cookies)
        if verdict.passed and session:
            g.passed, g.session = True, session
            return None
        _, headers, body = refusal_page(verdict)
        return Response(body, verdict.status, headers)

    @app.before_request
    def wait_for_the_passphrase() -> AnyResponse | None:
        if desk.is_open or request.endpoint in OPEN_TO_LOCKED:
            return None
        if request.method == "GET" and "HX-Request" not in request.headers:
            return redirect(url_for("unlocking.unlock"), 303)
        return failures.locked_page()


def _set_up_sizes(app: Flask) -> None:
    @app.before_request
    def refuse_the_oversized() -> None:
        if (request.content_length or 0) > LARGEST_BODY:
            raise RequestEntityTooLarge


def _set_up_activation(app: Flask, desk: Desk) -> None:
    """Until the application is activated, every page leads to the step that activation waits for."""
    app.register_blueprint(activation.make_blueprint(desk))

    @app.before_request
    def lead_to_activation() -> AnyResponse | None:
        if request.endpoint in locking.WITHOUT_STORE:
            return None
        g.step = _step(desk)
        if g.step is Step.DONE or not desk.is_open or request.endpoint in OPEN_BEFORE_ACTIVATION:
            return None
        response = redirect(activation.address_of(g.step), 303)
        if "HX-Request" in request.headers:
            response = AnyResponse(status=204, headers={"HX-Redirect": activation.address_of(g.step)})
        return response


def _step(desk: Desk) -> Step:
    """Asked of the store until activation is done, and again once its pages are used."""
    if not desk.is_open:
        return Step.PARTNER
    if desk.is_activated and request.blueprint != "activation":
        return Step.DONE
    step = activation.step_of(desk)
    desk.is_activated = step is Step.DONE and request.method == "GET"
    return step


def _set_up_headers(app: Flask) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        static = request.endpoint == "static" and response.status_code in {200, 304}
        page = "passed" in g and response.mimetype == "text/html"
        for name, value in security_headers(g.get("nonce") or new_nonce(), page=page, cached=static).items():
            response.headers[name] = value
        return response


def _start() -> AnyResponse:
    return redirect("/documents", 303)


def _static(filename: str) -> Response:
    """A file that was listed under ``static`` – looked up, never joined to a path, so no name can lead elsewhere."""
    path = _static_files().get(filename)
    if path is None:
        raise NotFound
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = Response(content, mimetype=kind)
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


@cache
def _static_files() -> dict[str, Path]:
    folder = paths.root() / "static"
    plain = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in plain}
