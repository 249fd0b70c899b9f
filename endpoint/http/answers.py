"""Answers: JSON, refusals in their one shape, and the header by which a desk knows an endpoint."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Response

from endpoint.refusal import RequestRefused
from localapp.contacts import contacts
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.refusals import REFUSALS
from localapp.domain.sync.signing import ENDPOINT_HEADER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

JSON_TYPE = "application/json"
HEADERS = (
    (ENDPOINT_HEADER, "1"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'"),
)


def json_answer(content: object, status: int = 200) -> Response:
    """An answer of JSON."""
    return Response(json.dumps(content, ensure_ascii=False), status, content_type=JSON_TYPE)


def refusal_body(refusal: Refusal) -> dict[str, Any]:
    """The body of a refusal: its code, a sentence in both languages, and the facts of the sentence."""
    sentences = REFUSALS[refusal.code]
    told = {
        language: sentences[language].format_map(_Known({**refusal.facts, **contacts(language)}))
        for language in ("cs", "en")
    }
    return {"problem": refusal.code, **told, "facts": dict(refusal.facts)}


def refused(refusal: RequestRefused) -> Response:
    """The answer to a refused request."""
    answer = json_answer(refusal_body(refusal.refusal), refusal.status)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


class _Known(dict[str, str]):
    """A sentence is never the reason why a refusal fails."""

    def __missing__(self, key: str) -> str:
        return "–"


class Marked:
    """Every answer of the application carries the endpoint's headers, whoever made it."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(  # noqa: D102 - WSGI
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        def marked(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:  # noqa: ANN401
            present = {name.lower() for name, _ in headers}
            missing = [(name, value) for name, value in HEADERS if name.lower() not in present]
            return start_response(status, [*headers, *missing], *rest)

        return self._application(environ, marked)
