"""Pages without styles and scripts, for readers without a session and for the time before the pages are ready.

In both languages, because nobody's choice is known. Standard library only: this is on the way to the first page.
"""

import html
import json
import string
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from localapp import paths
from localapp.domain.typography import typeset
from localapp.web.headers import new_nonce, security_headers

Response = tuple[str, list[tuple[str, str]], bytes]


@cache
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = json.loads(_read("texts/opening.json"))
    return texts


@cache
def _read(name: str) -> str:
    return (paths.root() / "templates" / name).read_text(encoding="utf-8")


def text(key: str, lang: str = "cs", **facts: Any) -> str:  # noqa: ANN401 - a fact is whatever the text shows
    """One text of the area ``opening``."""
    return typeset(_texts()[key][lang].format(**facts), lang)


def opening_page(cookie: str) -> Response:
    """The light page that hands over to the documents.

    It answers 200 and forwards by itself: after a redirect the browser would still count the next page as asked for by
    a stranger and keep the session from it.
    """
    return _response(200, _fill("opening/opening.html", "opening"), {"Set-Cookie": cookie})


def message_page(status: int, key: str, **facts: Any) -> Response:  # noqa: ANN401 - as in ``text``
    """A page that says what is wrong and the way on: ``<key>_title`` and ``<key>_text`` of the area ``opening``."""
    return _response(status, _fill("opening/message.html", key, **facts), {})


def _fill(template: str, key: str, **facts: Any) -> bytes:  # noqa: ANN401 - as in ``text``
    pieces = {
        f"{part}_{lang}": html.escape(text(f"{key}_{part}", lang, **facts))
        for part in ("title", "text")
        for lang in ("cs", "en")
    }
    return string.Template(_read(template)).substitute(pieces).encode()


def _response(status: int, body: bytes, more: Mapping[str, str]) -> Response:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        **security_headers(new_nonce()),
        **more,
    }
    return f"{status} {HTTPStatus(status).phrase}", list(headers.items()), body
