"""The messages as JSON Schema: what ``localapp.domain.sync`` reads and writes, for people and tools of others."""

from typing import Any, Final

from localapp.domain.lifecycle import Kind
from localapp.domain.sync.bodies import MOST_BODIES
from localapp.domain.sync.manifest import MOST_LISTED
from localapp.domain.sync.messages import MOST_CHANGES, MOST_OPERATIONS
from localapp.domain.sync.operations import Outcome
from localapp.domain.sync.refusals import REFUSALS

Schema = dict[str, Any]

_ID: Final = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
_DIGEST: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 400}
_MOMENT: Final = {"type": "string", "format": "date-time", "pattern": "^\\d{4}-\\d{2}-\\d{2}T.*[+]00:00$"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_FLAG: Final = {"type": "boolean"}
_BASE64: Final = {"type": "string", "contentEncoding": "base64"}
_STREAM: Final = {"type": "string", "maxLength": 400}
_DOCUMENT_AND_REVISION: Final = {"type": "array", "prefixItems": [_ID, _COUNT], "minItems": 2, "maxItems": 2}
_FACTS: Final = {"type": "object", "additionalProperties": {"type": "string"}}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Schema, *, optional: tuple[str, ...] = (), open_: bool = False) -> Schema:
    required = [name for name in properties if name not in optional]
    closed: Schema = {} if open_ else {"additionalProperties": False}
    return {"type": "object", "properties": properties, "required": required, **closed}


