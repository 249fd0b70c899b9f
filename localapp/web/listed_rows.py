"""The rows of the list, each written once: a row is a function of its document, the language and the day.

The list is what an advisor opens most. Writing its 50 rows anew took two thirds of the answer's time (docs/bench.md).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from flask import current_app, g
from markupsafe import Markup, escape

from localapp import clock
from localapp.domain.lifecycle import Kind, Shelf, state
from localapp.store.records import DocumentRecord, ListedDocument
from localapp.web.wording import language

KEPT_ROWS = 2000


@dataclass(frozen=True)
class Marks:
    """Stand in a kept row for what each answer fills in. They are random, so that no typed text can hold one."""

    nonce: str
    asked: str


_MARKS = Marks(secrets.token_hex(16), secrets.token_hex(16))


def written(
    rows: Sequence[ListedDocument], shelf: Shelf | None, kind: Kind | None, selected: DocumentRecord | None
) -> Markup:
    """The rows as HTML: their links keep the filters, the selected one is marked."""
    lang, today = language(), clock.today()
    text = "".join([_row(row, lang, today) for row in rows])
    asked = urlencode({name: value for name, value in (("shelf", shelf), ("kind", kind)) if value is not None})
    text = text.replace(_MARKS.nonce, g.nonce).replace(_MARKS.asked, escape(f"&{asked}") if asked else "")
    if selected is not None:
        mark = f'id="d-{selected.id}"'
        text = text.replace(mark, f'{mark} aria-selected="true"')
    return Markup(text)  # noqa: S704 - rows come escaped from their template; the marks are filled with our own words


@lru_cache(maxsize=KEPT_ROWS)
def _row(row: ListedDocument, _lang: str, _today: date) -> str:
    template = current_app.jinja_env.get_template("documents/_row.html")
    return str(template.module.written(row, state(row.facts), _MARKS))  # type: ignore[attr-defined]
