"""The endpoint describes what it answers."""

from flask.testing import FlaskClient
from openapi_spec_validator import validate
from werkzeug.routing import Rule

from endpoint.application import Endpoint
from endpoint.http.openapi import description


def test_the_description_is_valid_openapi(http: FlaskClient) -> None:
    served = http.get("/v1/openapi.json").get_json()
    validate(served)
    assert served["openapi"].startswith("3.1")


def _methods(rule: Rule) -> set[str]:
    """HEAD comes with every GET; a route of its own is described."""
    methods = (rule.methods or set()) - {"OPTIONS"}
    return methods - {"HEAD"} if "GET" in methods else methods


def test_every_route_is_described_and_every_described_call_exists(endpoint: Endpoint) -> None:
    routes = {
        (rule.rule.replace("<path:name>", "{name}").replace("<name>", "{name}"), method.lower())
        for rule in endpoint.app.url_map.iter_rules()
        for method in (rule.methods or set())
        - ({"HEAD", "OPTIONS"} if "GET" in (rule.methods or set()) else {"OPTIONS"})
    }
    assert routes == {(path, method) for path, calls in description()["paths"].items() for method in calls}
