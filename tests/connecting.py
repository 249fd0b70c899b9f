"""Connections for tests: none at all, or an endpoint in this process."""

from collections.abc import Mapping
from pathlib import Path

from werkzeug.test import Client

from localapp.calculation.components import ComponentFolders, PlainFolders
from localapp.domain.sync.messages import Refusal
from localapp.store.records import Keys
from localapp.sync.component_report import Told
from localapp.sync.proxy import Proxy
from localapp.sync.transport import LARGEST_ANSWER, Reply, Transport, TransportFailed, checked
from localapp.web.desk import Desk
from tests.store.made_up import enrolled

NOWHERE = "http://127.0.0.1:1"


class Offline:
    """No network; the components that came with the program."""

    folders: ComponentFolders = PlainFolders()
    is_ready = True
    authority = ""

    def transport(self, fixed: str | None, pinned: str = "", proxy: Proxy | None = None) -> Transport:  # noqa: ARG002 - as the protocol has it
        raise TransportFailed("endpoint_unreachable")

    def update_components(self, transport: Transport, tell: Told) -> Refusal | None:
        raise NotImplementedError("nothing is updated without a network")

    def close(self) -> None:
        pass


def enrolled_desk(folder: Path, keys: Keys) -> Desk:
    """An open desk that has been activated long ago and has no network."""
    desk = Desk(folder, Offline(), demo=True)
    desk.unlock(keys)
    if desk.store.sync.enrolment() is None:
        enrolled(desk.store)
    return desk


class InProcess:
    """A transport whose endpoint answers in this process; ``cut`` makes the network fail."""

    address = "http://127.0.0.1:8700"

    def __init__(self, client: Client) -> None:
        self._client = client
        self.cut = False
        self.asked: list[str] = []

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        if self.cut:
            raise TransportFailed("endpoint_unreachable")
        self.asked.append(target)
        answer = self._client.open(
            target, method=method, headers=dict(headers), data=body, base_url=self.address, buffered=True
        )
        return checked(answer.status_code, dict(answer.headers.items()), answer.get_data()[:most])

    def close(self) -> None:
        pass
