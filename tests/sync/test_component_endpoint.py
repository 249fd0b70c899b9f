"""The desk's update against the endpoint's own routes, in one process."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from endpoint import demo
from endpoint.application import Endpoint, create_endpoint
from endpoint.publishing.publisher import Publisher
from localapp import clock
from localapp.sync import component_download
from localapp.sync.components import Components
from localapp.sync.transport import LARGEST_ANSWER, Reply, checked
from tests.sync.component_insurer import ALL, NEXT_OFFER, Insurer


class Called:
    """A Transport to an endpoint in this process."""

    address = "http://127.0.0.1:1"

    def __init__(self, endpoint: Endpoint) -> None:
        self._client = endpoint.app.test_client()

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        """See Transport."""
        answer = self._client.open(target, method=method, headers=dict(headers), data=body, buffered=True)
        assert len(answer.get_data()) <= most
        return checked(answer.status_code, dict(answer.headers), answer.get_data())


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    """A demonstration endpoint with its components."""
    demo.seed(tmp_path / "insurer")
    running = create_endpoint(tmp_path / "insurer")
    yield running
    running.close()


def test_three_days_of_a_desk_and_its_endpoint(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component_download, "PIECE", 50_000)
    insurer = Insurer(tmp_path / "insurer", tmp_path / "drafts")
    desk = Components(tmp_path / "desk", insurer.root)
    transport = Called(endpoint)
    assert desk.update(transport).installed == ALL
    with clock.moved_by(timedelta(days=4)):
        refusal = desk.update(transport).refusal
        assert refusal is not None
        assert refusal.code == "components_expired"
        Publisher(tmp_path / "insurer").refresh()
        insurer.publish(NEXT_OFFER)
        assert desk.update(transport).installed == (NEXT_OFFER,)
    assert endpoint.parts.layout.versions.joinpath(NEXT_OFFER.place).is_dir()
