"""The endpoint in this process, at noon of a business day, with the cast enrolled and greeted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from endpoint.application import Endpoint, create_endpoint
from localapp import clock
from tests.copied import put_endpoint
from tests.endpoint.described import DescribedClient
from tests.endpoint.made_up import OTHER_PARTNER, Desk

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)


@pytest.fixture
def at_noon() -> Iterator[None]:
    """It is noon in Prague."""
    with clock.moved_to(NOON):
        yield


@pytest.fixture
def endpoint(at_noon: None, tmp_path: Path) -> Iterator[Endpoint]:  # noqa: ARG001 - it begins at noon
    """A seeded endpoint."""
    put_endpoint(tmp_path / "endpoint", publish=False)
    running = create_endpoint(tmp_path / "endpoint")
    yield running
    running.close()


@pytest.fixture
def http(endpoint: Endpoint) -> FlaskClient:
    """Somebody who asks the endpoint."""
    endpoint.app.test_client_class = DescribedClient
    return endpoint.app.test_client()


def greeted(desk: Desk) -> Desk:
    """The desk, enrolled and in its first session."""
    desk.enrol()
    desk.hello()
    return desk


@pytest.fixture
def alena(http: FlaskClient) -> Desk:
    """Alena's first installation."""
    return greeted(Desk(http))


@pytest.fixture
def borek(http: FlaskClient) -> Desk:
    """Bořek, of the same partner."""
    return greeted(Desk(http, advisor_code="borek"))


@pytest.fixture
def cyril(http: FlaskClient) -> Desk:
    """Cyril, of another partner."""
    return greeted(Desk(http, partner_number=OTHER_PARTNER, advisor_code="cyril"))


@pytest.fixture
def impostor(alena: Desk, http: FlaskClient) -> Desk:  # noqa: ARG001 - she comes first
    """A further installation that names Alena and has not been linked."""
    return greeted(Desk(http, advisor_code=" ALENA "))
