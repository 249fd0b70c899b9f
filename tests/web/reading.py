"""What a page says, read as a browser reads it: fields with their values, buttons, links, texts by id."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

_EMPTY = {"input", "meta", "link", "br", "col"}


@dataclass
class Reading:
    """One page or one set of fragments."""

    fields: dict[str, str] = field(default_factory=dict)  # the value by the name of the field
    locked: set[str] = field(default_factory=set)  # names of the fields that cannot be typed into
    described: dict[str, str] = field(default_factory=dict)  # the id of the description by the name of the field
    buttons: list[dict[str, str]] = field(default_factory=list)  # attributes, with the words as "text"
    links: dict[str, str] = field(default_factory=dict)  # the address by the words
    texts: dict[str, str] = field(default_factory=dict)  # the words by the id of their element
    targets: list[str] = field(default_factory=list)  # what a set of fragments swaps

    @property
    def words(self) -> list[str]:
        """The words on all buttons."""
        return [button["text"] for button in self.buttons]

    def problem_of(self, name: str) -> str:
        """What the page says is wrong with a field."""
        return " ".join(self.texts.get(each, "") for each in self.described.get(name, "").split()).strip()

    def button(self, words: str) -> dict[str, str]:
        """The one button with exactly these words."""
        found = [button for button in self.buttons if button["text"] == words]
        assert len(found) == 1, (words, self.words)
        return found[0]


def read(answer: TestResponse) -> Reading:
    """Read a page or fragments."""
    return read_text(answer.text)


def read_text(text: str) -> Reading:
    """Read the text of a page or of fragments."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Reading()
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "hx-partial":
            self.found.targets.append(given["hx-target"])
        if tag in {"input", "select"}:
            self._note_field(tag, given)
        if tag == "option" and self._select and ("selected" in given or self._select not in self.found.fields):
            self.found.fields[self._select] = given["value"]
        if tag not in _EMPTY:
            self._open.append((tag, given, []))

    def _note_field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        self._select = name if tag == "select" else ""
        if tag == "input" and (given.get("type") != "radio" or "checked" in given):
            self.found.fields[name] = given.get("value", "")
        if "disabled" in given:
            self.found.locked.add(name)
        if "aria-describedby" in given:
            self.found.described[name] = given["aria-describedby"]

    def handle_data(self, data: str) -> None:
        for _, _, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, given, words = self._open.pop()
            text = " ".join("".join(words).split())
            if given.get("id"):
                self.found.texts[given["id"]] = text
            if name == "button":
                self.found.buttons.append({**given, "text": text})
            if name == "a":
                self.found.links[text] = given.get("href", "")
            if name == tag:
                return
