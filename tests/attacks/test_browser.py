"""Attacks 7, 10, 11, 13 in a real Chromium: what a stranger's page on another local port can reach."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from localapp import server
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from localapp.web.opening import Door, OpeningAddresses
from tests.running import RunningDesk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.browser


@dataclass
class Stranger:
    """Somebody else's web server on this computer: ``page`` is what it serves, ``heard`` which cookies it was sent."""

    port: int
    page: str = ""
    heard: list[str | None] = field(default_factory=list)


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.heard.append(self.headers.get("Cookie"))
            body = found.page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        found = Stranger(listening.server_address[1])
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield found
        listening.shutdown()
        thread.join()


@pytest.fixture
def context(chromium: "Browser") -> "Iterator[BrowserContext]":
    with closing(chromium.new_context(locale="cs-CZ")) as fresh:
        yield fresh


@dataclass
class Named:
    """A desk in this process under a given host name."""

    guard: Guard
    addresses: OpeningAddresses


@pytest.fixture(params=["127.0.0.1", "sc-0a1b2c3d.localhost"])
def named(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Named]:
    listener = server.bind(0)
    guard = Guard(f"{request.param}:{listener.getsockname()[1]}")
    addresses = OpeningAddresses(guard.origin)
    door = Door(guard, addresses)
    door.ready(create_app(desk, guard))
    serving = server.Server(listener, door)
    serving.start()
    yield Named(guard, addresses)
    serving.stop()


def test_7_the_desk_opens_from_a_file_under_both_kinds_of_name(
    named: Named, context: "BrowserContext", tmp_path: Path
) -> None:
    opener = tmp_path / "open.html"
    opener.write_text(f'<meta http-equiv="refresh" content="0;url={named.addresses.issue()}">')
    page = context.new_page()
    page.goto(opener.as_uri())
    page.wait_for_url(f"{named.guard.origin}/documents")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    assert "/open/" not in page.evaluate("document.referrer")


def test_10_under_a_name_of_its_own_no_other_port_hears_the_session(
    named: Named, context: "BrowserContext", stranger: Stranger
) -> None:
    page = context.new_page()
    page.goto(named.addresses.issue())
    page.wait_for_url("**/documents")
    for host in ("127.0.0.1", "localhost"):
        page.goto(f"http://{host}:{stranger.port}/")
    heard = [cookie for cookie in stranger.heard if cookie]
    if named.guard.authority.startswith("127."):
        assert heard
        assert all(named.guard.session_of(cookie) for cookie in heard)  # why the name is preferred
    else:
        assert heard == []


ATTACK = """<title>waiting</title>
<iframe name="sink"></iframe><iframe id="framed" src="{origin}/documents"></iframe>
<img src="{origin}/static/mark.svg" onload="document.title='image read'">
<form id="f" method="post" action="{origin}/documents" target="sink"><input name="kind" value="offer"></form>
<script>
f.submit();
const quiet = {{method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({{kind: "offer"}})}};
fetch("{origin}/documents", quiet)
  .then(() => fetch("{origin}/documents", {{credentials: "include"}}))
  .then(() => document.title = "page read", () => document.title = "refused");
</script>"""


def test_11_13_a_stranger_neither_reads_nor_frames_nor_changes_anything(
    named: Named, context: "BrowserContext", stranger: Stranger, desk: Desk
) -> None:
    page = context.new_page()
    page.goto(named.addresses.issue())
    page.wait_for_url("**/documents")
    answers: list[tuple[str, int]] = []
    stranger.page = ATTACK.format(origin=named.guard.origin)
    attack = context.new_page()
    attack.on("response", lambda answer: answers.append((answer.url, answer.status)))
    attack.goto(f"http://127.0.0.1:{stranger.port}/")
    expect(attack).to_have_title("refused")
    attack.wait_for_load_state("networkidle")
    ours = {status for url, status in answers if url.startswith(named.guard.origin)}
    assert ours == {403}
    assert sum(desk.store.counts(None).values()) == 0


def test_1_another_name_of_this_computer_shows_nothing(target: RunningDesk, context: "BrowserContext") -> None:
    answer = context.new_page().goto(f"http://localhost:{target.port}/documents")
    assert answer is not None
    assert answer.status == 421
