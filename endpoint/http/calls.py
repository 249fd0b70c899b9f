"""The calls of docs/sync-protocol.md: each reads its message, asks one core in one transaction, answers."""

import base64
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from endpoint import auditing, bodies, counting, documents, enrolment, feed, greeting, linking, partners, succession
from endpoint.authentication import authenticate
from endpoint.fields import bytes_of, identifier, is_identifier, is_storable, text_of
from endpoint.http.answers import json_answer
from endpoint.http.bodies import read_body, read_message, signed
from endpoint.http.openapi import description
from endpoint.intake.push import push
from endpoint.intake.reading import read_push
from endpoint.parts import Parts
from endpoint.refusal import RequestRefused
from localapp import clock
from localapp.domain.sync.bodies import Wanted, read_wanted
from localapp.domain.sync.manifest import Listed, read_manifest
from localapp.domain.sync.messages import PROTOCOL, Hello, read_hello
from localapp.domain.sync.parts import MessageRefused


def calls(parts: Parts) -> Blueprint:
    """The routes under ``/v1``."""
    routes = Blueprint("calls", __name__, url_prefix="/v1")
    _public(routes, parts)
    _linking(routes, parts)
    _sessions(routes, parts)
    _synchronization(routes, parts)
    _state(routes, parts)
    return routes


def _public(routes: Blueprint, parts: Parts) -> None:
    @routes.get("/", strict_slashes=False)
    def service() -> Response:
        return json_answer({"service": "smartclient-endpoint", "protocol": PROTOCOL, "server_time": clock.stamp()})

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return json_answer(description())

    @routes.post("/partner-verifications")
    def verify_partner() -> Response:
        message = read_message(read_body(request))
        with parts.database.read() as connection:
            partner = partners.admit(connection, text_of(message, "partner_number"))
        return json_answer({"partner_number": partner.number, "partner_name": partner.name})

    @routes.post("/enrolments")
    def enrol() -> Response:
        body = read_body(request)
        message = read_message(body)
        with parts.database.write() as connection:
            enrolled = enrolment.enrol(connection, message, signed(request, body))
        return _enrolled(parts, enrolled)

    @routes.post("/successions")
    def succeed() -> Response:
        body = read_body(request)
        with parts.database.write() as connection:
            caller = authenticate(connection, signed(request, body), begins=True)
            message = read_message(body)
            installation, key = identifier(message, "installation"), enrolment.public_key_of(message)
            enrolled = succession.succeed(connection, caller, installation, key)
        return _enrolled(parts, enrolled)


def _enrolled(parts: Parts, enrolled: enrolment.Enrolled) -> Response:
    key = base64.b64encode(parts.keys.intake_public).decode("ascii")
    return json_answer({**asdict(enrolled), "intake_key": key, "server_time": clock.stamp()})


def _linking(routes: Blueprint, parts: Parts) -> None:
    @routes.post("/link-codes")
    def make_link_code() -> Response:
        body = read_body(request)
        with parts.database.write() as connection:
            caller = authenticate(connection, signed(request, body), writes=True)
            message = read_message(body)
            proof, wrapped = text_of(message, "proof_hash"), text_of(message, "wrapped_key")
            expires_at = linking.make_code(connection, caller, proof, wrapped)
        return json_answer({"expires_at": expires_at, "minutes": int(linking.LIFE.total_seconds()) // 60})

    @routes.post("/links")
    def link() -> Response:
        body = read_body(request)
        with parts.database.write() as connection:
            caller = authenticate(connection, signed(request, body), writes=True)
            linked = linking.link(connection, caller, bytes_of(read_message(body), "proof"))
        if isinstance(linked, RequestRefused):
            raise linked
        return json_answer({"linked": True, "wrapped_key": linked})


def _sessions(routes: Blueprint, parts: Parts) -> None:
    @routes.post("/sync/hello")
    def hello() -> Response:
        body = read_body(request)
        with parts.database.write() as connection:
            caller = authenticate(connection, signed(request, body), begins=True)
            welcome = greeting.greet(connection, caller, _hello(read_message(body)))
        return json_answer(welcome.as_json())


def _synchronization(routes: Blueprint, parts: Parts) -> None:
    @routes.post("/sync/push")
    def receive() -> Response:
        body = read_body(request)
        asked = signed(request, body)
        with parts.database.read() as connection:
            authenticate(connection, asked, writes=True)
        message = read_message(body)
        operations = read_push(message)
        with parts.database.write() as connection:
            caller = authenticate(connection, asked, writes=True)
            read_all = "cursor" in message and feed.is_at_end(connection, caller, _cursor(message), _stream(message))
            results = push(connection, caller, operations)
            following = counting.sequence(connection) if read_all else None
        parts.received()
        return json_answer({"results": [each.as_json() for each in results], "next": following})

    @routes.post("/sync/manifest")
    def manifest() -> Response:
        body = read_body(request)
        with parts.database.read() as connection:
            caller = authenticate(connection, signed(request, body))
            found = auditing.compare(connection, caller, _listed(read_message(body)))
        return json_answer(found.as_json())

    @routes.post("/sync/changes")
    def changes() -> Response:
        body = read_body(request)
        with parts.database.read() as connection:
            caller = authenticate(connection, signed(request, body))
            message = read_message(body)
            found = feed.changes(connection, caller, _cursor(message), _stream(message))
        return json_answer(found.as_json())

    @routes.post("/sync/bodies")
    def give_bodies() -> Response:
        body = read_body(request)
        with parts.database.read() as connection:
            caller = authenticate(connection, signed(request, body))
            found = bodies.bodies(connection, caller, _wanted(read_message(body)))
        return json_answer(found.as_json())


def _state(routes: Blueprint, parts: Parts) -> None:
    @routes.get("/documents/<name>/state")
    def state(name: str) -> Response:
        """A document of somebody else is told from one that does not exist by nothing."""
        asked = signed(request, read_body(request))
        with parts.database.read() as connection:
            caller = authenticate(connection, asked)
            if not is_identifier(name):
                raise RequestRefused("malformed", reason="document")
            found = documents.by_uuid(connection, [name]).get(name)
        facts = found.facts().as_json() if found and found.is_visible_to(caller) else None
        return json_answer({"facts": facts, "server_time": clock.stamp()})


def _hello(message: Mapping[str, Any]) -> Hello:
    try:
        found = read_hello(message)
    except MessageRefused as refused:
        raise RequestRefused("malformed", reason=str(refused)[:100]) from None
    if not (all(map(is_storable, (found.version, found.stream, found.lease_previous, found.lease_next)))):
        raise RequestRefused("malformed", reason="version")
    return found


def _wanted(message: Mapping[str, Any]) -> list[Wanted]:
    try:
        found = read_wanted(message)
    except MessageRefused as refused:
        raise RequestRefused("malformed", reason=str(refused)[:100]) from None
    if not all(is_identifier(document) for document, _ in found):
        raise RequestRefused("malformed", reason="want")
    return found


def _listed(message: Mapping[str, Any]) -> list[Listed]:
    try:
        return read_manifest(message)
    except MessageRefused as refused:
        raise RequestRefused("malformed", reason=str(refused)[:100]) from None


def _cursor(message: Mapping[str, Any]) -> int:
    found = message.get("cursor")
    if type(found) is not int or not 0 <= found < 1 << 62:
        raise RequestRefused("malformed", reason="cursor")
    return found


def _stream(message: Mapping[str, Any]) -> str:
    return "" if message.get("stream") == "" else text_of(message, "stream")
