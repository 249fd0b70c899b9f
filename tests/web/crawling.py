"""Every page of a served desk: the addresses of all rules, the pictures' ones, and whatever these link to."""

import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask

from tools.screenshots import PICTURES, Picture
from tools.served_desks import Served

HUMAN = {"title", "aria-label", "aria-description", "aria-valuetext", "placeholder", "alt", "label", "data-label"}
_SILENT = {"script", "style", "kbd", "code"}
_NAMED = re.compile(r"\{(\w+)\}")
_SECTION = re.compile(r"/documents/([^/]+)/(?:sections|history)/")
_EMPTY = {"input", "meta", "link", "br", "col", "img", "hr", "use", "line"}


class Heard(HTMLParser):
    """What a page says to people, in its own language: texts and attributes; what is typed into fields is not heard."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language, self.texts, self.links = "", list[str](), list[str]()
        self._open: list[tuple[str, bool]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        silent = tag in _SILENT or given.get("lang", self.language) != self.language or self._is_silent
        self.texts += [] if silent else [text for name, text in attrs if name in HUMAN and text]
        if tag not in _EMPTY:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_silent:
            self.texts.append(data)

    @property
    def _is_silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]


class Visitor:
    """Asks a served desk."""

    def __init__(self, served: Served) -> None:
        self._guard, self._session = served.guard, served.guard.sessions.issue()
        self._line = HTTPConnection(urlsplit(served.guard.origin).netloc, timeout=30)

    def ask(self, address: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, type with the address that it leads to, and body."""
        headers = {"Cookie": f"{self._guard.cookie_name}={self._session}", "Sec-Fetch-Site": "same-origin"}
        headers |= {"Origin": self._guard.origin, "Content-Type": "application/x-www-form-urlencoded"}
        self._line.request("GET" if form is None else "POST", address, urlencode(form or {}), headers)
        answer = self._line.getresponse()
        body = answer.read().decode("utf-8", "replace")
        return answer.status, answer.headers.get("Location") or answer.headers.get_content_type(), body

    def close(self) -> None:
        """Give the connection back."""
        self._line.close()


def pages_of(served: Served, app: Flask, kind: str) -> Iterator[tuple[str, Heard]]:
    """Every page with its address, each once; those after a button of a picture was pressed too.

    The sections of a document and the states of its history are read where a picture shows that document: the others
    say the same.
    """
    shown = {
        served.documents[name] for picture in PICTURES for name in _NAMED.findall(picture.address) if served.documents
    }
    with closing(Visitor(served)) as visitor:
        waiting, seen = [*_beginnings(served, app, kind)], set[str]()
        while waiting:
            address = waiting.pop()
            section = _SECTION.match(address)
            if address in seen or address.startswith("/static") or (section and section[1] not in shown):
                continue
            seen.add(address)
            status, kind_or_place, body = visitor.ask(address)
            if 300 <= status < 400:
                waiting.append(urlsplit(kind_or_place)._replace(scheme="", netloc="", fragment="").geturl())
            elif kind_or_place == "text/html":
                heard = Heard(body)
                waiting += [_local(address, link) for link in heard.links if link.startswith(("/", "?"))]
                yield address, heard
        for picture in PICTURES:
            if picture.desk == kind and picture.press:
                yield picture.name, Heard(_pressed(visitor, picture))


def _beginnings(served: Served, app: Flask, kind: str) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= {"document"}:
            for document in served.documents.values() if rule.arguments else [""]:
                yield re.sub(r"<[^>]*>", document, rule.rule)
    yield from (picture.address.format(**served.documents) for picture in PICTURES if picture.desk == kind)


def _local(base: str, link: str) -> str:
    return urlsplit(urljoin(base, link))._replace(fragment="").geturl()


def _pressed(visitor: Visitor, picture: Picture) -> str:
    """The page after what the picture types was sent by the form of the page."""
    _, _, body = visitor.ask(picture.address)
    form = body.split("<main")[1].split("<form", 1)[1].split("</form>")[0]
    action = re.search(r'action="([^"]*)"', form)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    status, place, answer = visitor.ask(action[1] if action else picture.address, hidden | dict(picture.typed))
    return visitor.ask(place)[2] if 300 <= status < 400 else answer