def _asked(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    """What comes in may have fields of a later version; they are passed over."""
    return _object(properties, optional=optional, open_=True)


def schemas() -> dict[str, Schema]:
    """All schemas by name."""
    return {**_common(), **_facts(), **_activation(), **_links(), **_sessions(), **_pushes(), **_feed(), **_bodies()}


def _common() -> dict[str, Schema]:
    return {
        "Service": _object(
            {"service": {"const": "smartclient-endpoint"}, "protocol": {"const": 1}, "server_time": _MOMENT}
        ),
        "Refusal": _object({"problem": {"enum": sorted(REFUSALS)}, "cs": _TEXT, "en": _TEXT, "facts": _FACTS}),
        "Reason": _object({"code": {"enum": sorted(REFUSALS)}, "facts": _FACTS}),
    }


def _facts() -> dict[str, Schema]:
    moments = ("evaluated_at", "returned_at", "cancelled_at", "exported_at", "signed_at")
    return {
        "Document": _object(
            {
                "document": _ID,
                "number": {"type": "string", "pattern": "^[NMZO][0-9]{2}-[0-9]{6}$"},
                "kind": {"enum": sorted(Kind)},
                "sequence": _COUNT,
                "revision": _COUNT,
                "digest": _DIGEST,
                "backed_up_at": _MOMENT,
                **{name: _maybe(_MOMENT) for name in moments},
                "returned": _maybe(_ref("Reason")),
                "exported_revision": _maybe(_COUNT),
                "export": _maybe(_TEXT),
                "position": _maybe(_COUNT),
                "attachments_missing": _COUNT,
                "verified": _FLAG,
            }
        ),
    }


def _activation() -> dict[str, Schema]:
    required = {"first_name": _TEXT, "last_name": _TEXT, "advisor_code": _TEXT, "cnb_registration_number": _TEXT}
    optional: Schema = {name: {"type": "string"} for name in ("title", "phone", "email")}
    return {
        "PartnerAsked": _asked({"partner_number": _TEXT}),
        "Partner": _object({"partner_number": {"type": "string", "pattern": "^9[0-9]{4,8}$"}, "partner_name": _TEXT}),
        "Advisor": _object({**required, **optional}, optional=tuple(optional)),
        "Enrolment": _asked(
            {
                "installation": _ID,
                "partner_number": _TEXT,
                "public_key": _BASE64,
                "advisor": _ref("Advisor"),
                "version": _TEXT,
            }
        ),
        "Succession": _asked({"installation": _ID, "public_key": _BASE64}),
        "Enrolled": _object(
            {
                "installation": _ID,
                "linked": _FLAG,
                "known": _FLAG,
                "partner_name": _TEXT,
                "intake_key": _BASE64,
                "server_time": _MOMENT,
            }
        ),
    }


def _links() -> dict[str, Schema]:
    return {
        "LinkCode": _asked({"proof_hash": _DIGEST, "wrapped_key": _BASE64}),
        "LinkCodeKept": _object({"expires_at": _MOMENT, "minutes": _COUNT}),
        "Proof": _asked({"proof": _BASE64}),
        "Linked": _object({"linked": {"const": True}, "wrapped_key": _BASE64}),
    }


def _sessions() -> dict[str, Schema]:
    numbers = _object({"prefix": _TEXT, "first": _COUNT, "last": _COUNT})
    return {
        "Hello": _asked(
            {
                "cursor": _COUNT,
                "stream": _STREAM,
                "waiting": _COUNT,
                "numbers": {"type": "object", "additionalProperties": _COUNT},
                "version": _TEXT,
                "lease_previous": _STREAM,
                "lease_next": _STREAM,
                "protocol": _COUNT,
            }
        ),
        "Welcome": _object(
            {
                "session": _TEXT,
                "stream": _TEXT,
                "sequence": _COUNT,
                "server_time": _MOMENT,
                "cutoff_at": _MOMENT,
                "linked": _FLAG,
                "changed": _FLAG,
                "partner_name": _TEXT,
                "partner_ended": _FLAG,
                "numbers": {"type": "array", "items": numbers},
                "notices": {"type": "array", "items": _TEXT},
                "exported": _maybe(_object({"key": _TEXT, "cutoff_at": _MOMENT, "frozen_at": _MOMENT})),
            }
        ),
    }


def _pushes() -> dict[str, Schema]:
    return {
        "Push": _asked(
            {
                "operations": {"type": "array", "maxItems": MOST_OPERATIONS, "items": {"type": ["object", "string"]}},
                "cursor": _COUNT,
                "stream": _STREAM,
            },
            optional=("cursor", "stream"),
        ),
        "PushResult": _object(
            {
                "operation": _TEXT,
                "outcome": {"enum": sorted(Outcome)},
                "refusal": _maybe(_ref("Reason")),
                "facts": _maybe(_ref("Document")),
                "planned_export_at": _maybe(_MOMENT),
            }
        ),
        "PushResults": _object({"results": {"type": "array", "items": _ref("PushResult")}, "next": _maybe(_COUNT)}),
    }


def _feed() -> dict[str, Schema]:
    entry = {"type": "array", "prefixItems": [_ID, _COUNT, _DIGEST, _FLAG, _FLAG], "minItems": 5, "maxItems": 5}
    ids = {"type": "array", "maxItems": MOST_LISTED, "items": _ID}
    newest = {"type": "array", "maxItems": MOST_LISTED, "items": _DOCUMENT_AND_REVISION}
    return {
        "Manifest": _asked({"documents": {"type": "array", "maxItems": MOST_LISTED, "items": entry}}),
        "Differences": _object({"unknown": ids, "differs": newest}),
        "State": _object({"facts": _maybe(_ref("Document")), "server_time": _MOMENT}),
        "ChangesAsked": _asked({"cursor": _COUNT, "stream": _STREAM}),
        "Changes": _object(
            {
                "stream": _TEXT,
                "documents": {"type": "array", "maxItems": MOST_CHANGES, "items": _ref("Document")},
                "next": _COUNT,
                "more": _FLAG,
                "resync": _FLAG,
            }
        ),
    }


def _bodies() -> dict[str, Schema]:
    pairs = {
        "type": "array",
        "maxItems": MOST_BODIES,
        "items": _DOCUMENT_AND_REVISION,
    }
    body = _object({"document": _ID, "revision": _COUNT, "envelope": {"type": "string"}, "backed_up_at": _MOMENT})
    return {
        "Wanted": _asked({"want": pairs}),
        "Standing": _object({"offset": _COUNT, "size": _COUNT}),
        "Bodies": _object({"bodies": {"type": "array", "items": body}, "left_out": pairs, "unknown": pairs}),
    }
