"""A small server in the place of the desk, with what the desk has not yet: PDFs, downloads, pages that misbehave."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from localapp import server
from localapp.web.headers import new_nonce, security_headers
from localapp.window.process import Texts, Window
from tests.window.screens import until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Alena Nováková</title>{body}
<script nonce="{nonce}">{script}</script>"""
_OPENING = '<!doctype html><meta http-equiv="refresh" content="0;url=/page">'


@dataclass
class Played:
    """The pages of the server, and what came to it. ``script`` runs in the page; ``/said`` takes what it has to say."""

    script: str = ""
    body: str = "<h1>Příliš žluťoučký kůň</h1>"
    lang: str = "cs"
    guarded: bool = True  # false leaves the headers out that would refuse before the window does
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    origin: str = ""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer with the headers of the desk."""
        path = environ["PATH_INFO"]
        self.asked.append(path)
        nonce = new_nonce()
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if self.guarded:
            headers |= security_headers(nonce, page=True)
        if path == "/said":
            self.said.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode())
        if path in self.files:
            kind, disposition, content = self.files[path]
            headers |= {"Content-Type": kind} | ({"Content-Disposition": disposition} if disposition else {})
        else:
            text = _OPENING if path.startswith("/open/") else self._page(nonce)
            content = text.encode()
        start_response("200 OK", list(headers.items()))
        return [content]

    def _page(self, nonce: str) -> str:
        body = self.body.replace("{nonce}", nonce)
        return _PAGE.format(lang=self.lang, body=body, nonce=nonce, script=self.script)

    def await_said(self) -> str:
        """What the page says first."""
        return until(lambda: self.said, "the page to say something")[0]


@dataclass
class Told:
    """What the window told the desk, and what the desk answers to a wish to close."""

    question: Texts | None = None
    lost: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)

    def closing(self) -> Texts | None:
        """Asked before the window closes."""
        self.asked.set()
        return self.question


@contextmanager
def playing(played: Played) -> Iterator[Played]:
    """Serve until the end of the block."""
    listener = server.bind(0)
    played.origin = f"http://{server.choose_host()}:{listener.getsockname()[1]}"
    web = server.Server(listener, played)
    web.start()
    try:
        yield played
    finally:
        web.stop()


@contextmanager
def shown(played: Played, folder: Path, told: Told | None = None) -> Iterator[Window]:
    """A window on the played desk, once it has loaded."""
    told = told or Told()
    window = Window(folder, told.closing, told.closed.set, told.lost.append)
    with playing(played):
        window.start()
        try:
            window.open(f"{played.origin}/open/once")
            until(lambda: window.is_shown or told.lost, "the window")
            assert told.lost == []
            yield window
        finally:
            window.stop()


def pdf(text: str, colour: str = "1 0 1") -> bytes:
    """A PDF of one page: a large field of a colour, and a word."""
    drawing = f"{colour} rg 50 100 500 600 re f 0 g BT /F1 40 Tf 60 720 Td ({text}) Tj ET".encode("latin-1")
    parts: Mapping[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        4: b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    made = b"%PDF-1.4\n"
    places = []
    for number, part in parts.items():
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        made
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(made)
    )
