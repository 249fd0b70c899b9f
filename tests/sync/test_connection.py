"""The endpoint is the one fixed at activation; components need the root of trust that came with the installation."""

from pathlib import Path

import pytest

from localapp.domain.sync.messages import Refusal
from localapp.sync.connection import EndpointConnection
from localapp.sync.proxy import Proxy
from localapp.sync.tls import Authorities
from localapp.sync.transport import TransportFailed
from tests.authority import Authority
from tests.sync.component_insurer import Insurer, Served

AUTHORITY = Authority(Path("unused"))
FIXED, OTHER = "https://a.example.cz", "https://b.example.cz"


class Reached:
    """A transport that knows its address only."""

    def __init__(self, address: str, authorities: Authorities, proxy: Proxy | None) -> None:
        self.address, self.authorities, self.proxy = address, authorities, proxy
        self.closed = False

    ask = Served.ask

    def close(self) -> None:
        self.closed = True


def connection(folder: Path, given: str | None = None, *, follows: bool = False) -> EndpointConnection:
    return EndpointConnection(
        folder, lambda: given, lambda: None, authority=AUTHORITY.pem.encode, follows=follows, reach=Reached
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "fixed", "follows", "address"),
    [
        (None, FIXED, False, FIXED),
        (FIXED, FIXED, False, FIXED),
        (FIXED, None, False, FIXED),
        (OTHER, FIXED, True, OTHER),
    ],
)
def test_the_endpoint_is_the_fixed_one_or_the_one_asked_for_before_activation(
    tmp_path: Path, given: str | None, fixed: str | None, *, follows: bool, address: str
) -> None:
    assert connection(tmp_path, given, follows=follows).transport(fixed).address == address


def test_another_endpoint_than_the_fixed_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TransportFailed) as found:
        connection(tmp_path, OTHER).transport(FIXED)
    assert found.value.refusal == Refusal("endpoint_other", {"activated": FIXED, "asked": OTHER})


@pytest.mark.parametrize("follows", [True, False])
def test_without_any_address_nothing_can_be_reached(tmp_path: Path, *, follows: bool) -> None:
    with pytest.raises(TransportFailed) as found:
        connection(tmp_path, follows=follows).transport(None)
    assert found.value.refusal.code == "endpoint_unreachable"


def test_one_connection_is_kept_for_an_address_and_given_back(tmp_path: Path) -> None:
    kept = connection(tmp_path, FIXED)
    transport = kept.transport(None)
    assert kept.transport(FIXED) is transport
    kept.close()
    assert isinstance(transport, Reached)
    assert transport.closed


def test_without_the_root_of_trust_components_are_not_asked_for(tmp_path: Path, served: Served) -> None:
    alone = connection(tmp_path, FIXED)
    assert alone.update_components(served, lambda _: None) == Refusal("trust_root_missing", {})
    assert (served.asked, alone.is_ready) == ([], False)


def test_with_it_the_desk_is_ready_after_the_first_update(tmp_path: Path, insurer: Insurer, served: Served) -> None:
    trusting = EndpointConnection(tmp_path / "components", lambda: FIXED, lambda: insurer.root)
    assert not trusting.is_ready
    assert trusting.update_components(served, lambda _: None) is None
    assert trusting.is_ready
