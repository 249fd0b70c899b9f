"""Every button of the pages of the pictures: pressed as the page stands, with its fields emptied, with nonsense."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask

from tests.web.crawling import Heard, Visitor
from tools.screenshots import PICTURES
from tools.served_desks import Served

NONSENSE = "§"
_NOT_TYPED = {"hidden", "radio", "checkbox", "submit"}
_LAST = (
    "documents.discard",
    "documents.cancel",
    "documents.delete",
    "offer.complete",
    "lock.now",
    "activation.restart",
)
"""What leaves less to press on, or leads elsewhere."""
_NOT_PRESSED = {"language.choose", "settings.save_look"}  # they choose the language


@dataclass
class Form:
    """One form with what it sends; ``typed`` are the fields that a person types into."""

    action: str
    sent: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    def variants(self) -> Iterator[dict[str, str]]:
        """What is sent: as the page stands, emptied, with nonsense."""
        yield self.sent
        for text in ("", NONSENSE) if self.typed else ():
            yield self.sent | dict.fromkeys(self.typed, text)


class _Forms(HTMLParser):
    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._address = address
        self._form: Form | None = None
        self._select = ""
        self._buttons: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._form, self._buttons = Form(given.get("action") or self._address), []
        elif self._form is not None:
            self._take(self._form, tag, given)

    def _take(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button" and ("formaction" in given or name):
            self._buttons.append((given.get("formaction", form.action), {name: value} if name else {}))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in form.sent):
            form.sent[self._select] = value
        elif tag == "input" and name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            form.sent[name] = value
            if given.get("type", "text") not in _NOT_TYPED:
                form.typed.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            form, self._form = self._form, None
            self.found += [form, *(Form(to, form.sent | more) for to, more in self._buttons)]
        if tag == "select":
            self._select = ""


def answers_of(served: Served, app: Flask, kind: str) -> Iterator[tuple[str, str, Heard]]:
    """What the desk answers to each press: the language it was asked in, the rule, the page."""
    with closing(Visitor(served)) as visitor:
        for rule, form in _forms_of(served, app, kind, visitor):
            for sent in form.variants():
                for language in ("cs", "en"):
                    visitor.ask("/language", {"language": language})
                    yield language, " ".join(rule), Heard(_answer(visitor, form.action, sent))


def _forms_of(served: Served, app: Flask, kind: str, visitor: Visitor) -> list[tuple[tuple[str, str], Form]]:
    """The first form of each rule."""
    forms: dict[tuple[str, str], Form] = {}
    for picture in PICTURES:
        address = picture.address.format(**served.documents) if picture.desk == kind else ""
        for form in _Forms(address, visitor.ask(address)[2]).found if address else ():
            forms.setdefault(_rule(app, form.action), form)
    pressed = [each for each in forms.items() if each[0][0] not in _NOT_PRESSED]
    return sorted(pressed, key=lambda each: _LAST.index(each[0][0]) if each[0][0] in _LAST else -1)


def _rule(app: Flask, address: str) -> tuple[str, str]:
    """The endpoint and what it is about, documents apart: a section is judged once, not once a document."""
    endpoint, values = app.url_map.bind("").match(urlsplit(address).path, "POST")
    return endpoint, " ".join(str(value) for name, value in values.items() if name != "document")


def _answer(visitor: Visitor, address: str, sent: dict[str, str]) -> str:
    status, place, body = visitor.ask(address, sent)
    for _ in range(3):
        if not 300 <= status < 400:
            break
        status, place, body = visitor.ask(urlsplit(place)._replace(scheme="", netloc="", fragment="").geturl())
    return body if place == "text/html" else ""
