"""Every page of the desk in every condition, and every section of every form: what the browser is led through."""

import json
from collections.abc import Iterator

from localapp.paths import components
from tools.screenshots import PICTURES, Picture

FILLED = {
    "offer": ("family", "wrong", "long_names", "empty_offer"),
    "illustration": ("illustration", "empty_illustration"),
}
"""By the kind of a form, the documents of the open desk whose sections are looked at."""

CHECKED = ("empty_offer", "empty_illustration")
"""Documents whose completion is asked for in vain: the summary of errors is shown."""


def _sections() -> Iterator[Picture]:
    """Each section of each form, with a document of each condition."""
    for path in sorted((components() / "forms").glob("*/*/form.json")):
        form = json.loads(path.read_text("utf-8"))
        for document in FILLED[form["kind"]]:
            for section in form["sections"]:
                address = f"/documents/{{{document}}}/sections/{section['id']}"
                yield Picture(f"{document}-{section['id']}", "open", address)


def _more() -> Iterator[Picture]:
    yield Picture("documents-long-name", "open", "/documents?selected={long_names}")
    yield Picture("documents-in-conflict", "open", "/documents?selected={conflict}")
    for document in CHECKED:
        yield Picture(f"{document}-checked", "open", f"/documents/{{{document}}}/sections/summary?check=1")


def _without_doubles(pictures: Iterator[Picture]) -> Iterator[Picture]:
    seen = {(picture.desk, picture.address) for picture in PICTURES}
    yield from (picture for picture in pictures if (picture.desk, picture.address) not in seen)


EVERY_PAGE = (*PICTURES, *_without_doubles(_sections()), *_more())
NOT_PAGES = {
    "static", "start", "information.favicon", "printing.pdf",  # no page
    "offer.start", "offer.completion",  # lead to a section
    "documents.toolbar", "printing.pages", "activation.progress", "synchronization.delivery",  # parts of a page
    "synchronization.progress", "synchronization.ruler", "tonight.body", "late.progress", "late.soon", "lock.state",
}  # fmt: skip
