"""What people see when something fails: what failed, that their data are safe, the way on, and a code for support.

The code is logged with the place of the failure in the program. Messages of exceptions are not logged: they may hold a
client's data.
"""

import logging
import secrets
import traceback
from urllib.parse import quote

from flask import Flask, Response, g, make_response, render_template
from werkzeug.exceptions import HTTPException

from localapp.calculation.failures import VersionMissing
from localapp.output.failures import PrintFailed
from localapp.store.failures import DamagedStore, StoreFailure
from localapp.web.desk import Locked
from localapp.web.plain import message_page
from localapp.web.wording import spoken, t

log = logging.getLogger("smartclient.failures")

_SPOKEN = {
    400: "malformed",
    404: "missing",
    405: "method",
    409: "conflict",
    413: "large",
    422: "malformed",
    503: "busy",
}
_STORE_STATUS = {"store.unknown_document": 404, "store.not_permitted": 409}
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """A code short enough for the telephone, e.g. SC-7F3K."""
    return "SC-" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(4))


def note(failure: BaseException) -> str:
    """Log where a failure came from, and return its code."""
    code = new_code()
    frames = traceback.extract_tb(failure.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    log.error("%s %s at %s", code, type(failure).__name__, places)
    return code


def register(app: Flask) -> None:
    """Give every failure of the application a page."""
    app.register_error_handler(HTTPException, _told)
    app.register_error_handler(StoreFailure, _refused_by_store)
    app.register_error_handler(VersionMissing, _version_missing)
    app.register_error_handler(PrintFailed, _not_printed)
    app.register_error_handler(Exception, _unexpected)


def _told(problem: Exception) -> Response:
    """A failure that the web framework names: an unknown page, a request that is too large."""
    assert isinstance(problem, HTTPException)  # noqa: S101 - registered for these alone
    if problem.response is not None:
        return make_response(problem.response)
    cause = getattr(problem, "original_exception", None)
    if isinstance(cause, HTTPException):  # raised where another failure was being handled
        return _told(cause)
    status = problem.code or 500
    response = _page(status, _SPOKEN.get(status, "unexpected"), "" if status < 500 else note(cause or problem))
    for name, value in problem.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _refused_by_store(problem: Exception) -> Response:
    """A failure that the store names in words of its own; only those that come from the disk need a code."""
    assert isinstance(problem, StoreFailure)  # noqa: S101 - registered for these alone
    status = _STORE_STATUS.get(problem.code, 503)
    code = note(problem) if status == 503 else ""
    damaged = isinstance(problem, DamagedStore)
    response = _page(status, "damaged" if damaged else "store", code, spoken(problem), bare=damaged)  # a frame reads
    response.headers["SC-Why"] = quote(spoken(problem))  # for the page that stays with what could not be saved
    if damaged:
        response.headers["SC-Damaged"] = "1"
    return response


def _version_missing(problem: Exception) -> Response:
    assert isinstance(problem, VersionMissing)  # noqa: S101 - registered for these alone
    component = f"{problem.pinned.name} {problem.pinned.version}"
    return _page(409, "version", "", t("failure.version_text", component=component))


def _not_printed(problem: Exception) -> Response:
    return _page(500, "print", note(problem))


def _unexpected(problem: Exception) -> Response:
    if isinstance(problem, Locked):  # only a view that forgot the lock gets here; the guard of the lock answers before
        return locked_page()
    return _page(500, "unexpected", note(problem))


def locked_page(address: str = "/unlock") -> Response:
    """What a request gets that is no navigation while the desk or its screen is locked; htmx goes on to the address."""
    response = _page(401, "locked", "")
    response.headers["HX-Redirect"] = address
    return response


def _page(status: int, key: str, code: str, text: str = "", *, bare: bool = False) -> Response:
    """The page of a failure, in the frame of the desk when that can be drawn."""
    try:
        facts = {"title": t(f"failure.{key}_title"), "text": text or t(f"failure.{key}_text"), "code": code}
        bare = bare or g.get("screen_locked", True)
        body = render_template("failure/index.html", **facts, damaged=key == "damaged", bare=bare)
    except Exception as second:  # noqa: BLE001 - a broken frame must not hide the failure
        _, headers, plain_body = message_page(500, "broken", code=code or note(second))
        return Response(plain_body, status, headers)
    return Response(body, status, mimetype="text/html")
