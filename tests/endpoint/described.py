"""A client that checks every answer against the endpoint's own description."""

import re
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from endpoint.http.openapi import description

_PATHS = {re.compile(re.sub(r"\{name\}", ".+", path)): each for path, each in description()["paths"].items()}


class DescribedClient(FlaskClient):
    """Asks the endpoint in this process."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # noqa: ANN401 - the signature is Flask's
        """Ask, and check status, header and body of the answer."""
        kwargs.setdefault("buffered", True)
        answer = super().open(*args, **kwargs)
        check(answer)
        return answer


def check(answer: TestResponse) -> None:
    """Raise AssertionError for an answer that is not described."""
    assert answer.headers["SmartClient-Endpoint"] == "1"
    assert answer.status_code < 500 or (answer.status_code, "Retry-After" in answer.headers) == (503, True), answer.text
    path, method = answer.request.path, answer.request.method.lower()
    described = _described(path).get(method)
    if method == "head":
        assert not answer.data
    elif answer.status_code >= 400:
        _check_json(answer, {"$ref": "#/components/schemas/Refusal"})
    else:
        assert described is not None, f"{method} {path} is not described"
        content = described["responses"][str(answer.status_code)].get("content", {})
        if "application/json" in content:
            _check_json(answer, content["application/json"]["schema"])


def _check_json(answer: TestResponse, schema: dict[str, Any]) -> None:
    assert answer.content_type == "application/json"
    Draft202012Validator({**schema, "components": description()["components"]}).validate(answer.get_json())


def _described(path: str) -> dict[str, Any]:
    return next((each for pattern, each in _PATHS.items() if pattern.fullmatch(path)), {})
