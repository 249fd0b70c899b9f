"""The WSGI application: the calls, the components, and every failure in the shape of a refusal."""

import logging
import secrets
import time
from math import ceil

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from endpoint.http.answers import Marked, refused
from endpoint.http.attachments import attachments
from endpoint.http.bodies import LARGEST_BODY
from endpoint.http.calls import calls
from endpoint.http.components import components
from endpoint.parts import Parts
from endpoint.refusal import RequestRefused
from endpoint.store.engine import Overloaded

LEAST_PAUSE = 60
"""Seconds for which a desk is asked to leave an overloaded endpoint alone; twice as long at most."""

_log = logging.getLogger("endpoint")
_accesses = logging.getLogger("endpoint.access")


def create_app(parts: Parts) -> Flask:
    """The endpoint's application."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY + 1
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    app.register_blueprint(calls(parts))
    app.register_blueprint(components(parts))
    app.register_blueprint(attachments(parts))
    app.register_error_handler(RequestRefused, refused)
    app.register_error_handler(HTTPException, _http_failure)
    app.register_error_handler(Overloaded, _busy)
    app.register_error_handler(Exception, _failure)
    app.before_request(_begin)
    app.after_request(_note)
    app.wsgi_app = Marked(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's documentation has it
    return app


def _http_failure(failure: HTTPException) -> Response:
    status = failure.code or 500
    if status == 413:
        return refused(RequestRefused("too_large", size=f"> {LARGEST_BODY}", limit=str(LARGEST_BODY)))
    if status >= 500:
        return refused(RequestRefused("endpoint_failed", status=status))
    answer = refused(RequestRefused("malformed", status=status, reason=failure.name))
    for name, value in failure.get_headers():
        if name in {"Allow", "Content-Range"}:
            answer.headers[name] = value
    return answer


def _busy(_: Overloaded) -> Response:
    """Nothing was done; desks come back spread over time, so that they do not meet again."""
    wait = LEAST_PAUSE + secrets.randbelow(LEAST_PAUSE)
    _log.warning("overloaded")
    return refused(RequestRefused("endpoint_busy", retry_after=wait, minutes=str(ceil(wait / 60))))


def _failure(failure: Exception) -> Response:
    """A fault of the program: its kind and place go to the log, nothing of the request does."""
    trace, place = failure.__traceback__, ""
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    _log.error("%s at %s", type(failure).__name__, place)
    return refused(RequestRefused("endpoint_failed"))


def _begin() -> None:
    g.began = time.perf_counter()


def _note(answer: Response) -> Response:
    """One line of the log for each call: never a body, a query or a header."""
    took = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
    rule = request.url_rule.rule if request.url_rule else "-"
    _accesses.info("%s %s %s %.0f ms", request.method, rule, answer.status_code, took)
    return answer
