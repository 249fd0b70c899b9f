"""The endpoint's description as OpenAPI 3.1, served at ``/v1/openapi.json``. In prose: docs/sync-protocol.md."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from endpoint.http.schemas import schemas
from localapp.domain.sync.messages import PROTOCOL
from localapp.domain.sync.signatures import OFFSET_HEADER
from localapp.domain.sync.signing import ENDPOINT_HEADER, INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER

Part = dict[str, Any]
_SIGNED = "signed by the installation"


@cache
def description() -> Part:
    """The whole document. Not to be changed."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "SmartClient endpoint", "version": str(PROTOCOL), "summary": "Intake of advisors' documents"},
        "paths": {**_public(), **_linking(), **_synchronization(), **_attachments(), **_components()},
        "components": {"schemas": schemas(), "responses": {"Refused": _refused()}, "headers": _headers()},
    }


def _headers() -> Part:
    told = "Every answer carries it; one without it is not an endpoint's."
    return {ENDPOINT_HEADER: {"description": told, "required": True, "schema": {"const": "1"}}}


def _marked() -> Part:
    return {ENDPOINT_HEADER: {"$ref": f"#/components/headers/{ENDPOINT_HEADER}"}}


def _json(name: str) -> Part:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _refused() -> Part:
    wait = {"description": "Seconds until the next attempt.", "schema": {"type": "integer"}}
    headers = {**_marked(), "Retry-After": wait}
    return {"description": "Refused, with its reason in words.", "headers": headers, "content": _json("Refusal")}


def _call(told: str, answers: str, *, asks: str | None = None, signed: bool = False) -> Part:
    call: Part = {
        "summary": told,
        "responses": {
            "200": {"description": "Done.", "headers": _marked(), "content": _json(answers)},
            "4XX": {"$ref": "#/components/responses/Refused"},
            "5XX": {"$ref": "#/components/responses/Refused"},
        },
    }
    if asks:
        call["requestBody"] = {"required": True, "content": _json(asks)}
    if signed:
        call["parameters"] = list(_signature())
    return call


def _signature() -> Iterable[Part]:
    for name in (INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER):
        yield {"name": name, "in": "header", "required": True, "description": _SIGNED, "schema": {"type": "string"}}


def _public() -> Part:
    own = _call("This description.", "Service")
    own["responses"]["200"]["content"] = {"application/json": {"schema": {"type": "object"}}}
    return {
        "/v1/": {"get": _call("Whether an endpoint is here, and its time.", "Service")},
        "/v1/openapi.json": {"get": own},
        "/v1/partner-verifications": {
            "post": _call("Verify a partner number before activation.", "Partner", asks="PartnerAsked")
        },
        "/v1/enrolments": {
            "post": _call("Enrol the key that signs the request.", "Enrolled", asks="Enrolment", signed=True)
        },
        "/v1/successions": {
            "post": _call("Enrol a key in the place of the one that signs.", "Enrolled", asks="Succession", signed=True)
        },
    }


def _linking() -> Part:
    return {
        "/v1/link-codes": {"post": _call("Keep a code's digest.", "LinkCodeKept", asks="LinkCode", signed=True)},
        "/v1/links": {"post": _call("Link by a code's proof.", "Linked", asks="Proof", signed=True)},
    }


def _synchronization() -> Part:
    return {
        "/v1/sync/hello": {"post": _call("Begin a session.", "Welcome", asks="Hello", signed=True)},
        "/v1/sync/push": {"post": _call("Send frozen operations.", "PushResults", asks="Push", signed=True)},
        "/v1/sync/manifest": {
            "post": _call("What of a manifest is lost.", "Differences", asks="Manifest", signed=True)
        },
        "/v1/sync/changes": {"post": _call("A page of the change feed.", "Changes", asks="ChangesAsked", signed=True)},
        "/v1/documents/{name}/state": {"get": _state()},
        "/v1/sync/bodies": {"post": _call("Whole revisions, for linked ones.", "Bodies", asks="Wanted", signed=True)},
    }


def _state() -> Part:
    call = _call("What is known of one document now.", "State", signed=True)
    call["parameters"] += [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}]
    return call


def _attachments() -> Part:
    put = _call("Append a part of a sealed file.", "Standing", signed=True)
    put["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": {}}}}
    head = _call("How much of a sealed file is here.", "Standing", signed=True)
    head["responses"]["200"] = {"description": "As headers.", "headers": _marked()}
    offset = {"name": OFFSET_HEADER, "in": "header", "required": True, "schema": {"type": "integer", "minimum": 0}}
    named = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    put["parameters"] += [named, offset]
    head["parameters"] += [named]
    return {"/v1/attachments/{name}": {"head": head, "put": put}}


def _components() -> Part:
    return {
        "/components/metadata/{name}": {"get": _file("A metadata file of the component repository.")},
        "/components/targets/{name}": {"get": _file("A component; its path may have several parts.")},
    }


def _file(told: str) -> Part:
    content: Part = {"application/octet-stream": {"schema": {}}}
    return {
        "summary": told,
        "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "The file.", "headers": _marked(), "content": content},
            "206": {"description": "The range that was asked for.", "headers": _marked(), "content": content},
            "304": {"description": "Not modified.", "headers": _marked()},
            "4XX": {"$ref": "#/components/responses/Refused"},
        },
    }
