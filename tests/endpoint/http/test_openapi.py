"""The endpoint describes what it answers."""

from flask.testing import FlaskClient
from openapi_spec_validator import validate

from endpoint.application import Endpoint
from endpoint.http.openapi import description


def test_the_description_is_valid_openapi(http: FlaskClient) -> None:
    served = http.get("/v1/openapi.json").get_json()
    validate(served)
    assert served["openapi"].startswith("3.1")


def test_every_route_is_described_and_every_described_call_exists(endpoint: Endpoint) -> None:
    routes = {
        (rule.rule.replace("<path:name>", "{name}").replace("<name>", "{name}"), method.lower())
        for rule in endpoint.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, calls in description()["paths"].items() for method in calls}
