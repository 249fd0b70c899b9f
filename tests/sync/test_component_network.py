"""Networks that fail, over real loopback sockets: nobody there, silence, a broken stream, a page of somebody else."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from localapp.sync import component_download
from localapp.sync.component_download import ask_within
from localapp.sync.components import Components
from localapp.sync.transport import HttpTransport, Reply, TransportFailed
from tests.sync.component_insurer import ALL, CALC, NEXT_LIBRARY, Folder, Insurer, Served

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
LONG = 60.0


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Nothing: the test says what it needs."""


@contextlib.contextmanager
def serving(application: Application) -> Iterator[HttpTransport]:
    """A real server on the loopback interface, and the transport to it."""
    server: WSGIServer = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    transport = HttpTransport(f"http://127.0.0.1:{server.server_port}")
    yield transport
    transport.close()
    server.shutdown()
    thread.join()
    server.server_close()


def code_of(components: Components, transport: HttpTransport | Served) -> str:
    refusal = components.update(transport).refusal
    assert refusal is not None
    return refusal.code


def test_over_real_http_everything_is_fetched_and_a_new_version_after_it(
    components: Components, insurer: Insurer
) -> None:
    with serving(Folder(insurer.served)) as transport:
        assert components.update(transport).installed == ALL
        insurer.publish(NEXT_LIBRARY)
        assert components.update(transport).installed == (NEXT_LIBRARY,)
        assert components.update(transport).installed == ()


class Breaking:
    """Serves a folder and breaks the stream of the third piece of a target in its midst."""

    def __init__(self, folder: Folder) -> None:
        self.folder, self.ranges, self.broken = folder, list[str](), False

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
        with contextlib.closing(self.folder(environ, start)) as answer:
            whole = b"".join(answer)
        if "HTTP_RANGE" in environ:
            self.ranges.append(environ["HTTP_RANGE"])
            if len(self.ranges) == 3 and not self.broken:
                self.broken = True
                return [whole[:100]]
        return [whole]


def test_a_stream_that_breaks_is_continued_at_the_last_whole_piece(
    components: Components, insurer: Insurer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component_download, "PIECE", 30_000)
    breaking = Breaking(Folder(insurer.served))
    with serving(breaking) as transport:
        assert code_of(components, transport) == "endpoint_unreachable"
        assert breaking.ranges.pop() == "bytes=60000-81901"
        assert components.update(transport).installed == ALL
        assert breaking.ranges[2] == "bytes=60000-81901"


def endless(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
    start("200 OK", [("SmartClient-Endpoint", "1")])
    while True:
        yield b"x" * 65536


def page(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
    start("200 OK", [("Content-Type", "text/html")])
    return [b"<html>Log in to the network</html>"]


def elsewhere(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
    start("302 Found", [("Location", "http://127.0.0.1:1/login")])
    return []


def failing(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
    start("503 Service Unavailable", [("SmartClient-Endpoint", "1")])
    return []


def empty(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
    start("404 Not Found", [("SmartClient-Endpoint", "1")])
    return []


@pytest.mark.parametrize(
    ("application", "code"),
    [
        (endless, "endpoint_not_recognized"),
        (page, "network_login"),
        (elsewhere, "network_login"),
        (failing, "endpoint_failed"),
        (empty, "endpoint_failed"),
    ],
)
def test_what_is_not_the_endpoint_or_is_ill_is_told(
    components: Components, served: Served, application: Application, code: str
) -> None:
    components.update(served)
    with serving(application) as transport:
        assert code_of(components, transport) == code
    assert components.active(CALC) == {"flexi-demo": "2026.1"}


def test_a_closed_port_is_told(components: Components, served: Served) -> None:
    components.update(served)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        transport = HttpTransport(f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert code_of(components, transport) == "endpoint_unreachable"
    assert components.active(CALC) == {"flexi-demo": "2026.1"}


def test_a_black_hole_ends_at_the_desks_patience_not_at_the_sockets(insurer: Insurer, tmp_path: Path) -> None:
    components = Components(tmp_path / "desk", insurer.root, patience=0.05)
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(5)
        transport = HttpTransport(f"http://127.0.0.1:{hole.getsockname()[1]}", seconds=LONG)
        assert code_of(components, transport) == "endpoint_unreachable"


class Silent(Served):
    """Never answers, and counts how often it was asked."""

    def __init__(self, insurer: Insurer) -> None:
        super().__init__(insurer.served)
        self.released = threading.Event()

    def ask(self, *args: Any, **kwargs: Any) -> Reply:  # noqa: ANN401, ARG002 - the signature is Served's
        """See Transport."""
        self.asked.append(args[1])
        self.released.wait(LONG)
        raise TransportFailed("endpoint_unreachable")


def test_a_dead_network_costs_one_patience_however_much_is_to_fetch(insurer: Insurer, tmp_path: Path) -> None:
    silent = Silent(insurer)
    components = Components(tmp_path / "desk", insurer.root, patience=0.05)
    assert code_of(components, silent) == "endpoint_unreachable"
    assert silent.asked == ["/components/metadata/2.root.json"]
    silent.released.set()


def test_a_defect_of_a_transport_is_not_taken_for_a_network() -> None:
    class Broken(Served):
        def __init__(self) -> None:
            pass

        def ask(self, *_: object, **__: object) -> Reply:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_within(LONG, Broken(), "/", {}, 1)
