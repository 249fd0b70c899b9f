"""The lane of sealed files: ``HEAD`` says how much of one is here, ``PUT`` appends a part."""

import re

from flask import Blueprint, Response, request

from endpoint.attachments import Attachments
from endpoint.authentication import authenticate
from endpoint.http.answers import json_answer
from endpoint.http.bodies import read_body, signed
from endpoint.parts import Parts
from endpoint.refusal import RequestRefused
from localapp.domain.sync.signatures import LENGTH_HEADER, OFFSET_HEADER

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_OFFSET = re.compile(r"[0-9]{1,12}", re.ASCII)


def attachments(parts: Parts) -> Blueprint:
    """The routes under ``/v1/attachments``."""
    routes = Blueprint("attachments", __name__, url_prefix="/v1/attachments")
    kept = Attachments(parts.layout.attachments)

    @routes.route("/<name>", methods=["HEAD"])
    def standing(name: str) -> Response:
        with parts.database.write() as connection:
            caller = authenticate(connection, signed(request, read_body(request)))
            found = kept.standing(connection, caller, _digest(name))
        answer = Response("", 200)
        answer.headers[OFFSET_HEADER], answer.headers[LENGTH_HEADER] = str(found.offset), str(found.size)
        return answer

    @routes.put("/<name>")
    def append(name: str) -> Response:
        body = read_body(request)
        asked = signed(request, body)
        with parts.database.write() as connection:
            caller = authenticate(connection, asked)
            found = kept.take(connection, caller, _digest(name), _offset(), body)
        return json_answer({"offset": found.offset, "size": found.size})

    return routes


def _digest(found: str) -> str:
    if not _DIGEST.fullmatch(found):
        raise RequestRefused("malformed", reason="digest")
    return found


def _offset() -> int:
    found = request.headers.get(OFFSET_HEADER, "")
    if not _OFFSET.fullmatch(found):
        raise RequestRefused("malformed", reason=OFFSET_HEADER)
    return int(found)
