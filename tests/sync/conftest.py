"""A seeded insurer for each test, and a desk that trusts it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from endpoint.application import Endpoint, create_endpoint
from endpoint.publishing.publisher import seed
from localapp import paths
from localapp.store.store import Store
from localapp.sync.components import Components
from tests.copied import put_endpoint, put_store
from tests.store.made_up import KEYS
from tests.sync.answering import Computer, Line
from tests.sync.component_insurer import Insurer, Served
from tests.sync.copying import copied, opened


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an endpoint with everything of the checkout published."""
    data_dir = tmp_path_factory.mktemp("seeded") / "endpoint"
    seed(data_dir, paths.components())
    return data_dir


@pytest.fixture
def insurer(seeded: Path, tmp_path: Path) -> Insurer:
    """A repository of its own for each test."""
    return Insurer(Path(shutil.copytree(seeded, tmp_path / "endpoint")), tmp_path / "drafts")


@pytest.fixture
def served(insurer: Insurer) -> Served:
    """The way to the insurer, in this process."""
    return Served(insurer.served)


@pytest.fixture
def desk_folder(tmp_path: Path) -> Path:
    """The desk's folder of components."""
    return tmp_path / "desk" / "components"


@pytest.fixture
def components(desk_folder: Path, insurer: Insurer) -> Components:
    """A desk that has nothing yet but the first root."""
    return Components(desk_folder, insurer.root)


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    """The real endpoint with its demonstration's partners."""
    put_endpoint(tmp_path / "insurer", publish=False)
    running = create_endpoint(tmp_path / "insurer")
    yield running
    running.close()


@pytest.fixture
def fresh(endpoint: Endpoint, tmp_path: Path) -> Iterator[Computer]:
    """A computer that has not been activated."""
    (tmp_path / "alena").mkdir(mode=0o700)
    put_store(tmp_path / "alena")
    store = Store.open(tmp_path / "alena" / "documents.db", KEYS)
    yield Computer(store, Line(endpoint))
    store.close()


@pytest.fixture
def alena(fresh: Computer) -> Computer:
    """Alena's computer, activated and with numbers."""
    fresh.enrol()
    assert fresh.synchronize().refusal is None
    return fresh


@pytest.fixture
def clone(alena: Computer, endpoint: Endpoint, tmp_path: Path) -> Iterator[Computer]:
    """A copy of Alena's folder on the same computer."""
    found = opened(copied(alena, tmp_path / "clone"), endpoint)
    yield found
    found.store.close()
